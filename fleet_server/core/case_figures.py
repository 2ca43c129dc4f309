"""How many cases wait, and what rulings do to figures. Pure.

1. A unit's cases are those that are its own now, whoever had them before.
2. Confined cases are counted only for who may see them: one more case would tell a choice.
3. A ruling *on the citizen's side* takes no rating out of any figure. Beside the figure as it is
   stands a second one, without the ratings that were ruled out; both are shown, or neither.
4. Ratings that are ruled out are counted on the day whose block told them (`Subject.day`), so the
   second figure is made of the same blocks as the first.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from fleet_server.core.cases import Case, State
from fleet_server.core.choices import Choices
from fleet_server.core.roles import Scope


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases of a unit, or of a branch.

    Attributes:
        open: those that wait for the unit (open, assigned, returned).
        answered: those that wait for the level above.
        overdue: those among the open whose deadline is over.
        unjudged: those among the answered whose deadline is over.
        closed: all that are closed; what was withdrawn is nowhere.
        late: those of all that were answered after their deadline.
    """

    open: int = 0
    answered: int = 0
    overdue: int = 0
    unjudged: int = 0
    closed: int = 0
    late: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return both together: a unit above has those of all below it."""
        return Counts(
            self.open + other.open,
            self.answered + other.answered,
            self.overdue + other.overdue,
            self.unjudged + other.unjudged,
            self.closed + other.closed,
            self.late + other.late,
        )


@dataclass(frozen=True, slots=True)
class Alike:
    """So many cases of a unit (None for the fleet) of which all that is counted is the same.

    Attributes:
        late: whether they were ever answered after their deadline.
        over: whether the deadline that they have now is over.
        ruled: whether a ruling holds that the reason lay on the citizen's side.
    """

    unit: int | None
    confined: bool
    state: State
    late: bool
    over: bool
    number: int
    ruled: bool = False

    def is_told(self, evidence: Scope) -> bool:
        """Whether they are told to who has the capability *evidence* there (rule 2)."""
        return not self.confined or evidence.covers(self.unit)


def counts(found: Iterable[Alike], evidence: Scope) -> dict[int | None, Counts]:
    """Return the counts of each unit that has cases, None being the fleet.

    Args:
        found: all of the part that is looked at.
        evidence: where the reader has the capability *evidence* (rule 2).
    """
    units: dict[int | None, Counts] = defaultdict(Counts)
    for one in found:
        if one.is_told(evidence):
            units[one.unit] += _of(one)
    return dict(units)


def _of(one: Alike) -> Counts:
    late, over = (one.number if holds else 0 for holds in (one.late, one.over))
    if one.state == "withdrawn":
        return Counts()
    if one.state == "closed":
        return Counts(closed=one.number, late=late)
    if one.state == "answered":
        return Counts(answered=one.number, unjudged=over, late=late)
    return Counts(open=one.number, overdue=over, late=late)


@dataclass(frozen=True, slots=True)
class Both:
    """Choices as they were made, and without those that were ruled out; ``ruled`` is how many."""

    made: Choices
    without: Choices
    ruled: int


def both(told: Choices, ruled: int) -> Both:
    """Return both figures of any sum of given-out choices.

    Args:
        told: what was given out.
        ruled: how many ratings of the same days and counters hold a ruling on the citizen's side.

    Raises:
        ValueError: more than were unsatisfied: they belong to other days.
    """
    if not 0 <= ruled <= told.unsatisfied:
        raise ValueError(f"{ruled} ruled out of {told.unsatisfied} unsatisfied")
    return Both(told, replace(told, unsatisfied=told.unsatisfied - ruled), ruled)


def ruled_out(case: Case) -> bool:
    """Whether a case takes its rating out of the second figure.

    Only one of a single rating does: a day's ruling names no rating, and an item is no choice. A
    confined one does not either, as no figure holds it.
    """
    return (
        case.ruling is not None
        and case.ruling.citizens_side
        and case.subject.grain == "rating"
        and not case.subject.confined
    )
