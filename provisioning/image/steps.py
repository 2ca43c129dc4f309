"""What the build is doing: a line for each step with its time; in a terminal window it moves.

How long a step takes isn't known beforehand, but it was seen the last time: those times are kept
beside the base, and the bar counts against them.
"""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_WIDTH = 30
_AGAIN = 0.5
"""Seconds between two drawings of the bar."""


class Steps:
    """Tells on standard error which step runs; times come from ``clock``, in seconds."""

    def __init__(self, kept: Path, clock: Callable[[], float]) -> None:
        self._kept, self._clock = kept, clock
        self._usual = _read(kept)
        self._moves = sys.stderr.isatty()

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Tell of one step while it runs, and of its time when it is done."""
        began = self._clock()
        over = threading.Event()
        drawer = threading.Thread(target=self._draw, args=(what, began, over), daemon=True)
        drawer.start()
        try:
            yield
        finally:
            over.set()
            drawer.join()
        took = self._clock() - began
        self._usual[what] = took
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.write_text(json.dumps(self._usual))
        self._say(f"{what:<34} {took:6.1f} s\n")

    def _draw(self, what: str, began: float, over: threading.Event) -> None:
        while self._moves and not over.wait(_AGAIN):
            self._say(line(what, self._clock() - began, self._usual.get(what)))

    def _say(self, text: str) -> None:
        start = "\r\033[K" if self._moves else ""
        print(f"{start}{text}", end="", file=sys.stderr, flush=True)  # noqa: T201 - it tells


def line(what: str, seconds: float, usual: float | None) -> str:
    """Return the moving line: a bar against the usual time, if that is known."""
    if not usual:
        return f"{what:<34} {seconds:6.0f} s"
    # Held below its end: the last time is a guess.
    share = min(0.99, seconds / usual)
    bar = "#" * int(_WIDTH * share)
    return f"{what:<34} {seconds:6.0f} s [{bar:<{_WIDTH}}] of about {usual:.0f} s"


def _read(kept: Path) -> dict[str, float]:
    try:
        times = json.loads(kept.read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): float(seconds) for name, seconds in times.items()}
