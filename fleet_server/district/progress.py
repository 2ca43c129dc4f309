"""A bar for what takes minutes."""

from collections.abc import Callable

from fleet_server.demo.show import StatusLine

WIDTH = 30


class Progress:
    """Shows how many days are done, and how long the rest will take.

    Args:
        what: what is going on.
        clock: returns seconds that never go back.
    """

    def __init__(self, what: str, clock: Callable[[], float]) -> None:
        self._what, self._clock = what, clock
        self._began = clock()
        self._first: int | None = None
        self._line = StatusLine()

    def moved(self, done: int, total: int) -> None:
        """Show that so many of all days are done."""
        first = self._first = done - 1 if self._first is None else self._first
        share = (done - first) / max(1, total - first)
        spent = self._clock() - self._began
        left = int(spent / share - spent)
        bar = "#" * int(WIDTH * share) + "." * (WIDTH - int(WIDTH * share))
        self._line.show(
            f"{self._what} [{bar}] day {done} of {total}, {left // 60}:{left % 60:02d} left"
        )

    def end(self) -> None:
        """Leave the line standing."""
        self._line.end()
