"""Child processes of a test: started with a log file, always ended."""

import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

from tests.fakes.wait import eventually

FLEET = str(Path(sysconfig.get_path("scripts")) / "hailong-fleet")
PROVISION = str(Path(sysconfig.get_path("scripts")) / "hailong-provision")
PYTHON = sys.executable


class Process:
    """A running program whose output goes to a file; ``with`` ends it whatever happens."""

    def __init__(self, command: Sequence[str], log: Path, env: dict[str, str] | None = None):
        log.parent.mkdir(parents=True, exist_ok=True)
        self.command, self.log = list(command), log
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._before = 0

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def start(self) -> "Process":
        """Start the program; what it printed before stays in the log."""
        self._before = len(self.output())
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env
            )
        return self

    @property
    def pid(self) -> int:
        """The process id of the running program."""
        assert self._process is not None, "not started"
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the program has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    def output(self) -> str:
        """Return all that the program has printed."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for(self, text: str, times: int = 1, timeout_s: float = 20) -> None:
        """Wait until the program has printed a text so many times since it was last started."""

        def seen() -> bool:
            assert self.running, f"{self.command} ended:\n{self.output()}"
            return self.output().count(text, self._before) >= times

        eventually(seen, timeout_s, f"{text!r} from {self.command[:2]}")

    def send(self, number: int) -> None:
        """Send a signal."""
        os.kill(self.pid, number)

    def stop(self, number: int = signal.SIGTERM, timeout_s: float = 15) -> int | None:
        """End the program and return its exit code; SIGKILL when it does not listen."""
        if self._process is None:
            return None
        if self._process.poll() is None:
            self._process.send_signal(number)
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        return self._process.returncode

    def kill(self) -> None:
        """End the program with no chance to tidy up."""
        self.stop(signal.SIGKILL)


def run(
    *command: str | Path, check: bool = True, **more: object
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it printed, as text."""
    result = subprocess.run(  # type: ignore[call-overload]
        [str(part) for part in command], capture_output=True, text=True, timeout=60, **more
    )
    if check:
        assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result  # type: ignore[no-any-return]
