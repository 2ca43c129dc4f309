"""Which counters a terminal may speak for: those of the units in which it stands or ever stood.

A terminal that was carried to the next counter, or that was moved and brings what it wrote before,
is honest and counts. One whose key was given out in another branch could rate for the whole fleet.
What counts is the unit in which a counter lies today, also for the counters where a terminal stood.
"""

from fleet_server.store.sql import ask

COUNTERS = (
    "FROM terminal_place place LEFT JOIN counter stood ON stood.id = place.counter_id "
    "JOIN counter c ON c.unit_id = COALESCE(stood.unit_id, place.unit_id)"
)
"""From places of terminals to the counters ``c`` that those of ``place.terminal_id`` reach."""


def reaches(terminal: str, counter: int) -> bool:
    """Whether a terminal may speak for a counter."""
    wanted = "WHERE place.terminal_id = ? AND c.id = ? LIMIT 1"
    return bool(ask(f"SELECT 1 {COUNTERS} {wanted}", terminal, counter))
