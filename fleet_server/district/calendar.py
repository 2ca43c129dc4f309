"""Which days and hours the district's offices are open. Pure; times are Unix milliseconds."""

from datetime import date, tzinfo

from fleet_server.core.days import day_on

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
OPENS = 7.5
"""The hour of the local clock at which every office opens."""
_MORNING, _AFTERNOON = (OPENS, 11.5), (13.0, 17.0)
_FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2), (9, 1)}
"""Month and day of the public holidays of the sun's calendar."""
_TET = {
    2026: (date(2026, 2, 14), date(2026, 2, 22)),
    2027: (date(2027, 2, 4), date(2027, 2, 10)),
    2028: (date(2028, 1, 24), date(2028, 1, 30)),
    2029: (date(2029, 2, 11), date(2029, 2, 17)),
    2030: (date(2030, 2, 1), date(2030, 2, 7)),
}
"""First and last closed day around the new year of the moon's calendar."""
CLOSED_SHARE = 0.43
"""One weekday at this part of the quarter is closed in any year, so that the demo has one."""

Span = tuple[int, int]


def is_holiday(day: date, closed: date) -> bool:
    """Whether all offices are closed: a holiday, or the one day that the quarter always has."""
    if day == closed or (day.month, day.day) in _FIXED_HOLIDAYS:
        return True
    first, last = _TET.get(day.year, (date.max, date.min))
    return first <= day <= last


def opening(day: date, closed: date, saturday: bool, zone: tzinfo) -> tuple[Span, ...]:
    """Return when an office is open on a day: morning and afternoon, with lunch between.

    Args:
        day: the date.
        closed: the quarter's own holiday.
        saturday: whether the office opens on Saturday mornings.
        zone: the fleet's time zone.
    """
    if is_holiday(day, closed) or day.weekday() == 6 or (day.weekday() == 5 and not saturday):
        return ()
    start = day_on(day, zone).start
    halves = (_MORNING,) if day.weekday() == 5 else (_MORNING, _AFTERNOON)
    return tuple((start + int(a * HOUR_MS), start + int(b * HOUR_MS)) for a, b in halves)
