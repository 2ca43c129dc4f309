"""Reading the audit log: page by page, filtered, and kept to a part of the fleet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Value, fn

from fleet_server.core.audit_log import Entry
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import AuditEntry, Counter, Terminal, Unit

PAGE = 50

_COLUMNS = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.subject,
    AuditEntry.details,
    AuditEntry.previous,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are asked for; empty texts and None mean all.

    Attributes:
        who: part of the actor.
        what: an action, or what several begin with, such as ``person.``.
        subject: part of the subject.
        since: Unix milliseconds, included.
        until: Unix milliseconds, left out.
    """

    who: str = ""
    what: str = ""
    subject: str = ""
    since: int | None = None
    until: int | None = None


def page(wanted: Filter, before: int | None, scope: Scope) -> tuple[list[Entry], int | None]:
    """Return a page of entries, newest first, and the cursor of the next page or None."""
    query = _chosen(wanted, scope)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    found = [Entry(*row) for row in rows(query.order_by(AuditEntry.id.desc()).limit(PAGE + 1))]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def entry(number: int, scope: Scope) -> Entry | None:
    """Return one entry, if it is in that part of the fleet."""
    found = rows(_chosen(Filter(), scope).where(AuditEntry.id == number))
    return Entry(*found[0]) if found else None


def every(wanted: Filter, upto: int, scope: Scope) -> Iterator[Entry]:
    """Yield all entries up to a number, oldest first, some hundred from the database at a time."""
    number = 0
    while True:
        query = _chosen(wanted, scope).where(AuditEntry.id > number, AuditEntry.id <= upto)
        found = [Entry(*row) for row in rows(query.order_by(AuditEntry.id).limit(500))]
        yield from found
        if not found:
            return
        number = found[-1].id


def actions(scope: Scope = EVERYTHING) -> list[str]:
    """Return the actions that there are entries of."""
    query = _within(AuditEntry.select(AuditEntry.action).distinct(), scope)
    return [row[0] for row in rows(query.order_by(AuditEntry.action))]


def _chosen(wanted: Filter, scope: Scope) -> Any:
    query = _within(AuditEntry.select(*_COLUMNS), scope)
    if wanted.who:
        query = query.where(_holds(AuditEntry.actor, wanted.who))
    if wanted.subject:
        query = query.where(_holds(AuditEntry.subject, wanted.subject))
    if wanted.what.endswith("."):
        query = query.where(AuditEntry.action.startswith(wanted.what))
    elif wanted.what:
        query = query.where(AuditEntry.action == wanted.what)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return query


def _holds(column: Any, text: str) -> Any:
    # Capitals don't matter; peewee keeps what a person typed from being a pattern.
    return fn.LOWER(column).contains(text.lower())


def _within(query: Any, scope: Scope) -> Any:
    """Keep to entries about units, counters and terminals of a branch."""
    if scope.units is None:
        return query
    inside = sorted(scope.units)
    where = fn.COALESCE(Counter.unit, Terminal.unit)
    terminals = Terminal.select(Value("terminal:").concat(Terminal.id))
    terminals = terminals.join(Counter, JOIN.LEFT_OUTER, on=(Terminal.counter == Counter.id))
    return query.where(
        AuditEntry.subject.in_(
            Unit.select(Value("unit:").concat(Unit.code)).where(Unit.id.in_(inside))
        )
        | AuditEntry.subject.in_(
            Counter.select(Value("counter:").concat(Counter.code)).where(Counter.unit.in_(inside))
        )
        | AuditEntry.subject.in_(terminals.where(where.in_(inside)))
    )
