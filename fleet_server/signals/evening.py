"""Signs of cheating, looked for when a day is over.

What changed of a counter's days is counted, and then the counter is looked at, in one transaction:
so nothing is left out or looked at twice, however often the process ends, and what comes late
has its day counted anew on the next evening.
"""

from datetime import tzinfo

from fleet_server.core.days import DAY_LATE_MS, day_of
from fleet_server.store import counter_tallies, signals, tally_due
from fleet_server.store.counter_days import CounterDays
from fleet_server.store.database import reading, writing

AT_ONCE = 250
"""Days of counters in one round: two seconds or so, since others of the process wait meanwhile."""


def look(now: int, zone: tzinfo) -> None:
    """Count the days that are over and have changed, and look at their counters."""
    due = tally_due.before(day_of(now - DAY_LATE_MS, zone).name, AT_ONCE)
    if not due:
        return
    with reading():
        held = CounterDays(zone)
    for counter, days in due.items():
        with writing():
            counter_tallies.keep(counter, days, held)
            signals.judge(counter, counter_tallies.last(counter), now, zone)
