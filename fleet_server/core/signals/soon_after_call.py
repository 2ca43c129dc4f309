"""A rating too soon after its ticket was called.

**Looks at** ratings of tickets whose call is known: how many came within `SOON_MS` of it.

**Why honest counters don't.** Who is called stands up, comes, and is served; nobody can judge that
after ten seconds. A clerk who calls a ticket of somebody who has left, and rates it, does.

**Threshold.** `HONEST`: one rating in fifty may be such, as when a clerk calls again somebody who
is there already, only a stamp was wanted, or a child presses. The test is that of `tally.py`.

**Can't tell** a clerk who waits; nor a desk where tickets are called only when the citizen goes.
There all are hits: a person dismisses it once, and the desk learns to call in time.
"""

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally, found

SOON_MS = 10_000
HONEST = 0.02


def _count(day: CounterDay) -> Tally:
    waits = [
        (visit.press.at, visit.press.at - visit.called_at)
        for visit in day.sure()
        if visit.press is not None and visit.called_at is not None
    ]
    return found([at for at, wait in waits if wait < SOON_MS], len(waits))


RULE = Rule("soon_after_call", HONEST, _count)
