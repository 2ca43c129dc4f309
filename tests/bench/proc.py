"""What the kernel knows of a running process: time on a core, wake-ups, memory."""

import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """What a process and its threads have used so far: nanoseconds on a core, times it woke."""

    cpu_ns: int
    wakes: int
    at: float

    @classmethod
    def of(cls, pid: int) -> "Spent":
        """Read it now."""
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        cpu = sum(int((task / "schedstat").read_text().split()[0]) for task in tasks)
        return cls(cpu, sum(_wakes(task / "status") for task in tasks), time.monotonic())


@dataclass(frozen=True)
class Rest:
    """How a process rests: its share of a core, and how often it wakes in a second."""

    name: str
    share: float
    wakes: float

    @classmethod
    def between(cls, name: str, before: Spent, after: Spent) -> "Rest":
        """Work it out from two readings."""
        seconds = after.at - before.at
        cpu = (after.cpu_ns - before.cpu_ns) / 1e9
        return cls(name, cpu / seconds, (after.wakes - before.wakes) / seconds)

    def __str__(self) -> str:
        """Return the figures."""
        return f"{self.name:<44} {self.share:8.3%} of a core   {self.wakes:6.1f} wake-ups/s"


def rests(names: Sequence[str], pids: Sequence[int], seconds: float) -> list[Rest]:
    """Watch several processes at rest at the same time."""
    before = [Spent.of(pid) for pid in pids]
    time.sleep(seconds)
    after = [Spent.of(pid) for pid in pids]
    return [Rest.between(*three) for three in zip(names, before, after, strict=True)]


def pss_mib(pid: int) -> float:
    """Return a process' share of memory, with what it shares divided among the sharers; MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def sleeper(every_s: float) -> "subprocess.Popen[bytes]":
    """Start a bare interpreter that does nothing but wake from select now and then."""
    program = f"import select\nwhile True: select.select([], [], [], {every_s})"
    return subprocess.Popen([sys.executable, "-c", program])


def holder(imports: Sequence[str]) -> "subprocess.Popen[bytes]":
    """Start a bare interpreter that imports these and then waits; return when it has them."""
    program = (
        "import contextlib, importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    with contextlib.suppress(Exception): importlib.import_module(name)\n"
        "print(flush=True)\n"
        "sys.stdin.read()"
    )
    words = [sys.executable, "-c", program, *imports]
    holding = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holding.stdout is not None
    holding.stdout.readline()
    return holding


def foreign_imports(*ours: str) -> list[str]:
    """Return what these modules of ours import that is not ours, in the order of importing."""
    program = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(*(m for m in sys.modules if m.split('.')[0] not in ('device', 'wire', '__main__')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *ours], check=True, capture_output=True, text=True
    )
    return done.stdout.splitlines()[-1].split()


def _wakes(status: Path) -> int:
    for line in status.read_text().splitlines():
        if line.startswith("voluntary_ctxt_switches"):
            return int(line.split()[1])
    return 0
