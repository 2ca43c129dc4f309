"""Days and hours in the fleet's time zone; times are Unix milliseconds.

A service day is a date of the fleet's time zone, from midnight to midnight. An hour begins where
the local clock shows a full hour, so it also holds in zones that are half an hour apart.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY_MS = 86_400_000
QUARTER_MS = 15 * 60_000
"""In every time zone, days and hours begin at a full quarter of an hour."""
DAY_LATE_MS = 3600 * 1_000
"""How long after a day's end it is told: most of what was on its way has come by then. What comes
later moves figures, and is not told again."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# The times of `times.clamp` lie on these days in one zone or another.
_FIRST_DAY = date(1969, 12, 31)
_LAST_DAY = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """A service day: its date, and ``start`` <= time < ``end``."""

    name: str
    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Whether ``at`` lies in this day."""
        return self.start <= at < self.end

    def nearest(self, at: int) -> int:
        """Return ``at``, moved into this day where it lies outside."""
        return min(max(at, self.start), self.end - 1)


def parse_date(text: str) -> date:
    """Return the date that ``text`` (YYYY-MM-DD) names.

    Raises:
        ValueError: it is no such date, or no time held here can lie on it.
    """
    wrong = ValueError(f"{text!r} is not a date such as 2026-11-22")
    if not _DATE.fullmatch(text):
        raise wrong
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if not _FIRST_DAY <= found <= _LAST_DAY:
        raise wrong
    return found


def local(at: int, zone: tzinfo) -> datetime:
    """Return ``at`` as the clock on the wall showed it."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(zone)


def day_of(at: int, zone: tzinfo) -> Day:
    """Return the service day that ``at`` lies in."""
    return day_on(local(at, zone).date(), zone)


def day_on(day: date, zone: tzinfo) -> Day:
    """Return the service day of a date."""
    if day == date.max:  # the calendar ends here
        return Day(day.isoformat(), _midnight(day, zone), _midnight(day, zone) + _DAY_MS)
    return Day(day.isoformat(), _midnight(day, zone), _midnight(day + timedelta(days=1), zone))


def named_day(name: str, zone: tzinfo) -> Day:
    """Return the service day of a date given as YYYY-MM-DD, also one that a terminal invented.

    Raises:
        ValueError: it is no such date.
    """
    return day_on(date.fromisoformat(name), zone)


def hour_of(at: int, zone: tzinfo) -> int:
    """Return when the local clock last showed a full hour.

    Where it was moved by less than an hour since, that is longer ago than it shows.
    """
    wall = local(at, zone)
    into = timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
    start = at - into // timedelta(milliseconds=1)
    while local(start, zone).minute:
        start -= QUARTER_MS
    return start


def _midnight(day: date, zone: tzinfo) -> int:
    start = datetime.combine(day, time(), tzinfo=zone)
    return (start - _EPOCH) // timedelta(milliseconds=1)
