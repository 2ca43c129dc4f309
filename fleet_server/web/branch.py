"""The branch of the tree that a page is about: ``?unit=CODE`` in its address."""

from flask import abort, request

from fleet_server.core.roles import Capability, Scope
from fleet_server.core.tree import Node
from fleet_server.web import access


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
