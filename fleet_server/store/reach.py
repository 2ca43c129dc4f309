"""Which counters a terminal may speak for: those of the units in which it stands or ever stood.

A terminal that was carried to the next counter, or that was moved and brings what it wrote before,
is honest and counts. One whose key was given out in another branch could rate for the whole fleet.

A terminal has stood in the unit in which a counter where it stood lies today, and in the one in
which that counter lay meanwhile: neighbours of old count after a reorganisation, too. Of a unit
that is no more its own, it may bring only what a key signed that it had before: else whoever may
enrol it anew elsewhere could rate there for ever. A key that a ``key`` record brought later is a
later one: what a terminal wrote while it stood there, it signed then.
"""

from datetime import tzinfo

from fleet_server.core.reach import FOREVER, Stay, end_of
from fleet_server.store.sql import ask
from wire.envelope import kid_of_token
from wire.errors import WireError

UNITS = (
    "SELECT place.terminal_id AS terminal, COALESCE(stood.unit_id, place.unit_id) AS unit "
    "FROM terminal_place place LEFT JOIN counter stood ON stood.id = place.counter_id "
    "WHERE place.terminal_id IN (SELECT terminal FROM waiting) "
    "UNION SELECT t.id, COALESCE(own.unit_id, t.unit_id) FROM terminal t "
    "LEFT JOIN counter own ON own.id = t.counter_id WHERE t.id IN (SELECT terminal FROM waiting) "
    "UNION SELECT place.terminal_id, lay.unit_id FROM terminal_place place "
    "JOIN counter_place lay ON lay.counter_id = place.counter_id "
    "WHERE place.terminal_id IN (SELECT terminal FROM waiting)"
)
"""Units that the terminals ``waiting`` may have stood in: what they reach lies in one of these."""

_TODAY = (
    "SELECT place.until FROM terminal_place place "
    "LEFT JOIN counter stood ON stood.id = place.counter_id "
    "JOIN counter c ON c.unit_id = COALESCE(stood.unit_id, place.unit_id) "
    "WHERE place.terminal_id = ? AND c.id = ? "
    "UNION ALL SELECT NULL FROM terminal t LEFT JOIN counter own ON own.id = t.counter_id "
    "JOIN counter c ON c.unit_id = COALESCE(own.unit_id, t.unit_id) WHERE t.id = ? AND c.id = ?"
)
_MEANWHILE = (
    "SELECT place.since, place.until, lay.since_day, lay.until_day FROM terminal_place place "
    "JOIN counter_place lay ON lay.counter_id = place.counter_id "
    "JOIN counter c ON c.unit_id = lay.unit_id WHERE place.terminal_id = ? AND c.id = ?"
)


class Reach:
    """Says which records may count; one object for each transaction, since it remembers.

    Args:
        zone: The fleet's time zone.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._ends: dict[tuple[str, int], int | None] = {}
        self._enrolled: dict[str, int] = {}

    def may_count(self, terminal: str, counter: int, token: bytes) -> bool:
        """Whether a record of a terminal, as it was signed, may count at a counter."""
        end = self._end(terminal, counter)
        return end == FOREVER or (end is not None and self._enrolled_at(token) < end)

    def _end(self, terminal: str, counter: int) -> int | None:
        """Return when the terminal last stood in the unit of a counter; None if it never did."""
        if (terminal, counter) not in self._ends:
            today = [until for (until,) in ask(_TODAY, terminal, counter, terminal, counter)]
            ends = [FOREVER if until is None else until for until in today]
            found = (Stay(*row) for row in ask(_MEANWHILE, terminal, counter))
            ends += [end for stay in found if (end := end_of(stay, self._zone)) is not None]
            self._ends[terminal, counter] = max(ends, default=None)
        return self._ends[terminal, counter]

    def _enrolled_at(self, token: bytes) -> int:
        """Return when the key that signed a record was enrolled."""
        try:
            kid = kid_of_token(token)
        except WireError:
            return FOREVER
        if kid not in self._enrolled:
            found = ask("SELECT enrolled_at FROM terminal_key WHERE kid = ?", kid)
            self._enrolled[kid] = found[0][0] if found else FOREVER
        return self._enrolled[kid]
