"""The months of a unit up to yesterday: the same figures that its page has for who is signed in.

The running day is left out, so that a page that caches keep for an hour tells nothing by the hour.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from fleet_server.core.roles import EVERYTHING
from fleet_server.core.spans import Period, of, span
from fleet_server.core.tree import Node
from fleet_server.web import lacks, measured
from fleet_server.web.figures import Figures, together
from fleet_server.web.pieces import Asked

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a unit.

    Attributes:
        name: YYYY-MM.
        figures: of its days up to yesterday.
        missing: open days on which nothing was told.
        days: those that are counted.
        over: whether that is the month's last.
    """

    name: str
    figures: Figures
    missing: int
    days: Period
    over: bool

    @property
    def last(self) -> date:
        """Its last day that is counted."""
        return self.days.last


def asked(unit: Node, today: date) -> Asked:
    """Return what is asked for: the branch of a unit, from eleven months before up to yesterday."""
    yesterday = today - timedelta(days=1)
    index = yesterday.year * 12 + yesterday.month - MONTHS
    return Asked(span(date(index // 12, index % 12 + 1, 1), yesterday), today, EVERYTHING, unit)


def months(unit: Node, today: date) -> list[Month]:
    """Return the months of a unit, the newest first, from the first in which anything was told.

    Days before the first one that told anything are not missing: nobody was to tell anything yet.
    """
    wanted = asked(unit, today)
    held = measured.by_day(wanted)
    if not held:
        return []
    begun = min(held)
    missing = [
        day
        for day in lacks.of_unit(unit.id, held.keys(), wanted.period, today).missing
        if day > begun
    ]
    return [
        Month(
            month.text,
            together(one for day, one in held.items() if day.startswith(month.text)),
            sum(day.startswith(month.text) for day in missing),
            span(month.first, min(month.last, wanted.period.last)),
            month.last <= wanted.period.last,
        )
        for month in _reversed(wanted.period)
        if month.text >= begun[:7]
    ]


def _reversed(period: Period) -> list[Period]:
    found = [of("month", period.last)]
    while found[-1].first > period.first:
        found.append(found[-1].before())
    return found
