"""Writing and reading the audit log: every change and every export, and who it was.

`note` belongs into the transaction of the change itself, so that neither is there without the
other.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fleet_server.core.audit_log import ROOT, Entry, faults
from fleet_server.store import sql
from fleet_server.store.database import in_order, rows
from fleet_server.store.models import AuditEntry
from wire.strictjson import dump

_COLUMNS = ("id", "at", "actor", "action", "subject", "details", "previous", "hash")


def note(
    actor: str, action: str, subject: str, details: Mapping[str, Any] | None = None, *, at: int
) -> None:
    """Add an entry; in the write transaction of what it tells.

    Args:
        actor: who, as `fleet_server.core.audit_log.Entry` has it.
        action: what was done, as ``unit.add``.
        subject: to what, as ``unit:P1``.
        details: what is worth knowing of it; no secret, and no choice of a citizen.
        at: Unix milliseconds.
    """
    note_all(actor, [(action, subject, dict(details or {}))], at=at)


def note_all(actor: str, entries: Iterable[tuple[str, str, Mapping[str, Any]]], *, at: int) -> None:
    """Add entries for all that was done at once: action, subject and details of each."""
    number, previous = head()
    found: list[tuple[object, ...]] = []
    for action, subject, details in entries:
        number += 1
        entry = Entry(number, at, actor, action, subject, dump(dict(details)).decode(), previous)
        previous = entry.hash
        found.append((*(getattr(entry, name) for name in _COLUMNS),))
    sql.insert("audit_entry", _COLUMNS, found)


def last(action: str) -> int | None:
    """Return when something was last done, in Unix milliseconds; None if it never was."""
    query = AuditEntry.select(AuditEntry.at).where(AuditEntry.action == action)
    found = query.order_by(AuditEntry.id.desc()).first()
    return int(found.at) if found else None


def head(before: int | None = None) -> tuple[int, str]:
    """Return number and hash of the newest entry; 0 and the root's hash where there is none.

    Args:
        before: only entries of an earlier moment, Unix milliseconds.
    """
    query = AuditEntry.select().order_by(AuditEntry.id.desc())
    last = (query if before is None else query.where(AuditEntry.at < before)).first()
    return (last.id, last.hash) if last else (0, ROOT)


def hash_at(number: int) -> str | None:
    """Return the hash that is held of an entry, or None if there is none of that number."""
    found: str | None = AuditEntry.select(AuditEntry.hash).where(AuditEntry.id == number).scalar()
    return found


def wrong() -> Iterator[str]:
    """Yield in words what is wrong with the log."""
    query = AuditEntry.select(*(getattr(AuditEntry, name) for name in _COLUMNS))
    found = in_order(query, AuditEntry.id)
    yield from faults((Entry(*row[:-1]), row[-1]) for row in found)


def newest(limit: int) -> list[Entry]:
    """Return the newest entries, newest first."""
    query = AuditEntry.select(*(getattr(AuditEntry, name) for name in _COLUMNS[:-1]))
    return [Entry(*row) for row in rows(query.order_by(AuditEntry.id.desc()).limit(limit))]
