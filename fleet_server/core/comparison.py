"""Whether two shares differ, or could as well be chance.

1. A share of few says little: below `FEW` it is marked so.
2. A share of some is an estimate of how an office works. The interval (Wilson's, 95 of 100) says
   between what the true share would be.
3. Two shares of different people differ *within chance* if, were both the same in truth, a
   difference as large came up more often than 5 times in 100 (the test of two proportions).

Shares are a part and a whole; results are in per cent and in points of it.
"""

from dataclasses import dataclass
from math import sqrt

FEW = 30
"""Shares of fewer than so many are marked."""

_Z = 1.96


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counts."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        """The share in per cent; None of nothing."""
        return 100 * self.part / self.whole if self.whole else None

    @property
    def few(self) -> bool:
        """Whether it is a share of few (rule 1)."""
        return 0 < self.whole < FEW

    @property
    def interval(self) -> tuple[float, float] | None:
        """Between which shares in per cent the true one lies (rule 2)."""
        if not self.whole:
            return None
        n, p = self.whole, self.part / self.whole
        middle = (p + _Z * _Z / (2 * n)) / (1 + _Z * _Z / n)
        reach = _Z * sqrt(p * (1 - p) / n + _Z * _Z / (4 * n * n)) / (1 + _Z * _Z / n)
        return max(0.0, 100 * (middle - reach)), min(100.0, 100 * (middle + reach))


@dataclass(frozen=True, slots=True)
class Change:
    """By how many points a share is above another, and whether that is within chance."""

    points: float
    chance: bool


def change(now: Share, before: Share) -> Change | None:
    """Compare two shares (rule 3); None where one is of nothing."""
    if not now.whole or not before.whole:
        return None
    difference = now.part / now.whole - before.part / before.whole
    p = (now.part + before.part) / (now.whole + before.whole)
    deviation = sqrt(max(0.0, p * (1 - p)) * (1 / now.whole + 1 / before.whole))
    return Change(100 * difference, abs(difference) <= _Z * deviation)
