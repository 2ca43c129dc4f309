"""What is told of hours and days once they are over: unsatisfied ratings, and who was not asked."""

from dataclasses import dataclass

from fleet_server.core.choices import ENOUGH_RATINGS
from fleet_server.core.days import Day
from fleet_server.core.tree import Tree
from fleet_server.store import outbox, places, targets
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Hourly
from fleet_server.store.outbox import Place
from fleet_server.store.pages import lines
from wire.fields import format_time


@dataclass(frozen=True, slots=True)
class UnsatisfiedHour:
    """An hour at a counter in which somebody was unsatisfied, of enough ratings to say so."""

    counter: int
    day: str
    hour: int
    ratings: int
    unsatisfied: int


def unsatisfied_hours(start: int, end: int) -> list[UnsatisfiedHour]:
    """Return such hours that began at or after ``start`` and before ``end``."""
    ratings = Hourly.very_satisfied + Hourly.satisfied + Hourly.unsatisfied
    query = Hourly.select(
        Hourly.counter, Hourly.day, Hourly.hour, ratings, Hourly.unsatisfied
    ).where(
        Hourly.hour >= start,
        Hourly.hour < end,
        Hourly.unsatisfied > 0,
        ratings >= ENOUGH_RATINGS,
    )
    return [UnsatisfiedHour(*row) for row in rows(query.order_by(Hourly.hour, Hourly.counter))]


def tell_hours(start: int, end: int, now: int) -> None:
    """Tell webhooks of unsatisfied ratings in the hours of a time. In a write transaction."""
    found = unsatisfied_hours(start, end)
    where = {day: _places(day, places.tree_on(day)) for day in {one.day for one in found}}
    for one in found:
        place = where[one.day][one.counter]
        data = {
            "counter": place.counter,
            "unit": place.unit,
            "hour": format_time(one.hour),
            "ratings": one.ratings,
            "unsatisfied": one.unsatisfied,
        }
        key = f"rating.unsatisfied:{place.counter}:{one.hour}"
        outbox.tell("rating.unsatisfied", data, now, place, key)


def tell_day(day: Day, now: int) -> None:
    """Tell webhooks which counters asked too few on a day. In a write transaction.

    Args:
        day: a day that is over; each counter is judged by the target of its unit on it.
        now: Unix milliseconds.
    """
    tree = places.tree_on(day.name)
    where = _places(day.name, tree)
    goals = targets.targets().on(day.name, tree)
    for counter, line in sorted(lines.by_counter(day.name, day.name).items()):
        held, place = line.sums, where[counter]
        target = goals[place.unit_id or 0].participation
        if 100 * held.rated >= target * held.served:
            continue
        data = {
            "counter": place.counter,
            "unit": place.unit,
            "day": day.name,
            "served": held.served,
            "rated": held.rated,
            "target": target,
        }
        key = f"participation.under_target:{place.counter}:{day.name}"
        outbox.tell("participation.under_target", data, now, place, key)


def _places(day: str, tree: Tree) -> dict[int, Place]:
    """Return where each counter lay on a day, of which this is the tree."""
    codes = dict(rows(Counter.select(Counter.id, Counter.code)))
    return {
        counter: Place(unit, tree[unit].code, codes[counter])
        for counter, unit in lines.placed(day).items()
    }
