"""Which ratings that no terminal signed stood, written down when the day they came on is over."""

from datetime import tzinfo

from fleet_server.core.days import DAY_LATE_MS, day_of
from fleet_server.store import unsigned
from fleet_server.store.database import writing


def close_days(now: int, zone: tzinfo) -> None:
    """Write it down for the days that ended an hour ago or before; asked again, do nothing."""
    today = day_of(now - DAY_LATE_MS, zone).name
    if unsigned.is_due(today):
        with writing():
            unsigned.close_days(today)
