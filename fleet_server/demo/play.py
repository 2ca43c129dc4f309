"""One run of the demo from beginning to end, whatever signal comes: 0 when nothing was lost."""

import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from fleet_server.demo.demo import Demo
from fleet_server.demo.processes import WindowClosedError
from fleet_server.demo.show import say


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the demo as Ctrl-C does."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(seconds: float | None, *, keep: bool) -> int:
    """Run the demo and return the exit code: 0 when nothing was lost.

    Args:
        seconds: how long citizens press; None goes on until somebody ends it.
        keep: leave the folder with all files and logs behind.
    """
    folder = Path(tempfile.mkdtemp(prefix="hailong-demo-"))
    demo = Demo(folder)
    good = False
    with ended_by_signals():
        try:
            good = play(demo, seconds)
        except (KeyboardInterrupt, WindowClosedError):
            say("\nEnding everything")
            good = True
        finally:
            shielded(demo.tidy)
            if good and not keep:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                say(f"What was made and logged is in {folder}")
    return 0 if good else 1


def play(demo: Demo, seconds: float | None) -> bool:
    """Run the demo's parts in their order, and say whether nothing was lost."""
    demo.set_up()
    demo.introduce(seconds)
    demo.run(seconds)
    demo.drain()
    sums = demo.sums(ended=True)
    say(str(sums))
    return sums.good


def shielded(work: Callable[[], None]) -> None:
    """Do a piece of work to its end, whatever signal comes meanwhile."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    try:
        work()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
