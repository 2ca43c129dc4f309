"""Sums of hourly roll-ups: by hour of a counter, and of a day as far as an hour."""

from dataclasses import dataclass, fields
from operator import add, attrgetter

from peewee import fn

from fleet_server.core.choices import Choices
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import CounterPlace, Hourly
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


def by_hour(counter_id: int, day: str) -> list[tuple[int, Sums]]:
    """Return the hours of one counter's day that hold anything, in order."""
    query = (
        Hourly.select(Hourly.hour, *(getattr(Hourly, name) for name in NAMES))
        .where(Hourly.counter == counter_id, Hourly.day == day)
        .order_by(Hourly.hour)
    )
    return [(hour, Sums(*numbers)) for hour, *numbers in rows(query)]


def of_all(day: str, before_ms: int, scope: Scope = EVERYTHING) -> Sums:
    """Return the sums of one day, of the hours that begin before a moment, of all counters.

    With a scope, of those that lay in it on that day.
    """
    laid = CounterPlace.counter == Hourly.counter
    laid &= (CounterPlace.since_day <= day) & (CounterPlace.until_day > day)
    query = Hourly.select(*COLUMNS).join(CounterPlace, on=laid)
    query = query.where(Hourly.day == day, Hourly.hour < before_ms)
    found = first(within(query, scope, CounterPlace.unit))
    return Sums(*(number or 0 for number in found or ()))
