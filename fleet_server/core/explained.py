"""What became of the cases of some days, as reports tell it. Pure.

1. A case belongs to the days in which its own lies (`Subject.day`), and to the unit whose it is
   now, as in `core.case_figures`; it is told as it stands when the report is made.
2. Confined cases are counted only for who sees them in all of the branch, and a report says whether
   they are. In index scores they are never: a class would else depend on its reader.
3. A case *was due* once it was explained, or should have been; *in time* are those of them that
   were explained, and never late. One that waits within its deadline is neither, and what was
   withdrawn is only counted as that.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from fleet_server.core.case_figures import Alike
from fleet_server.core.comparison import Share


@dataclass(frozen=True, slots=True)
class Explained:
    """Cases of a part of the fleet.

    Attributes:
        open: those that wait for the unit.
        overdue: those among the open whose deadline is over.
        answered: those that wait for the level above.
        closed: those that are closed.
        late: those of all that were answered after their deadline.
        withdrawn: those whose record was found not to be signed rightly; in none of the others.
        ruled: those of all whose reason was found to lie on the citizen's side.
        due: those that were to be explained by now.
        in_time: those of them that were, within their deadline.
    """

    open: int = 0
    overdue: int = 0
    answered: int = 0
    closed: int = 0
    late: int = 0
    withdrawn: int = 0
    ruled: int = 0
    due: int = 0
    in_time: int = 0

    def __add__(self, other: "Explained") -> "Explained":
        """Return both together."""
        return Explained(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def share(self) -> Share:
        """Explained in time, of those that were due."""
        return Share(self.in_time, self.due)


@dataclass(frozen=True, slots=True)
class Part:
    """The cases of a part of a branch; what is right in the unit has no code."""

    code: str
    name: str
    cases: Explained


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of a branch by its parts; ``confined``: whether confined ones are among them."""

    parts: tuple[Part, ...]
    confined: bool

    @property
    def total(self) -> Explained:
        """All of them."""
        return together(part.cases for part in self.parts)


def together(found: Iterable[Explained]) -> Explained:
    """Return the sum of some."""
    return sum(found, Explained())


def explained(one: Alike) -> Explained:
    """Return what cases that are alike count for (rule 3)."""
    number = one.number
    if one.state == "withdrawn":
        return Explained(withdrawn=number)
    is_open = one.state not in ("answered", "closed")
    overdue = is_open and one.over
    due, in_time = not is_open or one.over or one.late, not is_open and not one.late
    said = (
        is_open, overdue, one.state == "answered", one.state == "closed", one.late, False,
        one.ruled, due, in_time,
    )  # fmt: skip
    return Explained(*(number if holds else 0 for holds in said))
