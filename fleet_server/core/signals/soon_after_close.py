"""Ratings that follow the close of the ticket as a hand follows itself.

**Looks at** ratings given from `BEFORE_MS` before the ticket was closed until `AFTER_MS` after it:
how many of them came in the first `SOON_MS` after it.

**Why honest counters don't.** A citizen does not know when the clerk closes a ticket. Some press
earlier, some get up, read, and press. The hand that closed the ticket is at the button at once,
each time, and never before.

**Threshold.** `HONEST`: even at a counter where the clerk asks and closes at the same moment, so
that all presses gather there, their middle falling right into these seconds, not more than half are
in it if people differ by 2.2 s (one deviation of a normal curve). The test is that of `tally.py`.

**Can't tell** a clerk who waits four seconds, or presses before closing. Where citizens press long
before the close, or the clerk closes on seeing them press, nothing is near, and nothing is judged.
"""

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally, found

SOON_MS = 3_000
BEFORE_MS = 6_000
AFTER_MS = 9_000
HONEST = 0.5


def _count(day: CounterDay) -> Tally:
    waits = [
        (visit.press.at, visit.press.at - visit.closed_at)
        for visit in day.sure()
        if visit.press is not None and visit.closed_at is not None
    ]
    near = [(at, wait) for at, wait in waits if -BEFORE_MS <= wait < AFTER_MS]
    return found([at for at, wait in near if 0 <= wait < SOON_MS], len(near))


RULE = Rule("soon_after_close", HONEST, _count)
