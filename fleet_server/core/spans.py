"""Periods: a day, an ISO week, a month, a quarter, or any span of days; and those to compare with.

A period is written in an address as ``2026-11-22``, ``2026-W47``, ``2026-11``, ``2026-Q4`` or
``2026-11-01..2026-11-20``; ``2026-H2`` and ``2026`` are read as the spans that they are. The one
before is the neighbour of its kind; before a span lies one of the same length. The same a year
before: the week, month or quarter of that name (a 53rd week's is the 52nd where that year had no
more), and 52 weeks before a day or a span, so that weekdays match.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from fleet_server.core.days import parse_date

Kind = Literal["day", "week", "month", "quarter", "span"]
KINDS: tuple[Kind, ...] = ("day", "week", "month", "quarter", "span")
Step = Literal["day", "week", "month", "quarter", "all"]
"""What a period is cut into; *all* leaves it whole."""

MOST_DAYS = 366
"""The longest span; what is compared over years is compared quarter by quarter."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_YEAR = timedelta(weeks=52)
_FORM = re.compile(r"(\d{4})(?:-(?:W(\d{2})|Q([1-4])|H([12])|(\d{2})))?")


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``first`` to ``last``, both included."""

    kind: Kind
    first: date
    last: date

    @property
    def text(self) -> str:
        """How it is written in an address."""
        if self.kind == "day":
            return self.first.isoformat()
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year:04}-W{week:02}"
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.first.year:04}-Q{self.number}"
        return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def number(self) -> int:
        """Which week, month or quarter of its year; of others, how many days."""
        if self.kind == "week":
            return self.first.isocalendar().week
        if self.kind == "month":
            return self.first.month
        if self.kind == "quarter":
            return (self.first.month + 2) // 3
        return self.length

    @property
    def length(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def days(self) -> Iterator[date]:
        """Yield its days in order."""
        return (self.first + timedelta(days=n) for n in range(self.length))

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.first <= day <= self.last

    def before(self) -> "Period":
        """Return the period before."""
        if self.kind == "span":
            return span(self.first - timedelta(days=self.length), self.first - _DAY)
        return of(self.kind, self.first - _DAY)

    def after(self) -> "Period":
        """Return the period after."""
        if self.kind == "span":
            return span(self.last + _DAY, self.last + timedelta(days=self.length))
        return of(self.kind, self.last + _DAY)

    def year_before(self) -> "Period":
        """Return the same period a year before."""
        if self.kind in ("day", "span"):
            return Period(self.kind, self.first - _YEAR, self.last - _YEAR)
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return of("week", _monday(year - 1, week) or _monday(year - 1, 52) or self.first)
        return of(self.kind, self.first.replace(year=self.first.year - 1))

    def until(self, day: date) -> "Period":
        """Return its days up to a day, as a span if that cuts it short."""
        return self if day >= self.last else span(self.first, max(day, self.first))


def of(kind: Kind, day: date) -> Period:
    """Return the day, week, month or quarter that a day lies in; a span of it alone."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return Period(kind, first, first + _WEEK - _DAY)
    if kind in ("month", "quarter"):
        length = 1 if kind == "month" else 3
        index = day.year * 12 + (day.month - 1) // length * length
        return Period(kind, _month(index), _month(index + length) - _DAY)
    return Period(kind, day, day)


def cut(day: date, step: Step, first: date, last: date) -> tuple[date, date]:
    """Return first and last day of the step that a day lies in, both within a period.

    Args:
        day: a day of the period.
        step: what the period is cut into.
        first: first day of the period.
        last: its last day.
    """
    if step == "all":
        return first, last
    whole = of(step, day)
    return max(whole.first, first), min(whole.last, last)


def span(first: date, last: date) -> Period:
    """Return the span from one day to another.

    Raises:
        ValueError: the last lies before the first, or there are more than `MOST_DAYS`.
    """
    if not 0 <= (last - first).days < MOST_DAYS:
        raise ValueError("a span has 1 to 366 days, the first of them first")
    return Period("span", first, last)


def read(text: str) -> Period:
    """Return the period that a text in an address names.

    Raises:
        ValueError: it names none.
    """
    first, dots, last = text.partition("..")
    if dots:
        return span(parse_date(first), parse_date(last))
    found = _FORM.fullmatch(text)
    if found is None:
        return of("day", parse_date(text))
    year, week, quarter, half, month = found.groups()
    if week:
        monday = _monday(int(year), int(week))
        if monday is None:
            raise ValueError(f"{year} has no week {week}")
        return of("week", parse_date(monday.isoformat()))
    if not (quarter or month):
        return half_year(parse_date(f"{year}-{int(half) * 6:02}-01")) if half else _year(year)
    number = int(quarter) * 3 - 2 if quarter else int(month)
    return of("quarter" if quarter else "month", parse_date(f"{year}-{number:02}-01"))


def _year(year: str) -> Period:
    return whole_year(parse_date(f"{year}-01-01"))


def half_year(day: date) -> Period:
    """Return the half of a year that a day lies in."""
    index = day.year * 12 + (day.month - 1) // 6 * 6
    return span(_month(index), _month(index + 6) - _DAY)


def whole_year(day: date) -> Period:
    """Return the year that a day lies in."""
    return span(day.replace(month=1, day=1), day.replace(month=12, day=31))


def points(period: Period) -> list[Period]:
    """Return what a line over a period has its points for: days, or weeks if those are too many."""
    if period.length <= DAYS_SHOWN:
        return [of("day", day) for day in period.days()]
    found = []
    first = period.first
    while first <= period.last:
        last = min(of("week", first).last, period.last)
        found.append(Period("week", first, last))
        first = last + _DAY
    return found


DAYS_SHOWN = 100
"""Up to so many days, a line has a point for each."""


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _monday(year: int, week: int) -> date | None:
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
