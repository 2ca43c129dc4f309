"""How far work is that takes more than two seconds: a line on standard error that is drawn anew."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

_WIDTH = 30
_MEGA = 1_000_000
_AGAIN = 0.5
"""Seconds between two drawings of a step of unknown length."""


class _Line:
    """The line itself: it moves in a terminal window; a file gets its last word alone."""

    def __init__(self) -> None:
        self.moves = sys.stderr.isatty()
        self._open = False

    def draw(self, text: str) -> None:
        """Draw over what stood there."""
        if self.moves:
            self._open = True
            print(f"\r{text}\033[K", end="", file=sys.stderr, flush=True)  # noqa: T201 - it tells

    def leave(self) -> None:
        """Go to the next line, if anything was drawn."""
        if self._open:
            self._open = False
            print(file=sys.stderr)  # noqa: T201 - it tells

    def say(self, text: str) -> None:
        """Leave a line that stays, in a file too."""
        start = "\r\033[K" if self.moves else ""
        self._open = False
        print(f"{start}{text}", file=sys.stderr, flush=True)  # noqa: T201 - it tells


class Bar:
    """How much is done, in whatever unit is counted."""

    def __init__(self, total: int = 0) -> None:
        """Begin; ``total`` is how much there is to do, in the unit that `move` counts."""
        self._line = _Line()
        self._total = max(1, total)
        self._done = 0
        self._drawn = -1

    def expect(self, total: int) -> None:
        """Learn how much there is to do."""
        self._total = max(1, total)

    def move(self, count: int) -> None:
        """Go on by so much; draws each hundredth once."""
        self._done += count
        cent = min(100, 100 * self._done // self._total)
        if cent != self._drawn:
            self._drawn = cent
            self._line.draw(_bar(cent / 100))

    def end(self) -> None:
        """Leave the line."""
        self._line.leave()


class Progress:
    """Steps that move many bytes: share, rate, and time left."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Begin with nothing to show; ``clock`` tells seconds that only go forward."""
        self._clock = clock
        self._line = _Line()
        self._what = ""
        self._total = 1
        self._done = 0
        self._began = self._drawn = 0.0

    def __enter__(self) -> Self:
        """Show steps; afterwards the line is left whatever happened."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the line of a step that was broken off."""
        self._line.leave()

    def begin(self, what: str, total: int) -> None:
        """Begin a step of ``total`` bytes, and call it ``what``."""
        self._what, self._total, self._done = what, max(1, total), 0
        self._began = self._drawn = self._clock()

    def move(self, count: int) -> None:
        """Go on by ``count`` bytes; draws five times a second at most."""
        self._done += count
        now = self._clock()
        if now - self._drawn >= 0.2:
            self._drawn = now
            self._draw(now)

    def end(self) -> None:
        """Show the step as done, with its mean rate, and leave the line."""
        self._draw(self._clock())
        self._line.leave()

    def _draw(self, now: float) -> None:
        self._line.draw(status(self._what, self._done, self._total, now - self._began))


class Steps:
    """Steps whose length nobody knows beforehand: each is measured against its last time.

    Those times are kept in the file ``kept``; ``clock`` tells seconds.
    """

    def __init__(self, kept: Path, clock: Callable[[], float]) -> None:
        self._kept, self._clock = kept, clock
        self._usual = _read(kept)
        self._line = _Line()

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
        self._line.say(f"{what:<34} {took:6.1f} s")

    def _draw(self, what: str, began: float, over: threading.Event) -> None:
        while self._line.moves and not over.wait(_AGAIN):
            self._line.draw(guess(what, self._clock() - began, self._usual.get(what)))


def status(what: str, done: int, total: int, seconds: float) -> str:
    """Return the line that tells how far ``what`` is: bytes done of a total, after ``seconds``."""
    share = min(1.0, done / total)
    line = f"{what:<13} {_bar(share)}"
    if seconds <= 0 or not done:
        return line
    rate = done / seconds
    left = "" if share == 1.0 else f"  {_duration((total - done) / rate)} left"
    return f"{line}  {rate / _MEGA:.1f} MB/s{left}"


def guess(what: str, seconds: float, usual: float | None) -> str:
    """Return the line of a step that runs for ``seconds``: against its usual time, if known."""
    line = f"{what:<34} {seconds:6.0f} s"
    if not usual:
        return line
    # Held below its end: the last time is a guess.
    return f"{line} {_bar(min(0.99, seconds / usual))} of about {usual:.0f} s"


def _bar(share: float) -> str:
    return f"[{'#' * int(_WIDTH * share):<{_WIDTH}}] {int(100 * share):3} %"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02} s" if whole >= 60 else f"{whole} s"


def _read(kept: Path) -> dict[str, float]:
    try:
        times = json.loads(kept.read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): float(seconds) for name, seconds in times.items()}
