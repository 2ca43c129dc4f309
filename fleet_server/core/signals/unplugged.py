"""A terminal that is away again and again while its office is open, and no other is.

**Looks at** open days: did the terminal go away by itself (`evidence.Absence`) while the office was
open? An absence that began before the office opened is none of the clerk's, and one that begins
within the last `CLOSING_MS` is somebody who switches off and goes home.

**Why honest counters don't.** A power cut takes the whole office. A cable that somebody kicks is
put back once. Who unplugs it when an angry citizen comes does so on many days.

**Threshold.** `HONEST`: one open day in ten, two a month. Ten times on a day count once: a loose
plug does that (`tally.py`, 3).

**Can't tell** a loose plug that nobody mends for weeks; it, too, wants somebody to come. In an
office with one terminal nothing can be told from a power cut, and nothing is said.
"""

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally, found

CLOSING_MS = 10 * 60_000
HONEST = 0.1


def _count(day: CounterDay) -> Tally:
    away = [
        one.since
        for one in day.absences
        if one.alone and any(a <= one.since < b - CLOSING_MS for a, b in day.open)
    ]
    return found(away[:1], 1 if day.open else 0)


RULE = Rule("unplugged", HONEST, _count)
