"""Does what those do who are told of alarms: the head of a unit takes most on that it may."""

from fleet_server.core.alarms.hearing import JUDGING
from fleet_server.core.roles import Scope
from fleet_server.district.acts import Attend
from fleet_server.district.district import District
from fleet_server.district.staff import who_is
from fleet_server.store.alarms import acknowledge
from fleet_server.store.pages.alarms import Wanted, alarms

HEEDED = 0.7
"""Share of alarms that are taken on; the others wait, and are told on."""

AT_ONCE = 200
"""The most that a head looks through."""


def heed(act: Attend, unit: int, district: District) -> None:
    """Let the head of a unit take alarms on; once more changes nothing.

    Args:
        act: when.
        unit: id of the unit.
        district: whose seed decides.
    """
    for one in alarms(Wanted(Scope(frozenset({unit}))), 0, AT_ONCE):
        chance = district.chance("alarm", one.kind, one.subject)
        heeded = one.kind not in JUDGING and chance.random() < HEEDED
        if one.raised_at < act.at and one.acknowledged_at is None and heeded:
            acknowledge(one.id, who_is("unit_head", unit, act.at).email, act.at)
