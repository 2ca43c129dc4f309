"""What figures lack: days that told nothing though open, and records still on their way."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import g

from fleet_server.core.gaps import Status, statuses
from fleet_server.core.opening import Calendar, holder_of
from fleet_server.core.spans import Period
from fleet_server.store import opening
from fleet_server.store.pages import lines
from fleet_server.store.pages.underway import Underway, underway
from fleet_server.web import days
from fleet_server.web.services import services


@dataclass(frozen=True, slots=True)
class Lack:
    """What a counter's figures of a period lack.

    Attributes:
        days: what each day of the period is.
        waiting: records that its terminals hold.
        as_of: when they said so, Unix milliseconds.
        silent: since when one of them is silent.
    """

    days: Mapping[str, Status] = field(default_factory=dict)
    waiting: int = 0
    as_of: int | None = None
    silent: int | None = None

    @property
    def missing(self) -> list[str]:
        """The days that are missing."""
        return [day for day, status in self.days.items() if status == "missing"]

    @property
    def open(self) -> int:
        """How many days should have told something, or did."""
        return sum(status in ("told", "missing") for status in self.days.values())


def by_counter(counters: Collection[int], period: Period, today: date) -> dict[int, Lack]:
    """Return what the figures of some counters lack."""
    first, last = period.first.isoformat(), period.last.isoformat()
    told = lines.told_days(counters, first, last)
    held = underway(counters)
    of = _calendars()
    return {
        counter: _lack(of(counter), told.get(counter, set()), held.get(counter), period, today)
        for counter in counters
    }


def _calendars() -> Callable[[int | None], Calendar]:
    """Return when counters are open, read once for a request."""
    if "calendars" not in g:
        g.calendars = opening.calendars(services().settings.fleet.zone)
    found: Callable[[int | None], Calendar] = g.calendars
    return found


def _lack(
    calendar: Calendar,
    told: Collection[str],
    held: Underway | None,
    period: Period,
    today: date,
) -> Lack:
    names = [day.isoformat() for day in period.days()]
    found = statuses(names, told, calendar.is_open, today.isoformat())
    zone = services().settings.fleet.zone
    if held is None or days.today(held.since, zone) > period.last:
        return Lack(found)
    return Lack(found, held.waiting, held.as_of, held.silent)


def of_unit(unit: int | None, told: Collection[str], period: Period, today: date) -> Lack:
    """Return which days of a branch are missing as a whole: open, and no counter told anything."""
    zone = services().settings.fleet.zone
    return _lack(opening.of_holder(holder_of(unit), zone), told, None, period, today)
