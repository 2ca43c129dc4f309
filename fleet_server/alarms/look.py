"""The round of alarms: each minute what is the case is looked at, and judged by the rules.

Complaints by items are raised by ingest already, in the transaction that takes them; here they
end with their case, and are told on while nobody acknowledges them.
"""

from datetime import tzinfo

from fleet_server.alarms.absences import absences
from fleet_server.core.alarms.facts import Fact
from fleet_server.core.alarms.rules import Kind
from fleet_server.core.days import Day, day_of
from fleet_server.store import alarm_facts, alarms, blocks, tallies
from fleet_server.store.alarms import Looked
from fleet_server.store.database import writing

SHARES_EVERY_MS = 3_600_000
"""Participation is judged by days that are over; records that come late move it."""

EACH_MINUTE: frozenset[Kind] = frozenset(
    {"terminal_lost", "unsatisfied", "complaint", "tampering", "case_due", "case_overdue"}
)


def look(now: int, zone: tzinfo) -> None:
    """Raise, tell on and end alarms."""
    day = day_of(now, zone)
    lost = [one.subject for one in alarms.raised() if one.kind == "terminal_lost"]
    away = absences(lost, now, zone)
    with writing():
        blocks.note(day, now)
        shares = _shares(day, now)
        # In this transaction, so that no complaint which ingest has just raised is missed.
        facts: list[Fact] = [
            *away,
            *(shares or ()),
            *alarm_facts.dissatisfactions(day),
            *alarm_facts.complaints(),
            *alarm_facts.cases(now, zone),
            *alarm_facts.matters(),
        ]
        judged: frozenset[Kind] = frozenset() if shares is None else frozenset({"participation"})
        alarms.hear(Looked(facts, EACH_MINUTE | judged), now, zone)


def _shares(day: Day, now: int) -> list[Fact] | None:
    """Return participation once an hour, None in between."""
    hour = now - now % SHARES_EVERY_MS
    if tallies.read().get(tallies.SHARES_JUDGED, 0) >= hour:
        return None
    tallies.mark(tallies.SHARES_JUDGED, hour)
    return list(alarm_facts.participations(day))
