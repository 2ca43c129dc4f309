"""When the office is looked at: a Sunday morning in Vietnam."""

from datetime import UTC, datetime, timedelta, timezone

from fleet_server.core.days import day_of

VIETNAM = timezone(timedelta(hours=7))
NOW = int(datetime(2026, 11, 22, 3, 24, 30, tzinfo=UTC).timestamp() * 1000)
TODAY = "2026-11-22"
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
DAY_MS = 24 * HOUR_MS


def day(at: int) -> str:
    """Return the day of a moment, as the store names it."""
    return day_of(at, VIETNAM).name
