"""Counts of hourly roll-ups: by hour of a counter, and of a day as far as an hour."""

from peewee import fn

from fleet_server.core.participation import COUNTED, Counts
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import CounterPlace, Hourly
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within

COLUMNS = tuple(fn.SUM(getattr(Hourly, name)).alias(name) for name in COUNTED)


def by_hour(counter_id: int, day: str) -> list[tuple[int, Counts]]:
    """Return the hours of one counter's day that hold anything, in order."""
    query = (
        Hourly.select(Hourly.hour, *(getattr(Hourly, name) for name in COUNTED))
        .where(Hourly.counter == counter_id, Hourly.day == day)
        .order_by(Hourly.hour)
    )
    return [(hour, Counts(*numbers)) for hour, *numbers in rows(query)]


def of_all(day: str, before_ms: int, scope: Scope = EVERYTHING) -> Counts:
    """Return the sums of one day, of the hours that begin before a moment, of all counters.

    With a scope, of those that lay in it on that day.
    """
    laid = CounterPlace.counter == Hourly.counter
    laid &= (CounterPlace.since_day <= day) & (CounterPlace.until_day > day)
    query = Hourly.select(*COLUMNS).join(CounterPlace, on=laid)
    query = query.where(Hourly.day == day, Hourly.hour < before_ms)
    found = first(within(query, scope, CounterPlace.unit))
    return Counts(*(number or 0 for number in found or ()))
