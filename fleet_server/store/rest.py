"""What the REST interface reads besides the pages' own queries."""

from collections.abc import Collection
from dataclasses import dataclass

from peewee import SQL, Case, fn

from fleet_server.core.participation import COUNTED
from fleet_server.store.database import proxy, rows, writing
from fleet_server.store.models import (
    Chain,
    Hourly,
    Matter,
    Terminal,
    TerminalStatus,
    Visit,
)
from fleet_server.store.pages.sums import COLUMNS
from wire.records import CHOICES


@dataclass(frozen=True, slots=True)
class Sources:
    """Who told of the served visits, and of how many visits the sources tell differently."""

    both: int = 0
    rest: int = 0
    terminal: int = 0
    disagreements: int = 0

    def __add__(self, other: "Sources") -> "Sources":
        """Return both together."""
        return Sources(
            self.both + other.both,
            self.rest + other.rest,
            self.terminal + other.terminal,
            self.disagreements + other.disagreements,
        )


def sources(
    first_day: str, last_day: str, counters: Collection[int], letters: int = 0
) -> dict[tuple[int, str], Sources]:
    """Return the sources of some counters' visits from one day to another, both included.

    By counter and by the first ``letters`` of the day.
    """

    def count(condition: object) -> object:
        return fn.SUM(Case(None, [(condition, 1)], 0))

    served = Visit.ended.in_(("closed", "followed"))
    step = fn.SUBSTR(Visit.day, 1, letters)
    query = (
        Visit.select(
            Visit.counter,
            step.alias("step"),
            count(served & Visit.by_rest & Visit.by_terminal),
            count(served & Visit.by_rest & ~Visit.by_terminal),
            count(served & ~Visit.by_rest & Visit.by_terminal),
            count(Visit.disagreement.is_null(False)),
        )
        .where(Visit.day.between(first_day, last_day), Visit.counter.in_(sorted(counters)))
        .group_by(Visit.counter, SQL("step"))
    )
    return {(counter, day): Sources(*numbers) for counter, day, *numbers in rows(query)}


@dataclass(frozen=True, slots=True)
class Head:
    """The newest chain of a terminal, and how far the server holds it."""

    chain: str
    seq: int
    hash: str


def heads(terminals: Collection[str]) -> dict[str, Head]:
    """Return the head of the newest chain of each of some terminals."""
    newest = Chain.select(fn.MAX(Chain.id)).where(Chain.terminal.in_(terminals))
    newest = newest.group_by(Chain.terminal)
    query = Chain.select(Chain.terminal, Chain.chain_id, Chain.head_seq, Chain.head_hash)
    return {name: Head(*head) for name, *head in rows(query.where(Chain.id.in_(newest)))}


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
    states = states.join(Terminal).where(Terminal.retired_at.is_null())
    matters = Matter.select(Matter.kind, fn.COUNT(Matter.id)).where(Matter.closed_at.is_null())
    (sums,) = rows(Hourly.select(*COLUMNS))
    told = zip(COUNTED, (number or 0 for number in sums), strict=True)
    return Figures(
        terminals=dict(rows(states.group_by(TerminalStatus.state))),
        waiting=backlog().records,
        matters=dict(rows(matters.group_by(Matter.kind))),
        # Who looks every second would read each citizen's choice off them.
        sums={name: number for name, number in told if name not in CHOICES},
    )
