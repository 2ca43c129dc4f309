"""What a person may do, and where: roles, the capabilities of each, and the part of the tree.

A person holds grants: a role, in one branch of the tree or in the whole fleet. Nothing here knows
pages; a page asks for a capability and gets the scope in which the person has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from fleet_server.core.tree import Tree

Reading = Literal["figures", "fleet", "matters", "evidence", "setup", "audit", "export"]
"""*figures*: participation and satisfaction; *fleet*: how terminals are; *matters*: what a person
should look at; *evidence*: records, chains, keys; *setup*: tree, people, targets and keys as they
are; *audit*: the log of changes; *export*: taking away what is seen."""

Changing = Literal[
    "close", "enter", "interview", "command", "enrol", "tree", "people", "settings", "keys"
]  # fmt: skip
"""*close* matters; *enter* ratings that no terminal signed, and what index scores are made of;
*interview*: citizens who were drawn, and what reaches them; *command*: orders and configuration for
terminals; *enrol*: terminals into the fleet, between counters, out of it; *tree*: units and
counters; *people* and what they may do; *settings*: targets, hours; *keys*: of programs, and
webhooks."""

Capability = Reading | Changing

READING: frozenset[Capability] = frozenset(get_args(Reading))
CHANGING: frozenset[Capability] = frozenset(get_args(Changing))

POWERFUL: frozenset[Capability] = frozenset({"people", "keys", "settings", "enrol", "command"})
"""With these somebody can give power on (to people, to programs, to whoever sets the targets) or
make ratings up: who enrols a terminal says which key signs them, and who commands one decides what
it asks."""

Role = Literal[
    "administrator",
    "technician",
    "unit_head",
    "quality_officer",
    "interviewer",
    "auditor",
    "viewer",
]
ROLES: tuple[Role, ...] = get_args(Role)

MAY: Mapping[str, frozenset[Capability]] = {
    "administrator": READING | CHANGING,
    "technician": frozenset(
        {"fleet", "matters", "evidence", "export", "close", "command", "enrol"}
    ),
    "unit_head": frozenset({"figures", "fleet", "matters", "export"}),
    "quality_officer": frozenset(
        {"figures", "fleet", "matters", "evidence", "export", "close", "enter", "interview"}
    ),
    "interviewer": frozenset({"figures", "interview"}),
    "auditor": READING,
    "viewer": frozenset({"figures", "fleet", "matters"}),
}
"""What each of `ROLES` may do; tables may hold a name of another version, which may do nothing."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role of a person, in the branch below ``unit`` or, for None, in the whole fleet."""

    role: str
    unit: int | None


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the fleet: some units by their ids, or, for None, everything.

    What belongs to no unit, such as a terminal that nobody has put anywhere, is in the whole only.
    """

    units: frozenset[int] | None

    def __bool__(self) -> bool:
        """Whether anything can be in it."""
        return self.units is None or bool(self.units)

    def covers(self, unit: int | None) -> bool:
        """Whether a unit lies in it."""
        return self.units is None or unit in self.units

    def within(self, units: frozenset[int]) -> "Scope":
        """Return the part of it that lies in these units."""
        return Scope(units if self.units is None else units & self.units)


EVERYTHING = Scope(None)
NOTHING = Scope(frozenset())


def scope_of(capability: Capability, grants: Iterable[Grant], tree: Tree) -> Scope:
    """Return where somebody has a capability."""
    having = [one for one in grants if capability in MAY.get(one.role, frozenset())]
    if any(one.unit is None for one in having):
        return EVERYTHING
    branches = (tree.branch(one.unit) for one in having if one.unit is not None)
    return Scope(frozenset().union(*branches))


def without(role: Role, scope: Scope, grants: Iterable[Grant], tree: Tree) -> Scope:
    """Return the part of a scope in which somebody does not hold a role as well."""
    held = [one.unit for one in grants if one.role == role]
    if not held:
        return scope
    everywhere = frozenset(node.id for node in tree)
    theirs = frozenset().union(*(everywhere if at is None else tree.branch(at) for at in held))
    return scope.within(everywhere - theirs)
