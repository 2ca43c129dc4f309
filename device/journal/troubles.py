"""What the journal could not store: counted, and put on record as soon as it stores again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from device.ports import JournalError
from wire.records import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.view import Trouble
    from wire.records import Body

_PASSING = {"full", "taken"}
"""What goes by once there is room, or the other program has ended; the card is sound."""


class Troubles:
    """Counts refusals since the start.

    Attributes:
        counts: How often the journal refused, by kind of trouble.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._untold: Counter[str] = Counter()

    def refused(self, trouble: Trouble) -> None:
        """Note that the journal refused, and why."""
        self.counts[trouble] += 1
        self._untold[trouble] += 1

    def stored(self, append: Callable[[Body], object]) -> None:
        """The journal stored something: let it also store what was wrong, if anything was."""
        if not self._untold:
            return
        untold, self._untold = self._untold, Counter()
        told = ", ".join(f"{kind}: {count}" for kind, count in sorted(untold.items()))
        try:
            append(Fault("disk", told))
        except JournalError as error:
            self._untold = untold
            self.refused(error.trouble)

    def of_the_card(self) -> int:
        """Return how often the card itself refused: it was neither full nor another program's."""
        return sum(count for kind, count in self.counts.items() if kind not in _PASSING)

    def report(self) -> dict[str, Any]:
        """Return the figures for the health report."""
        return {"refused": dict(self.counts)}
