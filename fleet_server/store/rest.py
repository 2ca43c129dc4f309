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
from fleet_server.store.sql import ask, marks
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


def service_sources(
    units: Collection[int] | None, first: str, last: str, letters: int, counter: int | None
) -> dict[tuple[str, str], Sources]:
    """Return the sources of visits by service, empty where none is known, and by step.

    Args:
        units: of the visits at counters that lay there on their day; None for all.
        first: the first day.
        last: the last day.
        letters: how much of a day's name a step is.
        counter: only of this one.
    """
    conditions: list[str] = ["v.day BETWEEN ? AND ?"]
    values: list[object] = [first, last]
    only = None if counter is None else [counter]
    for column, ids in (("p.unit_id", units), ("v.counter_id", only)):
        if ids is not None:
            conditions.append(f"{column} IN {marks(sorted(ids))}")
            values += sorted(ids)
    served = "v.ended IN ('closed', 'followed')"
    counted = (
        f"{served} AND v.by_rest AND v.by_terminal",
        f"{served} AND v.by_rest AND NOT v.by_terminal",
        f"{served} AND NOT v.by_rest AND v.by_terminal",
        "v.disagreement IS NOT NULL",
    )
    sums = ", ".join(f"SUM(CASE WHEN {one} THEN 1 ELSE 0 END)" for one in counted)
    found = ask(
        f"SELECT COALESCE(v.service, '') AS named, SUBSTR(v.day, 1, {int(letters)}) AS step, "
        f"{sums} FROM visit v JOIN counter_place p ON p.counter_id = v.counter_id "
        "AND p.since_day <= v.day AND p.until_day > v.day "
        f"WHERE {' AND '.join(conditions)} GROUP BY named, step",
        *values,
    )
    return {(service, step): Sources(*numbers) for service, step, *numbers in found}


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
