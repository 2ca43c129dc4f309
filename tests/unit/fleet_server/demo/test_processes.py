"""The demo's processes end together, also when the demo is killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fleet_server.demo.ports import free_ports
from fleet_server.demo.processes import Processes, WindowClosedError
from fleet_server.errors import FleetError
from tests.fakes.wait import eventually

SLEEPER = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
    "print('up', flush=True)\n"
    "while True: signal.pause()\n",
]


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    some = Processes(tmp_path / "logs")
    yield some
    some.stop(timeout_s=1)


def family(pid: int) -> list[psutil.Process]:
    leader = psutil.Process(pid)
    return [leader, *leader.children(recursive=True)]


def none_left(members: list[psutil.Process]) -> bool:
    return not any(one.is_running() and one.status() != "zombie" for one in members)


def test_a_process_that_ignores_the_word_is_killed_with_its_children(processes: Processes) -> None:
    child = processes.start("stubborn", STUBBORN, talks=True)
    assert child.process.stdout is not None
    with child.process.stdout as said:
        assert said.readline() == "up\n"
    members = family(child.process.pid)
    assert len(members) == 2
    processes.stop(timeout_s=0.2)
    eventually(lambda: none_left(members), 5, "no process left")


def test_a_process_that_ended_by_itself_is_named_with_its_last_words(processes: Processes) -> None:
    child = processes.start("hasty", [sys.executable, "-c", "raise SystemExit('no room')"])
    child.process.wait(10)
    with pytest.raises(FleetError, match=r"hasty ended by itself \(1\):\n +no room"):
        processes.check()


def test_a_window_that_a_person_closes_ends_the_demo_without_complaint(
    processes: Processes,
) -> None:
    child = processes.start("terminal", [sys.executable, "-c", ""])
    child.window = True
    child.process.wait(10)
    with pytest.raises(WindowClosedError):
        processes.check()


def test_waiting_in_vain_says_what_for(processes: Processes) -> None:
    with pytest.raises(FleetError, match=r"the tide did not come within 0\.1 s"):
        processes.wait_for("the tide", lambda: False, 0.1)


def test_a_killed_demo_leaves_no_process(tmp_path: Path) -> None:
    source = (
        "import sys, pathlib\n"
        "from fleet_server.demo.processes import Processes\n"
        f"child = Processes(pathlib.Path({str(tmp_path)!r})).start('c', {SLEEPER!r}, talks=True)\n"
        "child.process.stdout.readline()\n"
        "print(child.process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        members = family(int(demo.stdout.readline()))
        os.kill(demo.pid, signal.SIGKILL)
        eventually(lambda: none_left(members), 5, "no process left")


def test_free_ports_are_different() -> None:
    assert len(set(free_ports(20))) == 20
