"""Days put together: weeks, months and quarters that lie in a period."""

from datetime import date, timedelta
from typing import Literal

Step = Literal["day", "week", "month", "quarter", "all"]


def span(day: date, step: Step, first: date, last: date) -> tuple[date, date]:
    """Return the first and the last day of the step that a day lies in, both within a period.

    Args:
        day: a day of the period.
        step: weeks begin on Monday, quarters with January, April, July and October.
        first: first day of the period.
        last: its last day.
    """
    begin, end = _whole(day, step, first, last)
    return max(begin, first), min(end, last)


def _whole(day: date, step: Step, first: date, last: date) -> tuple[date, date]:
    if step == "day":
        return day, day
    if step == "week":
        monday = day - timedelta(days=min(day.weekday(), (day - date.min).days))
        return monday, monday + timedelta(days=6)
    if step == "month":
        return day.replace(day=1), _last_of_month(day.year, day.month)
    if step == "quarter":
        month = (day.month - 1) // 3 * 3 + 1
        return date(day.year, month, 1), _last_of_month(day.year, month + 2)
    return first, last


def _last_of_month(year: int, month: int) -> date:
    if month == 12:
        return date(year, 12, 31)
    return date(year, month + 1, 1) - timedelta(days=1)
