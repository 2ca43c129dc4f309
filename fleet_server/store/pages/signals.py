"""Signs of cheating for their pages: lists of a part of the fleet, and one with its days."""

from dataclasses import dataclass
from typing import Any, Literal

from peewee import fn

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.core.signals.rules import Severity
from fleet_server.core.signals.ruling import Verdict
from fleet_server.core.signals.tally import RuleName
from fleet_server.store import counter_tallies
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Signal, Unit
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within

Show = Literal["waiting", "upheld", "dismissed", "all"]


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One signal; days are YYYY-MM-DD, ``moments`` Unix milliseconds.

    Attributes:
        unit: where the counter lay when it was opened; who sees that unit sees the signal.
        since: with ``until``, the days of the look whose figures are told.
        last_day: the last one on whose evening it was still told.
        verdict: what was ruled last; None while it waits.
    """

    id: int
    rule: RuleName
    severity: Severity
    since: str
    until: str
    hits: int
    of: int
    honest: float
    chance: float
    moments: list[int]
    opened_at: int
    last_day: str
    verdict: Verdict | None
    counter: int
    code: str
    name: str
    unit: int
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which signals a list is about."""

    scope: Scope = EVERYTHING
    show: Show = "waiting"
    rule: str | None = None
    counter: str | None = None


def signals(wanted: Wanted, start: int, size: int) -> list[SignalRow]:
    """Return a piece of a list: the strong ones first, then the newest."""
    query = _chosen(wanted, _signals())
    strong = (Signal.severity == "strong").desc()
    ordered = query.order_by(strong, Signal.last_day.desc(), Signal.id.desc())
    return [SignalRow(*row) for row in rows(ordered.offset(start).limit(size))]


def newest(wanted: Wanted, before: int, limit: int) -> list[SignalRow]:
    """Return signals, the newest first, before one; 0 begins with the newest."""
    query = _chosen(wanted, _signals()).order_by(Signal.id.desc()).limit(limit)
    return [SignalRow(*row) for row in rows(query.where(Signal.id < before) if before else query)]


def count(wanted: Wanted) -> int:
    """Return how many signals a list has."""
    [(found,)] = rows(_chosen(wanted, _joined(fn.COUNT(Signal.id))))
    return int(found)


def signal(number: int) -> SignalRow | None:
    """Return one signal."""
    found = first(_signals().where(Signal.id == number))
    return SignalRow(*found) if found else None


def days(row: SignalRow) -> list[tuple[str, int, int]]:
    """Return each day of a signal with its hits and trials, as far as days are still kept."""
    held = counter_tallies.days(row.counter, row.since, row.last_day)
    found = [(day, tallies[row.rule]) for day, tallies in held]
    return [(day, tally.hits, tally.of) for day, tally in found if tally.of]


def _signals() -> Any:
    return _joined(
        Signal.id, Signal.rule, Signal.severity, Signal.since, Signal.until, Signal.hits, Signal.of,
        Signal.honest, Signal.chance, Signal.moments, Signal.opened_at, Signal.last_day,
        Signal.verdict, Signal.counter, Counter.code, Counter.name, Signal.unit, Unit.code,
        Unit.name,
    )  # fmt: skip


def _joined(*columns: Any) -> Any:
    joined = Signal.select(*columns).join(Counter)
    return joined.join(Unit, on=(Signal.unit == Unit.id))


def _chosen(wanted: Wanted, query: Any) -> Any:
    query = within(query, wanted.scope, Signal.unit)
    if wanted.show == "waiting":
        query = query.where(Signal.verdict.is_null())
    elif wanted.show != "all":
        query = query.where(Signal.verdict == wanted.show)
    if wanted.rule is not None:
        query = query.where(Signal.rule == wanted.rule)
    if wanted.counter is not None:
        query = query.where(Counter.code == wanted.counter)
    return query
