"""What the local time means for a terminal: open or not, how bright, which service day. Pure.

A clock that is not believed decides nothing: then the office counts as open and the screen is
bright, since no rating may be lost over a wrong clock.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wire.policy import DAY_MIN

if TYPE_CHECKING:
    from datetime import datetime

    from device.core.policy import Hours


def is_open(hours: Hours, local: datetime | None) -> bool:
    """Return whether the office is open at ``local``; None means that the time is not known."""
    if local is None or not hours.opening:
        return True
    minute = _minute(local)
    return any(
        span.weekday == local.weekday() and span.since <= minute < span.until
        for span in hours.opening
    )


def brightness(hours: Hours, local: datetime | None) -> int:
    """Return how bright the screen should be at ``local``, in per cent."""
    if local is None or not hours.brightness:
        return 100
    begun = [each for each in sorted(hours.brightness) if each[0] <= _minute(local)]
    # Before the first of the day, the last of the day before goes on.
    return (begun or sorted(hours.brightness))[-1][1]


def service_day(hours: Hours, local: datetime) -> str:
    """Return the service day that ``local`` lies in, as ``YYYY-MM-DD``."""
    return (local - timedelta(minutes=hours.day_ends)).date().isoformat()


def service_day_ms(hours: Hours, local: datetime) -> int:
    """Return for how many milliseconds the service day has gone on at ``local``."""
    minutes = (_minute(local) - hours.day_ends) % DAY_MIN
    return (minutes * 60 + local.second) * 1000 + local.microsecond // 1000


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute
