"""The demo on real processes: it counts, and it leaves nothing behind."""

import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.fakes.wait import eventually

FLEET = str(Path(sys.executable).with_name("hailong-fleet"))
MARK = "HAILONG_TEST_MARK"
SUMS = re.compile(r"presses made (\d+), ratings held (\d+), waiting (\d+), lost (\d+)$", re.M)

pytestmark = pytest.mark.timeout(180)


def _hear_ctrl_c() -> None:
    """Undo what a shell does to whatever it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class RunningDemo:
    """A demo whose processes are known by a mark in their environment."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.mark = uuid.uuid4().hex
        self.log = folder / "demo.log"
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        env = {**os.environ, MARK: self.mark, "TMPDIR": str(self.temporary)}
        env.pop("DISPLAY", None)
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [FLEET, "demo", *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=env, preexec_fn=_hear_ctrl_c,
            )  # fmt: skip

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def members(self) -> list[psutil.Process]:
        """Find every process that was started for this demo, the demo's own too."""
        found = []
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if one.environ().get(MARK) == self.mark and one.status() != "zombie":
                    found.append(one)
        return found

    def wait_for(self, words: str) -> None:
        def has_come() -> bool:
            assert self.process.poll() is None, self.said
            return words in self.said

        eventually(has_come, 90, f"{words!r} in what the demo says")

    def nothing_is_left(self) -> None:
        eventually(lambda: not self.members(), 15, "no process left")


@contextmanager
def running_demo(folder: Path, *options: str) -> Iterator[RunningDemo]:
    demo = RunningDemo(folder, *options)
    try:
        yield demo
    finally:
        for one in demo.members():
            with suppress(psutil.Error):
                one.kill()
        demo.process.wait(10)


def test_a_demo_of_some_seconds_counts_what_was_pressed_and_loses_nothing(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--seconds", "12") as demo:
        assert demo.process.wait(150) == 0, demo.said
        sums = SUMS.findall(demo.said)
        assert sums, demo.said
        made, held, waiting, lost = (int(figure) for figure in sums[-1])
        assert made > 0
        assert (held, waiting, lost) == (made, 0, 0)
        assert re.search(r"Pages +http://127\.0\.0\.1:\d+/", demo.said)
        assert demo.members() == []
        assert list(demo.temporary.iterdir()) == []


def test_ctrl_c_ends_a_demo_and_everything_that_it_started(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.wait_for("It ends")
        assert len(demo.members()) > 15
        demo.process.send_signal(signal.SIGINT)
        assert demo.process.wait(90) == 0, demo.said
        demo.nothing_is_left()
        assert list(demo.temporary.iterdir()) == []


def test_a_demo_that_is_killed_leaves_no_process(tmp_path: Path) -> None:
    with running_demo(tmp_path) as demo:
        demo.wait_for("Enrolling")
        demo.process.kill()
        demo.nothing_is_left()


def test_a_number_of_seconds_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with running_demo(tmp_path, "--seconds", "soon") as demo:
        assert demo.process.wait(20) == 2
        assert "must be 1 to 86400 seconds, not 'soon'" in demo.said
