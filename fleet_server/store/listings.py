"""Lists that other programs read page by page: units, counters, terminals, matters.

A page begins after a cursor, which is the code or id of the last one that was read, so that what
comes or goes meanwhile moves nothing. Each list is asked for one more than a page holds.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import Scope
from fleet_server.store.concerned import concerning, with_units
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Matter, Terminal, TerminalStatus, Unit
from fleet_server.store.pages.within import within


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit; ``parent`` is the row of the one that it lies in, ``closed`` since which day."""

    id: int
    code: str
    name: str
    kind: str
    parent: int | None
    closed: str | None


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter and its unit; ``closed`` since which day."""

    id: int
    code: str
    name: str
    unit_id: int
    unit: str
    closed: str | None


@dataclass(frozen=True, slots=True)
class TerminalRow:
    """A terminal as it was last heard of."""

    id: str
    counter: str | None
    unit: str | None
    retired_at: int | None
    state: str | None
    state_at: int | None
    last_seen: int | None
    waiting: int | None
    oldest_waiting_at: int | None
    clock: str | None
    firmware: str | None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter."""

    id: int
    kind: str
    terminal: str | None
    chain: str | None
    seq: int | None
    opened_at: int
    closed_at: int | None
    closed_by: str | None
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which terminals or matters; None asks for all.

    Attributes:
        counter: code of a counter.
        state: what terminals said last.
        retired: retired ones, or the others.
        kind: of matters.
        closed: closed matters, or open ones.
    """

    counter: str | None = None
    state: str | None = None
    retired: bool | None = None
    kind: str | None = None
    closed: bool = False


PLACE = fn.COALESCE(Counter.unit, Terminal.unit)
"""The unit of a terminal: where its counter is, or which keeps it."""


def units(scope: Scope, after: str, limit: int) -> list[UnitRow]:
    """Return units by their codes, after one."""
    query = Unit.select(
        Unit.id, Unit.code, Unit.name, Unit.kind, Unit.parent, Unit.closed_day
    ).where(Unit.code > after)
    return [
        UnitRow(*row)
        for row in rows(within(query, scope, Unit.id).order_by(Unit.code).limit(limit))
    ]


def counters(
    scope: Scope, after: str = "", limit: int | None = None, code: str | None = None
) -> list[CounterRow]:
    """Return counters by their codes, after one; with a code that one."""
    query = (
        Counter.select(
            Counter.id, Counter.code, Counter.name, Unit.id, Unit.code, Counter.closed_day
        )
        .join(Unit)
        .where(Counter.code > after)
        .order_by(Counter.code)
        .limit(limit)
    )
    if code is not None:
        query = query.where(Counter.code == code)
    return [CounterRow(*row) for row in rows(within(query, scope, Counter.unit))]


def terminals_at(counters: Collection[int]) -> dict[int, list[str]]:
    """Return the ids of the terminals in use at each of some counters."""
    query = Terminal.select(Terminal.counter, Terminal.id).where(
        Terminal.counter.in_(counters), Terminal.retired_at.is_null()
    )
    found: dict[int, list[str]] = {}
    for counter, terminal in rows(query.order_by(Terminal.id)):
        found.setdefault(counter, []).append(terminal)
    return found


def terminals(scope: Scope, wanted: Wanted, after: str, limit: int) -> list[TerminalRow]:
    """Return terminals by their ids, after one."""
    status = TerminalStatus
    query = (
        Terminal.select(
            Terminal.id, Counter.code, Unit.code, Terminal.retired_at, status.state,
            status.state_at, status.last_seen, status.waiting, status.oldest_waiting_at,
            status.clock, status.firmware,
        )
        .join(Counter, JOIN.LEFT_OUTER)
        .join(Unit, JOIN.LEFT_OUTER, on=(Unit.id == PLACE))
        .join(status, JOIN.LEFT_OUTER, on=(status.terminal == Terminal.id))
        .where(Terminal.id > after)
        .order_by(Terminal.id)
        .limit(limit)
    )  # fmt: skip
    if wanted.counter is not None:
        query = query.where(Counter.code == wanted.counter)
    if wanted.state is not None:
        query = query.where(status.state == wanted.state)
    if wanted.retired is not None:
        query = query.where(Terminal.retired_at.is_null(not wanted.retired))
    return [TerminalRow(*row) for row in rows(within(query, scope, PLACE))]


def open_matters(terminals: Collection[str]) -> dict[str, int]:
    """Return how many matters of each of some terminals are open."""
    query = Matter.select(Matter.terminal, fn.COUNT(Matter.id)).where(
        Matter.terminal.in_(terminals), Matter.closed_at.is_null()
    )
    return dict(rows(query.group_by(Matter.terminal)))


def matters(scope: Scope, wanted: Wanted, before: int, limit: int) -> list[MatterRow]:
    """Return matters, the newest first, before one; 0 begins with the newest."""
    query = (
        Matter.select(
            Matter.id, Matter.kind, Matter.terminal, Matter.chain_id, Matter.seq, Matter.opened_at,
            Matter.closed_at, Matter.closed_by, Matter.details,
        )
        .where(Matter.closed_at.is_null(not wanted.closed))
        .order_by(Matter.id.desc())
        .limit(limit)
    )  # fmt: skip
    if before:
        query = query.where(Matter.id < before)
    if wanted.kind is not None:
        query = query.where(Matter.kind == wanted.kind)
    return [MatterRow(*row) for row in rows(concerning(with_units(query), scope))]
