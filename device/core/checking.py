"""Which records the daily check looks at, and how much of it at a time. Pure.

Every day the newest records, and one of `SLICES` parts of all. Which part, the date says: nothing
need be remembered, also where a terminal is switched off every night. Ten parts and seven days of
a week have no common divisor, so a part that falls on a closed Sunday comes on a Wednesday.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from device.core.pruning import DAY_MS

TAIL = 1_000
SLICES = 10
BEGIN_AFTER_MS = 60_000
"""After the start: what is shown first should not wait for this."""
EVERY_MS = 250
"""Between two steps."""
BUDGET_MS = 4
"""How long a step may last; a press waits no longer than that."""


@dataclass(frozen=True, slots=True)
class Round:
    """A day's check under way.

    Attributes:
        day: Which; days since 1970.
        parts: What is still to be checked: first and last number in the order of writing.
        records: How many were checked.
    """

    day: int
    parts: tuple[tuple[int, int], ...]
    records: int = 0

    @property
    def over(self) -> bool:
        """True when all was checked."""
        return not self.parts

    def after(self, next_: int | None, records: int) -> Round:
        """Return what is left when ``records`` more were checked, up to ``next_`` of this part.

        Args:
            next_: The number to go on with, None at the end of the part.
            records: How many were checked.
        """
        (_, last), *rest = self.parts
        parts = tuple(rest) if next_ is None else ((next_, last), *rest)
        return replace(self, parts=parts, records=self.records + records)


def begin(wall: int, newest: int) -> Round:
    """Return the check of the day of ``wall`` (Unix ms) over records number 1 to ``newest``."""
    day = wall // DAY_MS
    part = day % SLICES
    tail = (max(1, newest - TAIL + 1), newest)
    slice_ = (newest * part // SLICES + 1, newest * (part + 1) // SLICES)
    return Round(day, tuple(each for each in (tail, slice_) if each[0] <= each[1]))


def is_due(wall: int, last_day: int | None) -> bool:
    """Say whether a check should begin at ``wall`` (Unix ms)."""
    return wall // DAY_MS != last_day
