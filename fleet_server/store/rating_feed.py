"""The feed of ratings: each as it is now, in the order in which it last changed.

Every change of a rating (it comes, is corrected, contested, moved in time, bound to a visit,
withdrawn) gives it the next number. All writes are one after another (`database.writing`), so a
number that is read has no lower one still to come: who follows the numbers misses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import islice
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.days import day_of
from fleet_server.core.roles import Scope
from fleet_server.store.database import in_order, rows
from fleet_server.store.models import (
    Chain,
    Counter,
    CounterPlace,
    Rating,
    RatingChange,
    Record,
)
from fleet_server.store.pages.within import within
from fleet_server.store.sql import ask, marks, parts, run

WINDOW = 5_000
"""Changes that are looked at for one page, however few of them somebody may see."""


def note(changed: Iterable[tuple[int, int]]) -> None:
    """Give ratings the next numbers. In the write transaction that changes them.

    Args:
        changed: pairs of a rating's record and its counter.
    """
    pairs = list(dict.fromkeys(changed))
    if not pairs:
        return
    number = int(ask("SELECT COALESCE(MAX(number), 0) FROM rating_change")[0][0])
    for part in parts(pairs):
        values: list[int] = []
        for record, counter in part:
            number += 1
            values += [record, number, counter]
        places = ", ".join(["(?, ?, ?)"] * len(part))
        run(
            f"INSERT INTO rating_change (record, number, counter_id) VALUES {places} "
            "ON CONFLICT (record) DO UPDATE SET number = excluded.number",
            *values,
        )


def note_records(records: Sequence[int]) -> None:
    """Give ratings that are held the next numbers."""
    for part in parts(records):
        text = f"SELECT record_id, counter_id FROM rating WHERE record_id IN {marks(part)}"
        note((record, counter) for record, counter in ask(f"{text} ORDER BY record_id", *part))


@dataclass(frozen=True, slots=True)
class Told:
    """A rating in the feed; one that was withdrawn has nothing but number, record and counter."""

    number: int
    record: int
    counter: str
    held: int | None
    visit: str | None
    choice: str | None
    at: int | None
    at_quality: str | None
    standing: bool | None
    contested: bool | None
    disputed: bool | None
    unbound: bool | None
    replaced_by: int | None
    terminal: str | None
    chain: str | None
    seq: int | None
    hash: str | None
    received_at: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the feed, the number it reaches, and whether more is there already."""

    ratings: list[Told]
    reached: int
    more: bool


class Seen:
    """Which ratings a part of the fleet answers for: those of the days a counter lay there.

    Of a withdrawn rating no day is held: it is seen by all where its counter ever lay.

    Attributes:
        whole: whether nothing is left out; nobody asks then where counters lay.
        counters: rows of those that ever lay there, where not the whole is seen.
    """

    def __init__(self, scope: Scope, zone: tzinfo, counter: str | None = None) -> None:
        """Find where counters lay.

        Args:
            scope: the part of the fleet.
            zone: in which days are named.
            counter: only this one, by its code.
        """
        self._zone = zone
        self.whole = scope.units is None and counter is None
        query = CounterPlace.select(
            Counter.id, Counter.code, CounterPlace.since_day, CounterPlace.until_day
        ).join(Counter)
        query = within(query, scope, CounterPlace.unit)
        self._days: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self.counters: set[int] = set()
        found = [] if self.whole else rows(query)
        for number, code, since, until in found:
            if counter in (None, code):
                self.counters.add(number)
                self._days[code].append((since, until))

    def covers(self, rating: Told) -> bool:
        """Whether a rating is one of them."""
        if self.whole:
            return True
        days = self._days.get(rating.counter, [])
        if rating.at is None:
            return bool(days)
        day = day_of(rating.at, self._zone).name
        return any(since <= day < until for since, until in days)


def page(after: int, limit: int, seen: Seen) -> Page:
    """Return what changed after a number, at most ``limit``, and how far the page reaches.

    Args:
        after: a number that was reached before, or 0.
        limit: how many ratings at most.
        seen: which of them.
    """
    numbers = RatingChange.select(RatingChange.number).where(RatingChange.number > after)
    window = [number for (number,) in rows(numbers.order_by(RatingChange.number).limit(WINDOW))]
    if not window:
        return Page([], after, False)
    query = _told().where(RatingChange.number > after, RatingChange.number <= window[-1])
    if not seen.whole:
        query = query.where(RatingChange.counter.in_(sorted(seen.counters)))
    found = list(islice(filter(seen.covers, _read(query)), limit))
    reached = found[-1].number if len(found) == limit else window[-1]
    newest = int(RatingChange.select(fn.MAX(RatingChange.number)).scalar() or 0)
    return Page(found, reached, reached < newest)


def _read(query: Any) -> Iterator[Told]:
    """Yield what a query of the feed finds, read a few at a time."""
    for row in in_order(query, RatingChange.number):
        yield Told(*row)


def _told() -> Any:
    return (
        RatingChange.select(
            RatingChange.number, RatingChange.record, Counter.code, Rating.record, Rating.visit,
            Rating.choice, Rating.at, Rating.at_quality, Rating.standing, Rating.contested,
            Rating.disputed, Rating.unbound, Rating.replaced_by, Rating.terminal, Chain.chain_id,
            Record.seq, Record.hash, Record.received_at,
        )
        .join(Counter)
        .switch(RatingChange)
        .join(Rating, JOIN.LEFT_OUTER, on=(Rating.record == RatingChange.record))
        .join(Record, JOIN.LEFT_OUTER, on=(Record.id == Rating.record))
        .join(Chain, JOIN.LEFT_OUTER, on=(Chain.id == Record.chain))
    )  # fmt: skip
