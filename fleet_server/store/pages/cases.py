"""Cases to be explained, as lists and counts show them."""

from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, SQL, Case, fn

from fleet_server.core.case_figures import Alike
from fleet_server.core.cases import OVER, STATES, State
from fleet_server.core.roles import Scope
from fleet_server.store.accounts import User
from fleet_server.store.database import rows
from fleet_server.store.models import CaseFile, Counter, CounterPlace, Unit
from fleet_server.store.pages.within import within

WAITING: tuple[State, ...] = tuple(state for state in STATES if state not in OVER)
UNEXPLAINED: tuple[State, ...] = tuple(state for state in WAITING if state != "answered")


@dataclass(frozen=True, slots=True)
class Sight:
    """Which cases somebody sees: those of ``cases``, confined ones where they see evidence."""

    cases: Scope
    evidence: Scope

    def covers(self, unit: int | None, confined: bool) -> bool:
        """Whether a case that is a unit's now is seen."""
        return self.cases.covers(unit) and (not confined or self.evidence.covers(unit))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are listed.

    Attributes:
        states: in which they are.
        overdue_at: only those whose deadline is over by then, in Unix milliseconds.
        assignee: only those of this account.
        counter: only those of the counter with this code.
        late: only those that were answered after their deadline.
        due_after: only those whose deadline is later, in Unix milliseconds.
    """

    states: tuple[State, ...] = WAITING
    overdue_at: int | None = None
    assignee: int | None = None
    counter: str | None = None
    late: bool = False
    due_after: int | None = None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case of a list; ``unit``, its code and name are whose it is now, None for the fleet's."""

    id: int
    grain: str
    confined: bool
    day: str
    counter: str
    counter_name: str
    unit: int | None
    unit_code: str | None
    unit_name: str | None
    opened_at: int
    state: State
    due: int | None
    late: bool
    level: int
    assignee: str | None
    citizens_side: bool | None


def cases(sight: Sight, wanted: Wanted, start: int, limit: int) -> list[CaseRow]:
    """Return cases: what is due first, and of what is closed the newest, first."""
    first = Case(None, [(CaseFile.due.is_null(), 1)], 0)
    query = _asked(_cases(), sight, wanted).order_by(first, CaseFile.due, CaseFile.id.desc())
    return [CaseRow(*row) for row in rows(query.offset(start).limit(limit))]


def newest(sight: Sight, wanted: Wanted, before: int, limit: int) -> list[CaseRow]:
    """Return cases, the newest first, before one; 0 begins with the newest."""
    query = _asked(_cases(), sight, wanted).order_by(CaseFile.id.desc()).limit(limit)
    if before:
        query = query.where(CaseFile.id < before)
    return [CaseRow(*row) for row in rows(query)]


def _cases() -> Any:
    return (
        CaseFile.select(
            CaseFile.id, CaseFile.grain, CaseFile.confined, CaseFile.day, Counter.code,
            Counter.name, CaseFile.unit, Unit.code, Unit.name, CaseFile.opened_at,
            CaseFile.state, CaseFile.due, CaseFile.late, CaseFile.level,
            fn.COALESCE(fn.NULLIF(User.name, ""), User.email), CaseFile.citizens_side,
        )
        .join(Counter)
        .join(Unit, JOIN.LEFT_OUTER, on=(CaseFile.unit == Unit.id))
        .join(User, JOIN.LEFT_OUTER, on=(CaseFile.assignee == User.id))
    )  # fmt: skip


def count(sight: Sight, wanted: Wanted) -> int:
    """Return how many cases there are of those."""
    query = CaseFile.select(fn.COUNT(CaseFile.id)).join(Counter)
    [(number,)] = rows(_asked(query, sight, wanted))
    return int(number)


def by_state(sight: Sight, wanted: Wanted) -> dict[State, int]:
    """Return how many cases there are in each state, whichever states are wanted."""
    query = CaseFile.select(CaseFile.state, fn.COUNT(CaseFile.id)).join(Counter)
    found = rows(_asked(query, sight, replace(wanted, states=STATES)).group_by(CaseFile.state))
    return dict.fromkeys(STATES, 0) | dict(found)


def alike(scope: Scope, now: int, days: tuple[str, str] | None = None) -> list[Alike]:
    """Return how many cases of a part of the fleet stand how, for `case_figures.counts`.

    Args:
        scope: whose they are now.
        now: Unix milliseconds.
        days: only those whose own day lies between these two, both included.
    """
    kinds = (CaseFile.unit, CaseFile.confined, CaseFile.state, CaseFile.late)
    flags = (
        Case(None, [(CaseFile.due <= now, 1)], 0).alias("past"),
        Case(CaseFile.citizens_side, [(True, 1)], 0).alias("ruled"),
    )
    query = within(CaseFile.select(*kinds, *flags, fn.COUNT(CaseFile.id)), scope, CaseFile.unit)
    if days is not None:
        query = query.where(CaseFile.day.between(*days))
    return [
        Alike(unit, bool(confined), state, bool(late), bool(is_over), number, bool(ruled))
        for unit, confined, state, late, is_over, ruled, number in rows(
            query.group_by(*kinds, SQL("past"), SQL("ruled"))
        )
    ]


def _asked(query: Any, sight: Sight, wanted: Wanted) -> Any:
    query = within(query.where(CaseFile.state.in_(wanted.states)), sight.cases, CaseFile.unit)
    if sight.evidence.units is not None:
        told = CaseFile.confined == False  # noqa: E712  # a column
        query = query.where(told | CaseFile.unit.in_(sorted(sight.evidence.units)))
    if wanted.overdue_at is not None:
        query = query.where(CaseFile.due <= wanted.overdue_at)
    if wanted.due_after is not None:
        query = query.where(CaseFile.due > wanted.due_after)
    if wanted.assignee is not None:
        query = query.where(CaseFile.assignee == wanted.assignee)
    if wanted.counter is not None:
        query = query.where(Counter.code == wanted.counter)
    if wanted.late:
        query = query.where(CaseFile.late == True)  # noqa: E712  # a column
    return query


def ruled_out(
    first: str, last: str, units: frozenset[int] | None, counter: int | None = None
) -> int:
    """Return how many ratings told of from one day to another are ruled out of the second figure.

    They are those of `fleet_server.core.case_figures.ruled_out`.

    Args:
        first: the first day.
        last: the last day.
        units: of the counters that lay there on the day; None for all.
        counter: only of this one.
    """
    lay = (
        (CounterPlace.counter == CaseFile.counter)
        & (CounterPlace.since_day <= CaseFile.day)
        & (CounterPlace.until_day > CaseFile.day)
    )
    query = (
        CaseFile.select(fn.COUNT(CaseFile.id))
        .join(CounterPlace, on=lay)
        .where(
            CaseFile.citizens_side == True,  # noqa: E712  # a column
            CaseFile.grain == "rating",
            CaseFile.confined == False,  # noqa: E712  # a column
            CaseFile.day.between(first, last),
        )
    )
    query = within(query, Scope(units), CounterPlace.unit)
    if counter is not None:
        query = query.where(CaseFile.counter == counter)
    [(number,)] = rows(query)
    return int(number)


def names(people: set[int]) -> dict[int, str]:
    """Return what accounts are called, by their ids."""
    query = User.select(User.id, User.name, User.email).where(User.id.in_(sorted(people)))
    return {number: name or email for number, name, email in rows(query)}
