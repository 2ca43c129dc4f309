"""What may be told of choices, so that no figure, and no two together, tell that of one citizen.

1. A counter's choices of one service wait, day after day, until there are at least five. Then they
   are *given out* together, as figures of the day on which the fifth came.
2. What waits at a month's end is never given out: a month's figures hold no choice of another.
3. Every figure of days, services, counters or units is a sum of what was given out. So each is a
   sum of whole *blocks* of five or more, blocks have no rating in common, and whoever takes figures
   from each other, whichever, is left with blocks, never with a part of one.
4. Hours are parts of one block: they are told where a day is a single block of its own, each from
   five ratings on, and if the rest of the day is none or at least five (`beside`).
5. The running day is given out as it stood when at least five more were made (`Running`). So what
   it tells in the evening and what is told of it when it is over are a block apart, too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ENOUGH_RATINGS = 5
"""Choices are told from so many ratings on."""


@dataclass(frozen=True, slots=True)
class Choices:
    """How many ratings of each choice."""

    very_satisfied: int = 0
    satisfied: int = 0
    unsatisfied: int = 0

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


NONE = Choices()


def given_out(days: Iterable[tuple[str, str, Choices]]) -> list[Choices]:
    """Return what is given out of each line of a counter's month (rules 1 and 2).

    Args:
        days: day, service and choices, in the order of days.
    """
    waiting: dict[str, Choices] = {}
    told: list[Choices] = []
    for _day, service, made in days:
        together = waiting.get(service, NONE) + made
        enough = together.total >= ENOUGH_RATINGS
        told.append(together if enough else NONE)
        waiting[service] = NONE if enough else together
    return told


@dataclass(frozen=True, slots=True)
class Running:
    """What is given out of a counter's running day and service (rule 5).

    Attributes:
        shown: what pages tell.
        coming: what they tell once five more were made.
    """

    shown: Choices = NONE
    coming: Choices = NONE

    def after(self, made: Choices) -> "Running":
        """Return it when the choices of the day are these; it moves by blocks, or not at all."""
        if made.total < self.shown.total:
            return Running(NONE, made if made.total >= ENOUGH_RATINGS else NONE)
        if made.total - self.coming.total >= ENOUGH_RATINGS:
            return Running(self.coming, made)
        return self


def beside(whole: Choices, parts: Sequence[Choices]) -> list[Choices]:
    """Return the hours of a day as they may be shown beside it (rule 4).

    None that has too few; and where the rest of the day would be too few, one more is left out.
    """
    shown = [one if one.total >= ENOUGH_RATINGS else NONE for one in parts]
    while any(one.total for one in shown):
        rest = abs(whole.total - sum(one.total for one in shown))
        if rest == 0 or rest >= ENOUGH_RATINGS:
            break
        least = min((one for one in shown if one.total), key=lambda one: one.total)
        shown[shown.index(least)] = NONE
    return shown
