"""Small steps between days and hours, on top of `fleet_server.core.days`."""

from datetime import date, datetime, timedelta, tzinfo

from fleet_server.core.days import local, parse_date

HOUR = timedelta(hours=1)
MILLISECOND = timedelta(milliseconds=1)
WEEK = timedelta(days=7)


def today(now: int, zone: tzinfo) -> date:
    """Return the day that a moment belongs to."""
    return local(now, zone).date()


def next_hour(now: int, zone: tzinfo) -> datetime:
    """Return the beginning of the next hour, as local time."""
    return local(now, zone).replace(minute=0, second=0, microsecond=0) + HOUR


def ms(moment: datetime) -> int:
    """Return a moment as Unix milliseconds."""
    return int(moment.timestamp() * 1000)


def parse(text: str) -> date | None:
    """Return the day written as YYYY-MM-DD, or None if it isn't one that calendars can show."""
    try:
        return parse_date(text)
    except ValueError:
        return None
