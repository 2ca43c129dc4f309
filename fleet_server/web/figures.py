"""Shares and targets from sums, and when a share of choices may be shown.

A page shows a whole and its parts. What is left out of the parts must not be found by taking those
shown away from the whole: it would tell the choice of one citizen, or of a few.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fleet_server.store.pages.sums import Sums

ENOUGH_RATINGS = 5
"""Shares of choices are shown from so many ratings on, so that no single choice can be read."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How many ratings of each choice."""

    very_satisfied: int = 0
    satisfied: int = 0
    unsatisfied: int = 0

    @classmethod
    def of(cls, sums: Sums) -> "Choices":
        """Take the choices out of sums."""
        return cls(sums.very_satisfied, sums.satisfied, sums.unsatisfied)

    @property
    def total(self) -> int:
        """All of them."""
        return self.very_satisfied + self.satisfied + self.unsatisfied

    def __add__(self, other: "Choices") -> "Choices":
        """Return both together."""
        return Choices(
            self.very_satisfied + other.very_satisfied,
            self.satisfied + other.satisfied,
            self.unsatisfied + other.unsatisfied,
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page says of a counter, a unit or the fleet over a time.

    Attributes:
        sums: the counts, live.
        choices: the choices that may be shown, which can lag behind ``sums.rated``.
    """

    sums: Sums
    choices: Choices

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(self.sums + other.sums, self.choices + other.choices)

    @property
    def rated(self) -> int:
        """Visits with a standing rating, also those that are still open: moves at each press."""
        return max(self.sums.rated, Choices.of(self.sums).total)

    @property
    def open(self) -> int:
        """Of those, the visits that are not served yet and so don't count for participation."""
        return self.rated - self.sums.rated

    @property
    def participation(self) -> float | None:
        """Rated visits in per cent of served visits; None where nobody was served."""
        return share(self.sums.rated, self.sums.served)

    @property
    def shown(self) -> Choices | None:
        """The choices, or None while they are too few to be shown."""
        return self.choices if self.choices.total >= ENOUGH_RATINGS else None

    @property
    def satisfaction(self) -> float | None:
        """Satisfied or better in per cent of the ratings shown."""
        if self.shown is None:
            return None
        return share(self.choices.very_satisfied + self.choices.satisfied, self.choices.total)

    @property
    def unrated(self) -> int:
        """Served visits without a rating."""
        return max(0, self.sums.served - self.sums.rated)


def together(parts: Iterable[Figures]) -> Figures:
    """Return the sum of counters, with the choices of those that show theirs."""
    held = list(parts)
    choices = sum((one.shown for one in held if one.shown is not None), Choices())
    return replace(sum(held, NOTHING), choices=choices)


def beside(whole: Choices, parts: Sequence[Choices]) -> list[Choices]:
    """Return the hours of a day as they may be shown beside it.

    None that has too few; and where the rest of the day would be too few, one more is left out.
    """
    shown = [one if one.total >= ENOUGH_RATINGS else Choices() for one in parts]
    while any(one.total for one in shown):
        rest = abs(whole.total - sum(one.total for one in shown))
        if rest == 0 or rest >= ENOUGH_RATINGS:
            break
        least = min((one for one in shown if one.total), key=lambda one: one.total)
        shown[shown.index(least)] = Choices()
    return shown


def share(part: int, whole: int) -> float | None:
    """Return a share in per cent, at most 100; None of nothing."""
    return min(100.0, 100 * part / whole) if whole else None


NOTHING = Figures(Sums(), Choices())
