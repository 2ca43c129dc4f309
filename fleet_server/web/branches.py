"""Choosing the branch of the tree that a program's key or subscription is for."""

from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from fleet_server.core.roles import Capability
from fleet_server.web import access

INDENT = "\u2003"


def choices(capability: Capability) -> list[SelectChoice]:
    """Return the units in which the person has a capability, as the tree has them.

    The whole fleet comes first, for who has it there.
    """
    tree, scope = access.tree(), access.scope(capability)
    whole = [SelectChoice("", gettext("The whole fleet"))] if scope.units is None else []
    return whole + [
        SelectChoice(node.code, f"{INDENT * (len(tree.path(node.id)) - 1)}{node.name}")
        for node in tree
        if scope.covers(node.id)
    ]


def id_of(code: str) -> int | None:
    """Return the row of a unit that was chosen, None for the whole fleet."""
    found = access.tree().by_code(code) if code else None
    return None if found is None else found.id
