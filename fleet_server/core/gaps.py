"""What a day without figures means. Pure.

1. A day on which anything was told, by a terminal or by the queue system, is *told*, were it only
   that nobody came.
2. A day that has not come is *ahead*; so is the running day until something is told.
3. Else it is *closed* by the opening hours, or *missing*: nobody knows what happened. A missing day
   is no zero, and counts in no sum.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Literal

Status = Literal["told", "missing", "closed", "ahead"]


def status(day: str, told: bool, is_open: Callable[[str], bool], today: str) -> Status:
    """Return what a day is; days are YYYY-MM-DD."""
    if told:
        return "told"
    if day >= today:
        return "ahead"
    return "missing" if is_open(day) else "closed"


def statuses(
    days: Iterable[str], told: Collection[str], is_open: Callable[[str], bool], today: str
) -> dict[str, Status]:
    """Return what each day is."""
    return {day: status(day, day in told, is_open, today) for day in days}
