"""Grants in words and as values of a form."""

from fleet_server.core.roles import Grant
from fleet_server.core.tree import Node, Tree

WHOLE = "*"
"""Stands for the whole fleet where else a unit's code would."""


def branches(tree: Tree, grant: Grant) -> list[Node]:
    """Return the units from the top down to a grant's; none for the whole fleet."""
    return [] if grant.unit is None else tree.path(grant.unit)


def key(tree: Tree, grant: Grant) -> str:
    """Return a grant as a value of a form: ``role CODE``."""
    return f"{grant.role} {WHOLE if grant.unit is None else tree[grant.unit].code}"


def grant(tree: Tree, text: str) -> Grant | None:
    """Return the grant of a form's value, or None if it is none."""
    role, _, code = text.partition(" ")
    if code == WHOLE:
        return Grant(role, None)
    unit = tree.by_code(code)
    return None if unit is None else Grant(role, unit.id)
