"""Who gets a notification. Pure.

1. It is for those who hold one of its roles right in its unit. Where nobody does, for those in the
   nearest unit above where somebody does, at last in the whole fleet.
2. Where nobody holds one there either, for the administrators of the whole fleet: it is never for
   nobody, as a fleet has one.
3. Who is in two audiences of one key gets it once.
4. An alarm is acknowledged by somebody who may be told of alarms, at its unit or above it; one by
   which the unit itself is judged only above it, for who acknowledges keeps later stages untold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fleet_server.core.alarms.raising import Audience, Notification
from fleet_server.core.alarms.rules import Kind
from fleet_server.core.roles import Grant, Role, Scope
from fleet_server.core.tree import Tree

LAST: frozenset[Role] = frozenset({"administrator"})
ANSWERING: frozenset[Role] = LAST | {"technician", "unit_head", "quality_officer"}
"""Roles that are told, and may acknowledge."""

JUDGING: frozenset[Kind] = frozenset({"unsatisfied", "participation", "tampering", "case_overdue"})
"""Kinds by which a unit itself is judged."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A notification for one person; ``key`` is unique: the outbox takes each once."""

    key: str
    person: int
    notification: Notification


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
    path = [] if audience.unit is None else [node.id for node in tree.path(audience.unit)[::-1]]
    asked = [*((unit, audience.roles) for unit in (*path, None)), (None, LAST)]
    groups = (_holding(roles, unit, people) for unit, roles in asked)
    return next((group for group in groups if group), [])


def _holding(
    roles: frozenset[Role], unit: int | None, people: Mapping[int, Sequence[Grant]]
) -> list[int]:
    return sorted(
        person
        for person, grants in people.items()
        if any(one.unit == unit and one.role in roles for one in grants)
    )


def answering(grants: Iterable[Grant], tree: Tree, kind: str) -> Scope:
    """Return where somebody may acknowledge alarms of a kind (rule 4)."""
    having = [one for one in grants if one.role in ANSWERING]
    if any(one.unit is None for one in having):
        return Scope(None)
    branches = (
        tree.branch(one.unit) - ({one.unit} if kind in JUDGING else set())
        for one in having
        if one.unit is not None
    )
    return Scope(frozenset().union(*branches))
