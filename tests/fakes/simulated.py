"""A simulated terminal that is pressed without tickets, and what it promised."""

import json
import resource
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from tests.fakes.journals import everything
from wire.codec import decode
from wire.envelope import payload_of
from wire.records import Fault, Rating, Record

TERMINAL = str(Path(sysconfig.get_path("scripts")) / "hailong-terminal")
SETTINGS = """
[terminal]
id = "t-1"
counter = "Q1"
clock = "host"
data = "{data}"
[tickets]
without = "unbound"
"""


class Simulated:
    """The process, and each line that it printed after a commit.

    Args:
        folder: For its configuration and its log.
        data: Its data, perhaps on another disk.
    """

    def __init__(self, folder: Path, data: Path) -> None:
        self.config, self.log, self.data = folder / "terminal.toml", folder / "log", data
        self.config.write_text(SETTINGS.format(data=data))
        self.printed: list[dict[str, Any]] = []
        self.starts = 0
        self.process: subprocess.Popen[str] | None = None

    def start(self, file_limit: int | None = None) -> "Simulated":
        """Start it; ``file_limit`` in bytes is all that one file of it can hold."""

        def limit() -> None:
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, resource.RLIM_INFINITY))

        self.starts += 1
        words = [TERMINAL, "run", "--simulate", "--no-window", "--config", str(self.config)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
                preexec_fn=limit,
            )  # fmt: skip
        return self

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self.process is not None and self.process.poll() is None

    def lift(self) -> None:
        """Take the limit on its files away."""
        assert self.process is not None
        infinite = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, infinite)

    def press(self, choice: str = "satisfied") -> bool:
        """Press after a pause; return whether the press was printed. Restarts it if it died."""
        before = len(self.printed)
        self._say("advance 6", f"press {choice}")
        self.state()
        return len(self.printed) > before

    def advance(self, seconds: float) -> None:
        """Move its clock."""
        self._say(f"advance {seconds}")
        self.state()

    def state(self) -> dict[str, Any]:
        """Return the session's state; what is printed before is noted."""
        self._say("state")
        while True:
            assert self.process is not None
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            if not line:
                return {}
            said: dict[str, Any] = json.loads(line)
            if "state" in said:
                return said
            self.printed.append(said)

    def _say(self, *lines: str) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        try:
            self.process.stdin.write("".join(f"{line}\n" for line in lines))
            self.process.stdin.flush()
        except BrokenPipeError:
            pass

    def records(self) -> list[Record]:
        """Return all that its journal holds."""
        return [decode(payload_of(entry.token)) for entry in everything(self.data)]

    def ratings(self) -> int:
        """Return how many ratings its journal holds."""
        return sum(isinstance(record.body, Rating) for record in self.records())

    def faults(self) -> list[Fault]:
        """Return the faults that its journal tells of."""
        return [record.body for record in self.records() if isinstance(record.body, Fault)]

    def close(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
        assert "Traceback" not in self.log.read_text()
