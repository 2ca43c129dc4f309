"""What jobs looks at again and again: hours and days that are over.

How far it has told is kept in the database, in the transaction that tells, so that nothing is told
twice and nothing is left out, however often the process ends. The first time it begins with now:
nobody wants to hear of a year of hours.
"""

from datetime import tzinfo

from fleet_server.core.days import day_of, hour_of
from fleet_server.store import tallies, told
from fleet_server.store.database import writing

HOUR_MS = 3600 * 1_000
LATE_MS = 10 * 60_000
"""How long after an hour's end it is told: most of what was on its way has come by then. What comes
later moves figures, and is not told again."""

DAY_LATE_MS = HOUR_MS
"""How long after a day's end it is told."""


def tell_hours(now: int, zone: tzinfo) -> None:
    """Tell of unsatisfied ratings in the hours that are over since the last time."""
    end = hour_of(now - LATE_MS, zone)
    since = tallies.read().get(tallies.HOURS_TOLD)
    if since is not None and since >= end:
        return
    with writing():
        if since is not None:
            told.tell_hours(since, end, now)
        tallies.mark(tallies.HOURS_TOLD, end)


def tell_days(now: int, zone: tzinfo) -> None:
    """Tell which counters were under the target on the days that are over since the last time."""
    end = day_of(now - DAY_LATE_MS, zone).start
    since = tallies.read().get(tallies.DAYS_TOLD)
    if since is not None and since >= end:
        return
    with writing():
        while since is not None and since < end:
            day = day_of(since, zone)
            told.tell_day(day, now)
            since = day.end
        tallies.mark(tallies.DAYS_TOLD, end)
