"""Ratings that no terminal signed, as pages list and count them; never what a single one chose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fleet_server.core.channels import Unsigned, Way, may_withdraw
from fleet_server.core.roles import Scope
from fleet_server.store import unsigned
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Unit, UnsignedRating, UnsignedWithdrawal
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list: all but what was chosen.

    Attributes:
        second: whether another rating of the same ticket stands.
        withdrawn: that it was entered by mistake, who says so and why; None where it was not.
        may_withdraw: whether it may be withdrawn by now.
        file: the list that it came in, None where it was typed.
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
    withdrawn: UnsignedWithdrawal | None
    may_withdraw: bool
    file: str | None


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
    return _lines(found), int(query.count())


def one(number: int, scope: Scope) -> Listed | None:
    """Return the line of one rating, None where there is none in the scope."""
    query = within(UnsignedRating.select(), scope, UnsignedRating.unit)
    return next(iter(_lines(list(query.where(UnsignedRating.id == number)))), None)


def _lines(found: Sequence[Any]) -> list[Listed]:
    ids = [row.id for row in found]
    judged = unsigned.judgements(unsigned.held(UnsignedRating.id.in_(ids)))
    gone = UnsignedWithdrawal.select().where(UnsignedWithdrawal.rating.in_(ids))
    withdrawn = {one.rating_id: one for one in gone}
    units = dict(rows(Unit.select(Unit.id, Unit.name)))
    counted = {row.counter_id for row in found}
    counters = dict(rows(Counter.select(Counter.id, Counter.code).where(Counter.id.in_(counted))))
    return [
        Listed(
            row.id, row.way, row.taken, row.day, units[row.unit_id], counters.get(row.counter_id),
            row.ticket, row.entered_by, judged.get(row.id) == "second", withdrawn.get(row.id),
            row.id not in withdrawn and may_withdraw(row.way, row.stood is not None), row.file,
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in a time.

    Attributes:
        ratings: all that was not withdrawn.
        stood: the ids of those that stood when their day was over.
        withdrawn: way, unit and day of what was withdrawn.
    """

    ratings: list[Unsigned]
    stood: frozenset[int]
    withdrawn: list[tuple[Way, int, str]]


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
    gone = UnsignedRating.select(UnsignedRating.way, UnsignedRating.unit, UnsignedRating.taken)
    withdrawn = rows(gone.join(UnsignedWithdrawal).where(asked))
    return Taken(unsigned.held(asked), frozenset(number for (number,) in stood), withdrawn)
