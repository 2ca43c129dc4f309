"""Ratings that no terminal signed, as pages list and count them; never what a single one chose."""

from dataclasses import dataclass

from fleet_server.core.channels import Unsigned, Way
from fleet_server.core.roles import Scope
from fleet_server.store import unsigned
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Unit, UnsignedRating
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: all but what was chosen.

    Attributes:
        second: whether another rating of the same ticket stands.
    """

    id: int
    way: Way
    taken: str
    day: str
    unit: str
    counter: str | None
    ticket: str | None
    entered_by: str
    second: bool


def listed(scope: Scope, way: str | None, start: int, size: int) -> tuple[list[Listed], int]:
    """Return a page of what was taken of a scope, the newest first, and how many there are.

    Args:
        scope: of which units.
        way: only what came this way.
        start: how many to leave out.
        size: how many to return at most.
    """
    query = within(UnsignedRating.select(), scope, UnsignedRating.unit)
    if way is not None:
        query = query.where(UnsignedRating.way == way)
    found = list(query.order_by(UnsignedRating.id.desc()).offset(start).limit(size))
    judged = unsigned.judgements(unsigned.held(UnsignedRating.id.in_([row.id for row in found])))
    units = dict(rows(Unit.select(Unit.id, Unit.name)))
    ids = [row.counter_id for row in found]
    counters = dict(rows(Counter.select(Counter.id, Counter.code).where(Counter.id.in_(ids))))
    lines = [
        Listed(
            row.id, row.way, row.taken, row.day, units[row.unit_id], counters.get(row.counter_id),
            row.ticket, row.entered_by, judged[row.id] == "second",
        )
        for row in found
    ]  # fmt: skip
    return lines, int(query.count())


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in a time: all, and the ids of what stood when its day was over."""

    ratings: list[Unsigned]
    stood: frozenset[int]


def taken(
    first: str, last: str, units: frozenset[int] | None = None, counter: int | None = None
) -> Taken:
    """Return what was taken from one day to another, both included.

    Args:
        first: the first day.
        last: the last day.
        units: in these; None for all.
        counter: at this one; None for all, and where nobody knows the counter.
    """
    asked = UnsignedRating.taken.between(first, last)
    if units is not None:
        asked &= UnsignedRating.unit.in_(units)
    if counter is not None:
        asked &= UnsignedRating.counter == counter
    stood = rows(UnsignedRating.select(UnsignedRating.id).where(asked, UnsignedRating.stood))
    return Taken(unsigned.held(asked), frozenset(number for (number,) in stood))
