"""A branch of the tree: the one that a page is about, and choosing one.

A page has it in its address (``?unit=CODE``). Pickers list the units as they lie in each other, by
their codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import abort, request
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from fleet_server.core.roles import Capability, Scope
from fleet_server.core.tree import Node, Tree
from fleet_server.web import access

INDENT = "\u2003"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose word a page of rules is about: that of a unit or, for None, of the whole fleet."""

    unit: Node | None

    @property
    def id(self) -> int | None:
        """The row of the unit, None for the fleet."""
        return self.unit.id if self.unit else None

    @property
    def code(self) -> str | None:
        """The code of the unit, None for the fleet."""
        return self.unit.code if self.unit else None

    @property
    def may_set(self) -> bool:
        """Whether the person may set what the holder is judged by.

        Nobody rules for themselves: it takes *settings* a level above a unit, and in the whole
        fleet for a unit at the top and for the fleet.
        """
        return access.scope("settings").covers(self.unit.parent if self.unit else None)

    @property
    def judged(self) -> Node | None:
        """The unit above by whose rules the person is judged: the top of where they may set any.

        None for who sets those of the whole fleet.
        """
        scope = access.scope("settings")
        path = [] if self.unit is None or scope.units is None else access.tree().path(self.unit.id)
        return next((one for one in path if scope.covers(one.id)), None)

    def demand_set(self) -> None:
        """Answer 404 if the person may not set what the holder is judged by."""
        if not self.may_set:
            abort(404)


def holder() -> Holder:
    """Return whose rules the page is about; 404 for a unit whose settings the person can't see."""
    code = request.args.get("unit", "")
    unit = access.tree().by_code(code) if code else None
    if code and (unit is None or not access.scope("setup").covers(unit.id)):
        abort(404)
    return Holder(unit)


def chosen(capability: Capability) -> tuple[Scope, Node | None]:
    """Return what the page shows of what the person may see, and the unit asked for, if one is.

    A unit that is not there, and one that the person may not see, are both answered with 404.
    """
    scope, code = access.scope(capability), request.args.get("unit")
    if not code:
        return scope, None
    tree = access.tree()
    unit = tree.by_code(code)
    if unit is None or not scope.covers(unit.id):
        abort(404)
    return scope.within(tree.branch(unit.id)), unit


def indented(tree: Tree, units: Iterable[Node]) -> list[tuple[str, str]]:
    """Return units by code and name, the further in the deeper one lies."""
    return [(one.code, f"{INDENT * (len(tree.path(one.id)) - 1)}{one.name}") for one in units]


def units(capability: Capability) -> list[tuple[str, str]]:
    """Return the units in which the person has a capability, for a picker."""
    tree, scope = access.tree(), access.scope(capability)
    return indented(tree, (node for node in tree if scope.covers(node.id)))


def choices(capability: Capability) -> list[SelectChoice]:
    """Return the branches that the person may make something for, as a form's field has them.

    The whole fleet comes first, for who has the capability there.
    """
    whole = [SelectChoice("", gettext("The whole fleet"))]
    found = [SelectChoice(*one) for one in units(capability)]
    return whole + found if access.scope(capability).units is None else found


def id_of(code: str | None) -> int | None:
    """Return the row of a unit that was chosen, None for the whole fleet."""
    found = access.tree().by_code(code) if code else None
    return None if found is None else found.id
