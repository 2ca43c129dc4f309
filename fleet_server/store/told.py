"""What is told of days once they are over: unsatisfied ratings, and who was not asked.

Choices leave here as pages show them, in the blocks of `fleet_server.core.choices`: what events and
pages tell, taken from each other, never is the choice of a few.
"""

from collections.abc import Mapping

from fleet_server.core.days import Day
from fleet_server.store import outbox, places, targets
from fleet_server.store.outbox import Place
from fleet_server.store.pages import lines, sums


def tell_day(day: Day, now: int) -> None:
    """Tell webhooks of a day: unsatisfied ratings, and who asked too few. In a write transaction.

    Args:
        day: a day that is over; each counter is judged by the target of its unit on it.
        now: Unix milliseconds.
    """
    where = outbox.places_of_counters()
    _tell_unsatisfied(day, now, where)
    _tell_under_target(day, now, where)


def _tell_unsatisfied(day: Day, now: int, where: Mapping[int, Place]) -> None:
    for counter, line in sorted(lines.by_counter(day.name, day.name).items()):
        if line.told.unsatisfied <= 0:
            continue
        place = where[counter]
        data = {
            "counter": place.counter,
            "unit": place.unit,
            "day": day.name,
            "ratings": line.told.total,
            "unsatisfied": line.told.unsatisfied,
        }
        key = f"rating.unsatisfied:{place.counter}:{day.name}"
        outbox.tell("rating.unsatisfied", data, now, place, key)


def _tell_under_target(day: Day, now: int, where: Mapping[int, Place]) -> None:
    goals = targets.targets().on(day.name, places.tree_on(day.name))
    for counter, held in sorted(sums.by_counter(day.name, day.name).items()):
        place = where[counter]
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
