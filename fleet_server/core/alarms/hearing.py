"""Who gets a notification. Pure.

1. It is for those who hold one of its roles right in its unit. Where nobody does, for those in the
   nearest unit above where somebody does, at last in the whole fleet.
2. Where nobody holds one there either, for the administrators of the whole fleet: it is never for
   nobody, as a fleet has one.
3. Who is in two audiences of one key gets it once.
4. An alarm is acknowledged by whoever a stage of its rule tells, now or later, and by quality
   officers and administrators at its unit or above it. One by which the unit itself is judged is
   acknowledged only above it: who acknowledges keeps later stages untold. What a level above is
   told of an overdue case judges the case's unit, not that level.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fleet_server.core.alarms.raising import Audience, Notification
from fleet_server.core.alarms.rules import Kind
from fleet_server.core.roles import Grant, Role
from fleet_server.core.tree import Tree

LAST: frozenset[Role] = frozenset({"administrator"})
TOLD: frozenset[Role] = LAST | {"technician", "unit_head", "quality_officer"}
"""Roles that a rule can tell."""
GUARDS: frozenset[Role] = LAST | {"quality_officer"}
"""Roles that acknowledge without being told."""

JUDGING: frozenset[Kind] = frozenset({"unsatisfied", "participation", "tampering", "case_overdue"})
"""Kinds by which a unit itself is judged."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification for one person; ``key`` is unique: the outbox takes each once."""

    key: str
    person: int
    notification: Notification


@dataclass(frozen=True, slots=True)
class About:
    """What an alarm is about.

    Attributes:
        kind: what happened.
        unit: where it was raised; None for the whole fleet.
        level: so many levels of the tree above what it judges (`facts.CaseOver`).
    """

    kind: Kind
    unit: int | None
    level: int = 0

    @property
    def judged(self) -> int | None:
        """The unit that is judged by it, if it was raised in one."""
        return self.unit if self.kind in JUDGING and self.level == 0 else None


def letters(
    notifications: Iterable[Notification], people: Mapping[int, Sequence[Grant]], tree: Tree
) -> list[Letter]:
    """Return what goes to whom.

    Args:
        notifications: those of one `raising.Outcome`.
        people: the grants of each account that is in use.
        tree: that of today.
    """
    found: dict[str, Letter] = {}
    for one in notifications:
        for person in hearers(one.audience, people, tree):
            key = f"{one.key}/{person}"
            found.setdefault(key, Letter(key, person, one))
    return list(found.values())


def hearers(audience: Audience, people: Mapping[int, Sequence[Grant]], tree: Tree) -> list[int]:
    """Return who is in an audience, by their accounts, in order."""
    return _heard(audience, people, tree)[1]


def may_acknowledge(
    person: int,
    about: About,
    audiences: Iterable[Audience],
    people: Mapping[int, Sequence[Grant]],
    tree: Tree,
) -> bool:
    """Whether somebody may acknowledge an alarm (rule 4).

    Args:
        person: who.
        about: the alarm.
        audiences: of every stage of its rule.
        people: the grants of each account that is in use.
        tree: that of today.
    """
    path = [] if about.unit is None else tree.path(about.unit)
    places = {None, *(node.id for node in path if node.id != about.judged)}
    heard = (_heard(one, people, tree) for one in audiences)
    return any(person in group for place, group in heard if place in places) or any(
        one.role in GUARDS and one.unit in places for one in people.get(person, ())
    )


def _heard(
    audience: Audience, people: Mapping[int, Sequence[Grant]], tree: Tree
) -> tuple[int | None, list[int]]:
    """Return who is in an audience, and where they hold what they are told for."""
    path = [] if audience.unit is None else [node.id for node in tree.path(audience.unit)[::-1]]
    asked = [*((unit, audience.roles) for unit in (*path, None)), (None, LAST)]
    groups = ((unit, _holding(roles, unit, people)) for unit, roles in asked)
    return next((found for found in groups if found[1]), (None, []))


def _holding(
    roles: frozenset[Role], unit: int | None, people: Mapping[int, Sequence[Grant]]
) -> list[int]:
    return sorted(
        person
        for person, grants in people.items()
        if any(one.unit == unit and one.role in roles for one in grants)
    )
