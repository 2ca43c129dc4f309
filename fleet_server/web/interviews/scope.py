"""Where whoever asks may interview citizens, and whether they stand above all who are judged."""

from fleet_server.core.roles import Capability, Scope, without
from fleet_server.web import access

_WATCHING: tuple[Capability, ...] = ("interview", "audit")


def scope() -> Scope:
    """Return it: not in a branch that the person heads, for nobody asks about themselves."""
    return apart_from_own("interview")


def apart_from_own(capability: Capability) -> Scope:
    """Return where the person has a capability and heads nothing."""
    return without("unit_head", access.scope(capability), access.by().grants, access.tree())


def above_all() -> bool:
    """Tell whether the person interviews or audits in the whole fleet, and heads no unit.

    Only they may know who was drawn while somebody is still to be asked.
    """
    return any(apart_from_own(one).covers(None) for one in _WATCHING)
