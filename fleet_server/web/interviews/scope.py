"""Where whoever asks may interview citizens, and whether they stand above all who are judged."""

from fleet_server.core.roles import MAY, Capability, Scope, without
from fleet_server.web import access

_WATCHING: tuple[Capability, ...] = ("interview", "audit")


def scope() -> Scope:
    """Return it: below the units where the person may, and in no branch that they head.

    So nobody asks about the office in which they work themselves, or learns who was drawn there.
    """
    found = apart_from_own("interview")
    own = {one.unit for one in access.by().grants if "interview" in MAY.get(one.role, frozenset())}
    return found if found.units is None else Scope(found.units - own)


def apart_from_own(capability: Capability) -> Scope:
    """Return where the person has a capability and heads nothing."""
    return without("unit_head", access.scope(capability), access.by().grants, access.tree())


def above_all() -> bool:
    """Tell whether the person interviews or audits in the whole fleet, and heads no unit.

    Only they see whole lists while somebody is still to be asked; others, whom they may ask.
    """
    return any(apart_from_own(one).covers(None) for one in _WATCHING)
