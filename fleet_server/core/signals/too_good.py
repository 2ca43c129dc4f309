"""More citizens rate than can be.

**Looks at** served tickets of which the terminal heard: how many were rated.

**Why honest counters don't.** However kindly a clerk asks, some are on the telephone, carry a
child, have gone already, or don't want to. The best counters of the demo district reach 94 in 100.

**Threshold.** `HONEST`: 97 in 100, half of that rest. The test is that of `tally.py`: twenty
tickets, all rated, say nothing; 400 do.

**Can't tell** a clerk who rates for half of the citizens. Nor is it proof of anything by itself: a
person should look whether another rule points as well.
"""

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally

HONEST = 0.97


def _count(day: CounterDay) -> Tally:
    served = [visit for visit in day.sure() if visit.served and not visit.missed]
    return Tally(sum(visit.press is not None for visit in served), len(served))


RULE = Rule("too_good", HONEST, _count)
