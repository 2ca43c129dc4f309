"""Deadlines in working days. Pure.

1. A working day is one on which the unit that answers is open at all, as its opening plan says it
   (`core.opening`): a holiday, Tết among them, is a special day without hours, a make-up Saturday
   one with hours, and either may lie in the next year.
2. The day on which a deadline begins does not count, whatever the hour. It ends at midnight after
   the last of its working days. (Civil Code of 2015, articles 147 and 148.)
3. How many working days are left counts today, if today is one: on the last day, one is left.
4. A plan that has no open day for over a year has no deadline: an error that names the day since
   which it is closed, and no endless search.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from fleet_server.core.days import day_on, local
from fleet_server.core.opening import Calendar

MOST_DAYS = 250
"""The longest deadline in working days: about a year."""

MOST_CLOSED = 366
"""After so many closed days in a row, no open one is looked for any more."""


class NeverOpenError(Exception):
    """No working day within a year; ``since`` is the first closed day (YYYY-MM-DD)."""

    def __init__(self, since: str) -> None:
        """Keep the day, which whoever shows it puts into words."""
        super().__init__(f"no open day in the year from {since} on")
        self.since = since


def due(calendar: Calendar, start: int, days: int) -> int:
    """Return the moment before which something is in time.

    Args:
        calendar: that of the unit which answers (`store.opening.of_holder`).
        start: when the deadline begins, Unix milliseconds.
        days: how many working days there are, from 1 to `MOST_DAYS`.

    Raises:
        ValueError: that is no number of days.
        NeverOpenError: a year without an open day lies before the last one.
    """
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"{days} is no number of working days")
    following = _open_after(calendar, local(start, calendar.zone).date())
    last = next(islice(following, days - 1, None))
    return day_on(last, calendar.zone).end


def left(calendar: Calendar, now: int, until: int) -> int:
    """Return how many working days are left before ``until``; below 0, how many are over.

    Over are the working days that began since, today among them: 0 from a deadline until the next
    working day. Both moments are Unix milliseconds; no more than `MOST_CLOSED` days are looked at.
    """
    today = local(now, calendar.zone).date()
    last = local(until - 1, calendar.zone).date()
    if now < until:
        return sum(map(calendar.is_open, _days(today, last)))
    return -sum(map(calendar.is_open, _days(last + timedelta(days=1), today)))


def _open_after(calendar: Calendar, start: date) -> Iterator[date]:
    """Yield the open days after one."""
    closed, day = 0, start
    while closed < MOST_CLOSED and day < date.max:
        day += timedelta(days=1)
        closed = 0 if calendar.is_open(day.isoformat()) else closed + 1
        if not closed:
            yield day
    raise NeverOpenError((day - timedelta(days=closed - 1)).isoformat())


def _days(first: date, last: date) -> list[str]:
    """Return the names of the days from one to another, both among them; no more than a year."""
    many = min((last - first).days + 1, MOST_CLOSED)
    return [(first + timedelta(days=n)).isoformat() for n in range(many)]
