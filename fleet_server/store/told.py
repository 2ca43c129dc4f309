"""What is told of days once they are over: unsatisfied ratings, and who was not asked.

Choices leave here as pages show them, in the blocks of `fleet_server.core.choices`: what events and
pages tell, taken from each other, never is the choice of a few.
"""

from collections.abc import Mapping

from fleet_server.core.days import Day
from fleet_server.core.targets import Goal
from fleet_server.core.tree import Tree
from fleet_server.store import outbox, places, targets
from fleet_server.store.database import rows
from fleet_server.store.models import Counter
from fleet_server.store.outbox import Place
from fleet_server.store.pages import lines
from fleet_server.store.pages.lines import Line


def tell_day(day: Day, now: int) -> None:
    """Tell webhooks of a day: unsatisfied ratings, and who asked too few. In a write transaction.

    Args:
        day: a day that is over; each counter is judged by the target of its unit on it.
        now: Unix milliseconds.
    """
    tree = places.tree_on(day.name)
    where, held = _places(day.name, tree), lines.by_counter(day.name, day.name)
    _tell_unsatisfied(day, now, where, held)
    _tell_under_target(day, now, where, held, targets.targets().on(day.name, tree))


def _tell_unsatisfied(
    day: Day, now: int, where: Mapping[int, Place], held: Mapping[int, Line]
) -> None:
    for counter, line in sorted(held.items()):
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


def _tell_under_target(
    day: Day,
    now: int,
    where: Mapping[int, Place],
    lines_of: Mapping[int, Line],
    goals: Mapping[int, Goal],
) -> None:
    for counter, line in sorted(lines_of.items()):
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
