"""The demo's processes: each in a group of its own, each with a log, all ended together."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import IO

from fleet_server import clock
from fleet_server.errors import FleetError
from fleet_server.leash import leashed

POLL_S = 0.05
TAIL_LINES = 12


def program(name: str) -> str:
    """Return the path of a program of this environment, such as ``hailong-terminal``."""
    return str(Path(sys.executable).with_name(name))


class WindowClosedError(Exception):
    """Somebody closed the window of the first terminal: the demo is over."""


@dataclass(slots=True)
class Child:
    """A running process of the demo.

    Attributes:
        name: what the demo calls it.
        process: the process itself; its id is also its group's.
        log: the file that its errors go to.
        window: it shows a window, which a person may close.
    """

    name: str
    process: subprocess.Popen[str]
    log: Path
    window: bool = False

    def last_words(self) -> str:
        """Return the end of its log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:])

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and to all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


class Processes:
    """Starts, watches and ends the demo's processes.

    Start them from the main thread: the kernel's leash hangs on the thread that starts.

    Args:
        logs: folder for one log file per process.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: list[Child] = []
        self.stopping = Event()
        logs.mkdir(parents=True, exist_ok=True)

    def start(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str] | None = None,
        *,
        talks: bool = False,
    ) -> Child:
        """Start a process; with ``talks`` its input and output are pipes."""
        log = self._logs / f"{name.replace(' ', '-')}.log"
        with log.open("a", encoding="utf-8") as errors:
            process = subprocess.Popen(
                leashed(command),
                stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else errors,
                stderr=errors,
                env={**os.environ, **(env or {})},
                start_new_session=True,
                encoding="utf-8",
                bufsize=1,
            )
        child = Child(name, process, log)
        self._children.append(child)
        return child

    def check(self) -> None:
        """Complain if a process has ended by itself.

        Raises:
            FleetError: with its name and the end of its log.
            WindowClosedError: a person ended it.
        """
        for child in self._children:
            code = child.process.poll()
            if code == 0 and child.window:
                raise WindowClosedError
            if code is not None:
                raise FleetError(f"{child.name} ended by itself ({code}):\n{child.last_words()}")

    def wait_for(self, what: str, condition: Callable[[], bool], timeout_s: float) -> None:
        """Wait until a condition is true.

        Raises:
            FleetError: it did not come true in time, or a process ended meanwhile.
        """
        deadline = clock.monotonic_s() + timeout_s
        while not condition():
            self.check()
            if clock.monotonic_s() > deadline:
                raise FleetError(f"{what} did not come within {timeout_s:g} s")
            self.stopping.wait(POLL_S)

    def stop(self, timeout_s: float = 8.0) -> None:
        """End every process, the youngest asked first, and kill what does not obey."""
        self.stopping.set()
        for child in reversed(self._children):
            child.signal_group(signal.SIGTERM)
        deadline = clock.monotonic_s() + timeout_s
        for child in reversed(self._children):
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - clock.monotonic_s()))
            child.signal_group(signal.SIGKILL)
            child.process.wait()
            close(child.process.stdin)
        self._children.clear()


def close(pipe: IO[str] | None) -> None:
    """Close a pipe whose other end may have gone."""
    if pipe is not None:
        with contextlib.suppress(OSError):
            pipe.close()
