"""How far a step is that moves many bytes: share, rate, and time left."""

import sys
from collections.abc import Callable
from typing import Self

_WIDTH = 30
_MEGA = 1_000_000


class Progress:
    """A line on standard error, where that is a terminal window; elsewhere nothing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with nothing to show; ``clock`` tells seconds that only go forward."""
        self._clock = clock
        self._shown = sys.stderr.isatty()
        self._what = ""
        self._total = 1
        self._done = 0
        self._began = self._drawn = 0.0
        self._open = False

    def __enter__(self) -> Self:
        """Show steps; afterwards the line is left whatever happened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the line of a step that was broken off."""
        self._leave()

    def begin(self, what: str, total: int) -> None:
        """Begin a step of ``total`` bytes, and call it ``what``."""
        self._what, self._total, self._done = what, max(1, total), 0
        self._began = self._drawn = self._clock()

    def move(self, count: int) -> None:
        """Go on by ``count`` bytes; draws five times a second at most."""
        self._done += count
        now = self._clock()
        if self._shown and now - self._drawn >= 0.2:
            self._drawn = now
            self._draw(now)

    def end(self) -> None:
        """Show the step as done, with its mean rate, and leave the line."""
        if self._shown:
            self._draw(self._clock())
            self._leave()

    def _leave(self) -> None:
        if self._open:
            self._open = False
            print(file=sys.stderr)  # noqa: T201  # what commands show

    def _draw(self, now: float) -> None:
        self._open = True
        line = status(self._what, self._done, self._total, now - self._began)
        print(f"\r{line}\033[K", end="", file=sys.stderr, flush=True)  # noqa: T201  # what commands show


def status(what: str, done: int, total: int, seconds: float) -> str:
    """Return the line that tells how far ``what`` is: bytes done of a total, after ``seconds``."""
    share = min(1.0, done / total)
    bar = "#" * int(_WIDTH * share)
    line = f"{what:<13} [{bar:<{_WIDTH}}] {int(100 * share):3} %"
    if seconds <= 0 or not done:
        return line
    rate = done / seconds
    left = "" if share == 1.0 else f"  {_duration((total - done) / rate)} left"
    return f"{line}  {rate / _MEGA:.1f} MB/s{left}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"
