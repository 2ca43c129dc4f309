"""What the REST interface reads besides the pages' own queries."""

from dataclasses import dataclass

from peewee import Case, fn

from fleet_server.core.days import Day
from fleet_server.store.database import proxy, rows, writing
from fleet_server.store.models import (
    Chain,
    Counter,
    Hourly,
    Matter,
    Terminal,
    TerminalStatus,
    Visit,
)
from fleet_server.store.pages.sums import COLUMNS, NAMES


@dataclass(frozen=True, slots=True)
class Sources:
    """Who told of the served visits, and of how many visits the sources tell differently."""

    both: int = 0
    rest: int = 0
    terminal: int = 0
    disagreements: int = 0


def sources(first: Day, last: Day) -> dict[int, Sources]:
    """Return the sources of each counter's visits from one day to another, both included."""

    def count(condition: object) -> object:
        return fn.SUM(Case(None, [(condition, 1)], 0))

    served = Visit.ended.in_(("closed", "followed"))
    query = (
        Visit.select(
            Visit.counter,
            count(served & Visit.by_rest & Visit.by_terminal),
            count(served & Visit.by_rest & ~Visit.by_terminal),
            count(served & ~Visit.by_rest & Visit.by_terminal),
            count(Visit.disagreement.is_null(False)),
        )
        .where(Visit.day.between(first.name, last.name))
        .group_by(Visit.counter)
    )
    return {counter: Sources(*numbers) for counter, *numbers in rows(query)}


@dataclass(frozen=True, slots=True)
class Head:
    """The newest chain of a terminal, and how far the server holds it."""

    chain: str
    seq: int
    hash: str


def heads() -> dict[str, Head]:
    """Return the head of each terminal's newest chain."""
    newest = Chain.select(fn.MAX(Chain.id)).group_by(Chain.terminal)
    query = Chain.select(Chain.terminal, Chain.chain_id, Chain.head_seq, Chain.head_hash)
    return {name: Head(*head) for name, *head in rows(query.where(Chain.id.in_(newest)))}


def has_counter(code: str) -> bool:
    """Whether there is a counter with this code."""
    return bool(Counter.select().where(Counter.code == code).exists())


def check_writable() -> None:
    """Take the write lock and let it go.

    Raises:
        peewee.PeeweeException: the database can't be read or written.
    """
    with writing(), proxy.atomic() as nested:
        nested.rollback()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits in terminals that are in use, as they say; ``oldest`` in Unix milliseconds."""

    records: int
    terminals: int
    oldest: int | None


def backlog() -> Backlog:
    """Return what waits in all terminals together."""
    query = (
        TerminalStatus.select(
            fn.SUM(TerminalStatus.waiting),
            fn.COUNT(TerminalStatus.terminal),
            fn.MIN(TerminalStatus.oldest_waiting_at),
        )
        .join(Terminal)
        .where(Terminal.retired_at.is_null(), TerminalStatus.waiting > 0)
    )
    [(records, terminals, oldest)] = rows(query)
    return Backlog(int(records or 0), int(terminals), oldest)


@dataclass(frozen=True, slots=True)
class Figures:
    """What ``/metrics`` shows of the database."""

    terminals: dict[str, int]
    waiting: int
    matters: dict[str, int]
    sums: dict[str, int]


def figures() -> Figures:
    """Return the figures of the whole fleet."""
    states = TerminalStatus.select(TerminalStatus.state, fn.COUNT(TerminalStatus.terminal))
    waiting = TerminalStatus.select(fn.SUM(TerminalStatus.waiting)).scalar()
    matters = Matter.select(Matter.kind, fn.COUNT(Matter.id)).where(Matter.closed_at.is_null())
    (sums,) = rows(Hourly.select(*COLUMNS))
    return Figures(
        terminals=dict(rows(states.group_by(TerminalStatus.state))),
        waiting=int(waiting or 0),
        matters=dict(rows(matters.group_by(Matter.kind))),
        sums=dict(zip(NAMES, (number or 0 for number in sums), strict=True)),
    )
