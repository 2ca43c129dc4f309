"""Ratings when the office is closed.

**Looks at** days: was anything pressed more than `GRACE_MS` before it opened or after it closed?

**Why honest counters don't.** Nobody is there. A queue that is served to its end runs over by some
minutes, and who cleans may touch a button; neither happens every other day.

**Threshold.** `HONEST`: one day in twenty, about one a month, for cleaning, an evening with the
doors open, hours that nobody entered. An evening with fifty presses counts as one with a single
press: clusters are one trial (`tally.py`, 3).

**Can't tell** a single night, and hours that are wrong in the settings: then all days are hits, and
the remedy is to enter the hours.
"""

from fleet_server.core.signals.evidence import CounterDay
from fleet_server.core.signals.tally import Rule, Tally, found

GRACE_MS = 45 * 60_000
HONEST = 0.05


def _count(day: CounterDay) -> Tally:
    outside = [
        press.at
        for press in day.presses()
        if not any(a - GRACE_MS <= press.at < b + GRACE_MS for a, b in day.open)
    ]
    return found(outside[:1], 1)


RULE = Rule("outside_hours", HONEST, _count)
