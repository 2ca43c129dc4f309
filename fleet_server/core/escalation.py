"""How long each step of a case may take, and who above is told when it takes longer. Pure.

1. Days are working days of the unit whose case it is (`core.working_days`). An answer has so many,
   another after a return so many, and judging an answer so many.
2. The first level above a unit is the unit that it lies in, the last the whole fleet. Units that
   are dissolved are no level.
3. A level is told once so many working days are over (0: with the deadline itself), and once in a
   deadline's run: the event *escalate* notes it.
"""

from dataclasses import dataclass

from fleet_server.core.cases import Case
from fleet_server.core.opening import Calendar
from fleet_server.core.tree import Tree
from fleet_server.core.working_days import MOST_DAYS, left


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings; days are working days.

    Attributes:
        answer, rework, judge: for the answer, for another after a return, for judging one.
        over: after how many days over the deadline each level is told, the nearest first.
    """

    answer: int = 5
    rework: int = 3
    judge: int = 5
    over: tuple[int, ...] = (0, 3, 6)

    def __post_init__(self) -> None:
        """Refuse what can't be.

        Raises:
            ValueError: days are too few or too many, or a higher level is told before a lower.
        """
        if not all(1 <= days <= MOST_DAYS for days in (self.answer, self.rework, self.judge)):
            raise ValueError(f"a step has 1 to {MOST_DAYS} working days")
        if list(self.over) != sorted(self.over) or any(
            not 0 <= days <= MOST_DAYS for days in self.over
        ):
            raise ValueError("levels are told one after another")


def above(unit: int | None, tree: Tree, day: str) -> list[int | None]:
    """Return the levels above a unit on a day, the nearest first; None is the whole fleet."""
    if unit is None:
        return []
    units = [one.id for one in tree.path(unit)[-2::-1] if one.closed is None or one.closed > day]
    return [*units, None]


def to_tell(
    case: Case, terms: Terms, now: int, calendar: Calendar, levels: list[int | None]
) -> dict[int, int | None]:
    """Return the levels that are to be told now, from 1, and the unit of each.

    None that were told in this run. Where it is empty, there is nothing to do; else the caller
    appends an event *Escalated* in the transaction that tells them.

    Args:
        case: as it is now.
        terms: the settings.
        now: Unix milliseconds.
        calendar: that of the case's unit.
        levels: those `above` it.
    """
    if case.due is None or now < case.due:
        return {}
    over = -left(calendar, now, case.due)
    reached = enumerate(zip(terms.over, levels, strict=False), 1)
    return {
        level: unit for level, (days, unit) in reached if over >= days and level not in case.told
    }
