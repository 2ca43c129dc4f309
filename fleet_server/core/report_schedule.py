"""When a report that is made again and again is due. Pure.

1. A schedule is for months, quarters, half-years or years. A period's report is due on a day of the
   first month after it, so that what came late is in it.
2. It begins with the period whose report is due next, and leaves none out: what was due while
   nothing ran is made when something runs again, each period by itself.
3. A schedule has *readers*, who get a letter when a report of it is ready. Only who sees the
   branch's figures and may take them away is one; that is asked again each time.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Literal

from fleet_server.core.roles import Grant, Scope, scope_of
from fleet_server.core.spans import Period, half_year, of, whole_year
from fleet_server.core.tree import Tree

Every = Literal["month", "quarter", "half", "year"]

LAST_DAY = 28
"""The latest day of a month that a schedule may name: each month has it."""

READY = "report_ready"
"""The kind of a reader's letter."""

_DAY = timedelta(days=1)


def period_of(every: Every, day: date) -> Period:
    """Return the period of a schedule that a day lies in."""
    if every == "half":
        return half_year(day)
    if every == "year":
        return whole_year(day)
    return of("month" if every == "month" else "quarter", day)


def due_on(period: Period, day: int) -> date:
    """Return when a period's report is due.

    Args:
        period: which.
        day: of the month after it, 1 to `LAST_DAY`.
    """
    return period.last + timedelta(days=day)


def due(every: Every, day: int, told_until: date, today: date) -> Iterator[Period]:
    """Yield the periods whose reports are due, the oldest first.

    Args:
        every: what the schedule is for.
        day: of the month after a period on which its report is due.
        told_until: the last day of the last period that was reported.
        today: the running day.
    """
    period = period_of(every, told_until + _DAY)
    while due_on(period, day) <= today:
        yield period
        period = period_of(every, period.last + _DAY)


def begins_after(every: Every, day: int, today: date) -> date:
    """Return until when a new schedule counts as told: before the period that is due next."""
    former = period_of(every, period_of(every, today).first - _DAY)
    return former.last if due_on(former, day) <= today else former.first - _DAY


def readable(grants: Iterable[Grant], tree: Tree) -> Scope:
    """Return the part of the fleet whose reports somebody may be a reader of (rule 3).

    Args:
        grants: what they hold.
        tree: that of today.
    """
    held = tuple(grants)
    seen, taken = (scope_of(one, held, tree) for one in ("figures", "export"))
    return seen if taken.units is None else seen.within(taken.units)
