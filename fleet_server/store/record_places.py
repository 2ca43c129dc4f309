"""Where a record counts: which counter it names, and whether its terminal may speak for it."""

from datetime import tzinfo

from fleet_server.core.verdicts import TakenRecord
from fleet_server.store import matters, parked, reach
from fleet_server.store.sql import ask


class Places:
    """Counters, and where terminals stand; one object for each transaction, since it remembers.

    Args:
        zone: The fleet's time zone.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._counters: dict[str, int] = {}
        self._units: dict[str, str] = {}
        self._stands_at: dict[str, int | None] = {}
        self._reach = reach.Reach(zone)

    def counter(self, code: str) -> int | None:
        """Return the row of a counter, None where nobody has added it."""
        if code not in self._counters:
            text = "SELECT c.id, u.code FROM counter c JOIN unit u ON u.id = c.unit_id "
            found = ask(f"{text}WHERE c.code = ?", code)
            if not found:
                return None
            self._counters[code], self._units[code] = found[0]
        return self._counters[code]

    def unit(self, code: str) -> str:
        """Return the code of the unit in which a counter lies that was asked for before."""
        return self._units[code]

    def strange(
        self, taken: TakenRecord, terminal: str, counter: int | None
    ) -> matters.Kind | None:
        """Return what is strange about a terminal that names a counter, if anything."""
        if counter is None:
            return parked.UNKNOWN
        if counter == self._place_of(terminal):
            return None
        [(token,)] = ask("SELECT jws FROM record WHERE id = ?", taken.record_id)
        reached = self._reach.may_count(terminal, counter, bytes(token))
        return "other_counter" if reached else parked.FOREIGN

    def _place_of(self, terminal: str) -> int | None:
        """Return the counter where a terminal stands, as the registry has it."""
        if terminal not in self._stands_at:
            [(counter,)] = ask("SELECT counter_id FROM terminal WHERE id = ?", terminal)
            self._stands_at[terminal] = counter
        return self._stands_at[terminal]
