"""How far a command is that may take longer than two seconds."""

import sys

_WIDTH = 40


class Bar:
    """A bar on standard error, where that is a terminal window."""

    def __init__(self, total: int = 0) -> None:
        """Begin; ``total`` is how much there is to do, in whatever unit `move` counts."""
        self._total = max(1, total)
        self._done = 0
        self._drawn = -1
        self._shown = sys.stderr.isatty()

    def expect(self, total: int) -> None:
        """Learn how much there is to do."""
        self._total = max(1, total)

    def move(self, count: int) -> None:
        """Go on by so much."""
        self._done += count
        cent = min(100, 100 * self._done // self._total)
        if self._shown and cent != self._drawn:
            self._drawn = cent
            full = "#" * (_WIDTH * cent // 100)
            print(f"\r[{full:<{_WIDTH}}] {cent:3} %", end="", file=sys.stderr, flush=True)  # noqa: T201  # what commands show

    def end(self) -> None:
        """Leave the line."""
        if self._shown and self._drawn >= 0:
            print(file=sys.stderr)  # noqa: T201  # what commands show
