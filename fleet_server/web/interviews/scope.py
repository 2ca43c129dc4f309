"""Where whoever asks may interview citizens."""

from fleet_server.core.roles import Scope, without
from fleet_server.web import access


def scope() -> Scope:
    """Return it: not in a branch that the person heads, for nobody asks about themselves."""
    return without("unit_head", access.scope("interview"), access.by().grants, access.tree())
