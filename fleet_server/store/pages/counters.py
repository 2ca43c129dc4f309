"""Counters and units, and the lists behind one counter's day.

No choice leaves this file together with a visit.
"""

from dataclasses import dataclass
from typing import Any, Literal

from peewee import JOIN, Case, fn

from fleet_server.core import alphabet
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Rating, Record, Terminal, Unit, Visit
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within

VisitFilter = Literal["all", "served", "rated", "unrated", "disagreement"]
LIST_LIMIT = 500


@dataclass(frozen=True, slots=True)
class CounterFacts:
    """A counter and where it is; ``closed`` is the day from which it is, if it is."""

    id: int
    code: str
    name: str
    unit: int
    unit_code: str
    unit_name: str
    closed: str | None

    def stood(self, day: str) -> bool:
        """Whether it was there on a day, or is after it."""
        return self.closed is None or self.closed > day


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of a day. ``rated``: 1 where a rating stands, else 0; which one, is not told."""

    id: str
    ticket: str
    service: str | None
    first_at: int
    called_at: int | None
    served_at: int | None
    ended: str | None
    by_rest: bool
    by_terminal: bool
    disagreement: str | None
    rated: int


@dataclass(frozen=True, slots=True)
class UncountedRow:
    """A rating that does not count, and why; its choice is not told."""

    terminal: str
    seq: int
    at: int
    at_quality: str
    ticket: str | None
    contested: bool
    disputed: bool
    unbound: bool


def _counters() -> Any:
    return Counter.select(
        Counter.id,
        Counter.code,
        Counter.name,
        Counter.unit,
        Unit.code.alias("unit_code"),
        Unit.name.alias("unit_name"),
        Counter.closed_day,
    ).join(Unit)


def counters(scope: Scope = EVERYTHING) -> list[CounterFacts]:
    """Return the counters, by the names of their units and by code, closed ones too."""
    held = (CounterFacts(*found) for found in rows(within(_counters(), scope, Counter.unit)))
    return sorted(held, key=lambda one: (alphabet.place(one.unit_name), one.unit_code, one.code))


def counter(code: str) -> CounterFacts | None:
    """Return one counter by its code."""
    found = first(_counters().where(Counter.code == code))
    return CounterFacts(*found) if found else None


def by_id(counter_id: int) -> CounterFacts:
    """Return one counter by its row."""
    [found] = rows(_counters().where(Counter.id == counter_id))
    return CounterFacts(*found)


def terminals_at(counter_id: int) -> list[str]:
    """Return the ids of the terminals in use at a counter."""
    query = Terminal.select(Terminal.id).where(
        Terminal.counter == counter_id, Terminal.retired_at.is_null()
    )
    return [found[0] for found in rows(query.order_by(Terminal.id))]


def visits(counter_id: int, day: str, show: VisitFilter = "all") -> list[VisitRow]:
    """Return the visits of one counter's day, newest first, at most `LIST_LIMIT`."""
    rated = fn.EXISTS(Rating.select(Rating.record).where(Rating.visit == Visit.id, Rating.standing))
    query = Visit.select(
        Visit.id,
        Visit.ticket,
        Visit.service,
        Visit.first_at,
        Visit.called_at,
        Visit.served_at,
        Visit.ended,
        Visit.by_rest,
        Visit.by_terminal,
        Visit.disagreement,
        Case(None, [(rated, 1)], 0).alias("rated"),
    ).where(Visit.counter == counter_id, Visit.day == day)
    if show in ("served", "unrated"):
        query = query.where(Visit.served_at.is_null(False))
    if show == "rated":
        query = query.where(rated)
    if show == "unrated":
        query = query.where(~rated)
    if show == "disagreement":
        query = query.where(Visit.disagreement.is_null(False))
    found = rows(query.order_by(Visit.first_at.desc(), Visit.id).limit(LIST_LIMIT))
    return [VisitRow(*columns) for columns in found]


def uncounted(counter_id: int, start_ms: int, end_ms: int) -> list[UncountedRow]:
    """Return one counter's ratings of a time that don't count, newest first."""
    query = (
        Rating.select(
            Rating.terminal,
            Record.seq,
            Rating.at,
            Rating.at_quality,
            Visit.ticket,
            Rating.contested,
            Rating.disputed,
            Rating.unbound,
        )
        .join(Record, on=(Rating.record == Record.id))
        .join(Visit, JOIN.LEFT_OUTER, on=(Rating.visit == Visit.id))
        .where(
            Rating.counter == counter_id,
            Rating.at >= start_ms,
            Rating.at < end_ms,
            Rating.contested | Rating.disputed | Rating.unbound,
        )
        .order_by(Rating.at.desc(), Rating.record)
        .limit(LIST_LIMIT)
    )
    return [UncountedRow(*found) for found in rows(query)]


def code_of(counter: int) -> str | None:
    """Return the code of a counter by its id."""
    found = first(Counter.select(Counter.code).where(Counter.id == counter))
    return str(found[0]) if found else None
