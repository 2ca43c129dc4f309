"""Ratings that no terminal signed: taking them, and saying which stood when their day was over.

What is told of them and how is in `fleet_server.core.channels`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from fleet_server.core.channels import Known, Row, Standing, Unsigned, judge
from fleet_server.core.roles import Scope
from fleet_server.core.tree import Tree
from fleet_server.store import changes
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Counter,
    CounterPlace,
    Rating,
    UnsignedRating,
    UnsignedWithdrawal,
)
from fleet_server.store.sql import ask, insert, marks, parts, run
from fleet_server.store.visit_names import norm


@dataclass(frozen=True, slots=True)
class Taking:
    """When ratings are taken and by whom.

    Attributes:
        now: Unix milliseconds.
        today: the day of that, YYYY-MM-DD.
        actor: who enters them, as in the audit log.
        file: the SHA-256 of the list that they came in, or None.
    """

    now: int
    today: str
    actor: str
    file: str | None = None


_COLUMNS = (
    "way", "choice", "at", "taken", "day", "unit_id", "counter_id", "ticket", "visit",
    "entered_by", "file",
)  # fmt: skip


def take(given: Iterable[Row], taking: Taking, visit: str | None = None) -> int:
    """Take ratings, in a write transaction; return how many they were.

    Args:
        given: the ratings.
        taking: when, and by whom.
        visit: the visit that they are of, where it is known and need not be found by a ticket.
    """
    lines = [_line(row, taking, visit) for row in given]
    insert("unsigned_rating", _COLUMNS, lines)
    changes.note(changes.CHANNELS)
    return len(lines)


def _line(row: Row, taking: Taking, visit: str | None) -> tuple[object, ...]:
    ticket, counter = None if row.ticket is None else norm(row.ticket), row.counter
    if visit is None:
        visit, counter = _visit(row.unit, row.counter, row.day, ticket)
    return (
        row.way, row.choice, taking.now, taking.today, row.day, row.unit, counter, ticket, visit,
        taking.actor, taking.file,
    )  # fmt: skip


def _visit(
    unit: int, counter: int | None, day: str, ticket: str | None
) -> tuple[str | None, int | None]:
    """Return the visit that a ticket means, the first of them, and its counter as far as known."""
    if ticket is None:
        return None, counter
    found = ask(
        "SELECT v.id, v.counter_id FROM visit v JOIN counter_place p "
        "ON p.counter_id = v.counter_id AND p.since_day <= v.day AND p.until_day > v.day "
        "WHERE v.day = ? AND v.ticket_norm = ? AND p.unit_id = ? AND v.counter_id = "
        "COALESCE(?, v.counter_id) ORDER BY v.first_at, v.id LIMIT 1",
        day, ticket, unit, counter,
    )  # fmt: skip
    return found[0] if found else (None, counter)


def known_file(sha256: str) -> tuple[str, str] | None:
    """Return when and by whom a list was taken already, or None; one withdrawn whole was not."""
    found = ask(
        "SELECT taken, entered_by FROM unsigned_rating WHERE file = ? AND id NOT IN "
        "(SELECT rating_id FROM unsigned_withdrawal) ORDER BY id LIMIT 1", sha256,
    )  # fmt: skip
    return found[0] if found else None


def known(tree: Tree, scope: Scope, today: str) -> Known:
    """Return what rows may name of a scope."""
    units = {node.code: node.id for node in tree if scope.covers(node.id)}

    @cache
    def places() -> dict[str, list[tuple[int, int, str, str]]]:
        found: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
        query = CounterPlace.select(
            Counter.code, Counter.id, CounterPlace.unit, CounterPlace.since_day,
            CounterPlace.until_day,
        )  # fmt: skip
        for code, *place in rows(query.join(Counter)):
            found[code].append(tuple(place))
        return found

    def counter(code: str, day: str) -> tuple[int, int] | None:
        spells = places().get(code, [])
        return next((spell[:2] for spell in spells if spell[2] <= day < spell[3]), None)

    return Known(units, counter, date.fromisoformat(today))


# ---- when a day is over ----


def is_due(today: str) -> bool:
    """Whether there are ratings of days before one of which nobody has written down that yet."""
    found = ask("SELECT 1 FROM unsigned_rating WHERE stood IS NULL AND taken < ? LIMIT 1", today)
    return bool(found)


def close_days(today: str) -> int:
    """Write down which ratings of the days before one stood; return how many were looked at.

    In a write transaction. A ticket that nobody had told of when it was entered may be known by
    now, and is looked for once more.
    """
    due = UnsignedRating.stood.is_null() & (UnsignedRating.taken < today)
    unknown = UnsignedRating.ticket.is_null(False) & UnsignedRating.visit.is_null()
    for row in UnsignedRating.select().where(due, unknown):
        visit, counter = _visit(row.unit_id, row.counter_id, row.day, row.ticket)
        if visit is not None:
            change = UnsignedRating.update(visit=visit, counter=counter)
            change.where(UnsignedRating.id == row.id).execute()
    ratings = held(due)
    judged = judgements(ratings)
    for standing, name in ((True, "standing"), (False, "second")):
        for ids in parts([number for number, verdict in judged.items() if verdict == name]):
            run(f"UPDATE unsigned_rating SET stood = ? WHERE id IN {marks(ids)}", standing, *ids)
    changes.note(changes.CHANNELS)
    return len(ratings)


_HELD = (
    UnsignedRating.id, UnsignedRating.way, UnsignedRating.choice, UnsignedRating.taken,
    UnsignedRating.day, UnsignedRating.unit, UnsignedRating.counter, UnsignedRating.visit,
    UnsignedRating.entered_by,
)  # fmt: skip


def held(*conditions: Any) -> list[Unsigned]:
    """Return the ratings that conditions of a query choose, as the rules see them.

    Those that were withdrawn are not among them.
    """
    gone = UnsignedWithdrawal.select(UnsignedWithdrawal.rating)
    query = UnsignedRating.select(*_HELD).where(*conditions, UnsignedRating.id.not_in(gone))
    return [Unsigned(*row) for row in rows(query)]


def judgements(ratings: Iterable[Unsigned]) -> dict[int, Standing]:
    """Return which of some ratings stand now, beside all others of their tickets."""
    asked = {one.id: one for one in ratings}
    visits = sorted({one.visit for one in asked.values() if one.visit is not None})
    beside = list(asked.values())
    signed: set[str] = set()
    for ids in parts(visits):
        beside += [one for one in held(UnsignedRating.visit.in_(ids)) if one.id not in asked]
        standing = Rating.select(Rating.visit).where(Rating.visit.in_(ids), Rating.standing)
        signed |= {visit for (visit,) in rows(standing)}
    return {number: said for number, said in judge(beside, signed).items() if number in asked}
