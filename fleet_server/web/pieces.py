"""What a page or a program asks for, and the pieces of its period.

In each piece the tree and the targets stayed as they were. Within a piece a counter that moved is
counted in each unit for its own days: `spells` says when a counter lay where.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.core.spans import Period
from fleet_server.core.targets import Goal
from fleet_server.core.tree import Node, Tree
from fleet_server.store import places, targets
from fleet_server.store.pages import lines


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page asks for.

    Attributes:
        period: over which days.
        today: the running day.
        scope: where the person may look.
        unit: whose branch, or None for all of the scope.
        service: of which service, or None for all.
        here: what of the scope lies in that branch today.
    """

    period: Period
    today: date
    scope: Scope = EVERYTHING
    unit: Node | None = None
    service: str | None = None
    here: Scope = EVERYTHING

    def over(self, period: Period) -> "Asked":
        """Return the same of another period."""
        return replace(self, period=period)


@dataclass(frozen=True, slots=True)
class Piece:
    """Days in which tree and targets stayed as they were.

    Attributes:
        first: the first day.
        last: the last day.
        tree: the units of those days.
        goals: each unit's target.
        units: those that are asked for; None for all.
    """

    first: str
    last: str
    tree: Tree
    goals: Mapping[int, Goal]
    units: frozenset[int] | None

    def has(self, unit: int) -> bool:
        """Whether a unit is asked for."""
        return self.units is None or unit in self.units

    def holds(self, day: str) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last


def pieces(asked: Asked) -> Iterator[Piece]:
    """Yield the pieces of a period, in order."""
    first, last = asked.period.first.isoformat(), asked.period.last.isoformat()
    held = targets.targets()
    begins = [first, *sorted({*places.days_of_change(first, last), *held.changes(first, last)})]
    ends = [(date.fromisoformat(day) - timedelta(days=1)).isoformat() for day in begins[1:]]
    for since, until in zip(begins, [*ends, last], strict=True):
        tree = places.tree_on(since)
        yield Piece(since, until, tree, held.on(since, tree), here(asked, tree).units)


def here(asked: Asked, tree: Tree) -> Scope:
    """Return what is asked for of the scope, as it lies in a tree."""
    return asked.scope if asked.unit is None else asked.scope.within(tree.branch(asked.unit.id))


@dataclass(frozen=True, slots=True)
class Spell:
    """Days, both ends included, on which a counter lay right in a unit."""

    counter: int
    unit: int
    first: str
    last: str


def spells(asked: Asked) -> list[Spell]:
    """Return where the counters of the branch lay within a period, each in order of time."""
    found: dict[int, list[Spell]] = defaultdict(list)
    for piece in pieces(asked):
        moving = lines.moved(piece.first, piece.last)
        for counter, at in lines.placed(piece.last).items():
            for unit, first, last in moving.get(counter, [(at, piece.first, piece.last)]):
                if piece.has(unit):
                    _go_on(found[counter], Spell(counter, unit, first, last))
    return [one for counter in sorted(found) for one in found[counter]]


def _go_on(held: list[Spell], one: Spell) -> None:
    """Add a spell to those before; what goes on from one piece to the next is one."""
    if held and held[-1].unit == one.unit and _day_after(held[-1].last) == one.first:
        one = replace(held.pop(), last=one.last)
    held.append(one)


def _day_after(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()
