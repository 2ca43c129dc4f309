"""Sums of hourly roll-ups, by counter, by hour, by day, and for the whole fleet."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from operator import add, attrgetter

from peewee import SQL, fn

from fleet_server.core.choices import Choices
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Hourly
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class Sums:
    """What `Hourly` counts, added up."""

    served: int = 0
    rated: int = 0
    very_satisfied: int = 0
    satisfied: int = 0
    unsatisfied: int = 0
    unbound: int = 0
    contested: int = 0
    disputed: int = 0
    estimated: int = 0

    @property
    def choices(self) -> Choices:
        """The choices that stand, also those that may not be told."""
        return Choices(self.very_satisfied, self.satisfied, self.unsatisfied)

    def __add__(self, other: "Sums") -> "Sums":
        """Return both together."""
        return Sums(*map(add, _NUMBERS(self), _NUMBERS(other)))


NAMES = tuple(field.name for field in fields(Sums))
_NUMBERS = attrgetter(*NAMES)
COLUMNS = tuple(fn.SUM(getattr(Hourly, name)).alias(name) for name in NAMES)


def by_counter(first_day: str, last_day: str, scope: Scope = EVERYTHING) -> dict[int, Sums]:
    """Return each counter's sums over days given as YYYY-MM-DD, both included."""
    query = Hourly.select(Hourly.counter, *COLUMNS).where(Hourly.day.between(first_day, last_day))
    query = within(query.join(Counter), scope, Counter.unit)
    found = rows(query.group_by(Hourly.counter))
    return {counter: Sums(*numbers) for counter, *numbers in found}


def by_counter_and_day(
    first_day: str, last_day: str, counters: Collection[int], letters: int = len("2026-11-22")
) -> list[tuple[int, str, Sums]]:
    """Return some counters' sums by day, or by month with seven ``letters`` of it, in order."""
    step = fn.SUBSTR(Hourly.day, 1, letters)
    query = (
        Hourly.select(Hourly.counter, step.alias("step"), *COLUMNS)
        .where(Hourly.day.between(first_day, last_day), Hourly.counter.in_(counters))
        .group_by(Hourly.counter, SQL("step"))
        .order_by(SQL("step"), Hourly.counter)
    )
    return [(counter, day, Sums(*numbers)) for counter, day, *numbers in rows(query)]


def by_hour(counter_id: int, day: str) -> list[tuple[int, Sums]]:
    """Return the hours of one counter's day that hold anything, in order."""
    query = (
        Hourly.select(Hourly.hour, *(getattr(Hourly, name) for name in NAMES))
        .where(Hourly.counter == counter_id, Hourly.day == day)
        .order_by(Hourly.hour)
    )
    return [(hour, Sums(*numbers)) for hour, *numbers in rows(query)]


def of_all(day: str, before_ms: int, scope: Scope = EVERYTHING) -> Sums:
    """Return the sums of all counters on one day, of the hours that begin before a moment."""
    query = Hourly.select(*COLUMNS).join(Counter)
    query = query.where(Hourly.day == day, Hourly.hour < before_ms)
    found = first(within(query, scope, Counter.unit))
    return Sums(*(number or 0 for number in found or ()))
