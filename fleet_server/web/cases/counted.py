"""How many cases wait and are closed, as other pages tell of them."""

from flask import g

from fleet_server.core.case_figures import Counts, counts
from fleet_server.core.tree import Node
from fleet_server.store.pages import cases as store
from fleet_server.store.pages.cases import Sight, Wanted
from fleet_server.store.pages.counters import CounterFacts
from fleet_server.web import access


def sight() -> Sight:
    """Return which cases the person who is signed in may see."""
    return Sight(access.scope("matters"), access.scope("evidence"))


def total(seen: Sight) -> Counts:
    """Return how many cases wait and are closed in a part of the fleet."""
    found = counts(store.alike(seen.cases, g.now), seen.evidence)
    return sum(found.values(), Counts())


def due_after(unit: int | None, moment: int) -> int:
    """Return how many open cases of a branch, None for all, have a deadline after a moment."""
    seen = sight() if unit is None else _in_branch(sight(), unit)
    return store.count(seen, Wanted(due_after=moment))


def of_branch(unit: Node | None) -> Counts | None:
    """Return the counts of a unit with all below it; None where the person sees no cases of it."""
    seen = sight()
    if unit is None or not seen.cases.covers(unit.id):
        return None
    return total(_in_branch(seen, unit.id))


def _in_branch(seen: Sight, unit: int) -> Sight:
    return Sight(seen.cases.within(access.tree().branch(unit)), seen.evidence)


def of_counter(counter: CounterFacts) -> tuple[int, int] | None:
    """Return how many of a counter's cases wait, and how many are closed; None as above."""
    seen = sight()
    if not seen.cases.covers(counter.unit):
        return None
    waiting, closed = (
        store.count(seen, Wanted(states, counter=counter.code))
        for states in (store.WAITING, ("closed",))
    )
    return waiting, closed
