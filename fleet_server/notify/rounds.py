"""What jobs looks at again and again: days that are over, and letters that can't be sent.

How far it has told is kept in the database, in the transaction that tells, so that nothing is told
twice and nothing is left out, however often the process ends. The first time it begins with now:
nobody wants to hear of a year of days.
"""

from datetime import tzinfo

from fleet_server.core.days import DAY_LATE_MS, day_of
from fleet_server.store import letters, tallies, told
from fleet_server.store.database import writing


def tell_days(now: int, zone: tzinfo) -> None:
    """Tell of the days that are over since the last time."""
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


def give_up_letters(now: int, _zone: tzinfo) -> None:
    """Give up what nothing could send for days, as where no mail server is set."""
    letters.give_up(now)
