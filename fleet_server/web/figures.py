"""Shares and targets from sums. What may be told of choices, `fleet_server.core.choices` says."""

from collections.abc import Iterable
from dataclasses import dataclass

from fleet_server.core.choices import ENOUGH_RATINGS, Choices
from fleet_server.core.comparison import Share
from fleet_server.core.participation import Counts
from fleet_server.core.targets import Goal


@dataclass(frozen=True, slots=True)
class Figures:
    """What a page says of a counter, a unit or the fleet over a time.

    Attributes:
        sums: the counts, live.
        choices: the choices that may be shown, which can lag behind ``sums.rated``.
        asked: the served, each times the per cent of them that should have rated.
        liked: the choices shown, each times the per cent of them that should be satisfied.
        goal: the target where nobody was served.
    """

    sums: Counts
    choices: Choices
    asked: int = 0
    liked: int = 0
    goal: Goal | None = None

    @classmethod
    def under(cls, sums: Counts, choices: Choices, goal: Goal) -> "Figures":
        """Return figures that one target holds for."""
        asked, liked = sums.served * goal.participation, choices.total * goal.satisfaction
        return cls(sums, choices, asked, liked, goal)

    def __add__(self, other: "Figures") -> "Figures":
        """Return both together."""
        return Figures(
            self.sums + other.sums,
            self.choices + other.choices,
            self.asked + other.asked,
            self.liked + other.liked,
            self.goal or other.goal,
        )

    @property
    def participation_target(self) -> float | None:
        """The per cent of the served that should have rated; each day's target by its people."""
        if self.sums.served:
            return _plain(self.asked / self.sums.served)
        return self.goal.participation if self.goal else None

    @property
    def satisfaction_target(self) -> float | None:
        """The per cent of the choices shown that should be satisfied."""
        if self.choices.total:
            return _plain(self.liked / self.choices.total)
        return self.goal.satisfaction if self.goal else None

    @property
    def asks_too_few(self) -> bool:
        """Whether participation is under its target."""
        return min(self.sums.rated, self.sums.served) * 100 < self.asked

    @property
    def pleases_too_few(self) -> bool:
        """Whether satisfaction is under its target."""
        return self.shown is not None and self.satisfied.part * 100 < self.liked

    @property
    def rated_share(self) -> Share:
        """Participation as counts."""
        return Share(min(self.sums.rated, self.sums.served), self.sums.served)

    @property
    def satisfied(self) -> Share:
        """Satisfaction as counts, of the choices shown; of nothing while they are too few."""
        held = self.shown or Choices()
        return Share(held.very_satisfied + held.satisfied, held.total)

    @property
    def rated(self) -> int:
        """Visits with a standing rating, also those that are still open: moves at each press."""
        return max(self.sums.rated, self.sums.choices.total)

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
        return self.satisfied.percent

    @property
    def unrated(self) -> int:
        """Served visits without a rating."""
        return max(0, self.sums.served - self.sums.rated)


def together(parts: Iterable[Figures]) -> Figures:
    """Return the sum of counters or units."""
    return sum(parts, NOTHING)


def share(part: int, whole: int) -> float | None:
    """Return a share in per cent, at most 100; None of nothing."""
    return min(100.0, 100 * part / whole) if whole else None


def _plain(value: float) -> float:
    """Return a target as it was set where it is a whole number."""
    return round(value) if value == round(value) else value


NOTHING = Figures(Counts(), Choices())
