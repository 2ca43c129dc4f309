"""Hours in which nobody is woken: a notification is delayed to their end, never lost. Pure."""

from dataclasses import dataclass
from datetime import tzinfo

from fleet_server.core.days import day_of
from fleet_server.core.opening import DAY_MIN, MINUTE_MS


@dataclass(frozen=True, slots=True)
class Quiet:
    """From ``since`` until before ``until``, in minutes from midnight; over midnight if later."""

    since: int
    until: int

    def __post_init__(self) -> None:
        """Refuse what is no part of a day.

        Raises:
            ValueError: it is none.
        """
        inside = all(0 <= minute < DAY_MIN for minute in (self.since, self.until))
        if not inside or self.since == self.until:
            raise ValueError("quiet hours are a part of a day")


def not_before(at: int, quiet: Quiet | None, zone: tzinfo) -> int:
    """Return when something may be told that is so at a moment (Unix ms): then, or after it."""
    if quiet is None:
        return at
    day = day_of(at, zone)
    minute = (at - day.start) // MINUTE_MS
    over_midnight = quiet.since > quiet.until
    if over_midnight and minute >= quiet.since:
        return day.end + quiet.until * MINUTE_MS
    if minute < quiet.until and (over_midnight or minute >= quiet.since):
        return day.start + quiet.until * MINUTE_MS
    return at
