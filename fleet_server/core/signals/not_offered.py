"""Served tickets of which the terminal never heard, so that the citizen was not asked.

**Looks at** served tickets that the queue system told of: how many did the terminal miss, although
it told of something later? Those in a row are one: a network that is away takes all of a stretch.
None counts while the terminal was away: that is `unplugged`.

**Why honest counters don't.** A terminal hears of each call by itself. Who signs it off for the
angry leaves single holes, here and there, many of them.

**Threshold.** `HONEST`: one hole for fifty tickets, more than a network with one interruption a day
makes at a counter with forty citizens.

**Can't tell** why a ticket is missing. Where a network loses single messages all day, this shows it
as well; then all counters of the office have it.
"""

from collections.abc import Sequence
from itertools import groupby

from fleet_server.core.signals.evidence import Absence, CounterDay, Visit
from fleet_server.core.signals.tally import Rule, Tally, found

HONEST = 0.02


def _count(day: CounterDay) -> Tally:
    served = [visit for visit in day.sure() if visit.served and not _away(visit, day.absences)]
    holes = [next(run) for missed, run in groupby(served, lambda one: one.missed) if missed]
    told = sum(not visit.missed for visit in served)
    moments = [visit.called_at for visit in holes if visit.called_at is not None]
    return Tally(len(holes), told + len(holes), found(moments, 0).moments)


def _away(visit: Visit, absences: Sequence[Absence]) -> bool:
    """Whether the terminal was away at some moment of a visit; True where nobody knows when."""
    if visit.called_at is None:
        return True
    until = visit.called_at if visit.closed_at is None else visit.closed_at
    return any(one.since <= until and one.until > visit.called_at for one in absences)


RULE = Rule("not_offered", HONEST, _count)
