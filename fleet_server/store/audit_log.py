"""Writing and reading the audit log: every change and every export, and who it was.

`note` belongs into the transaction of the change itself, so that neither is there without the
other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fleet_server.core.audit_log import ROOT, Entry, faults
from fleet_server.store.database import rows
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
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    number, previous = (last.id + 1, last.hash) if last else (1, ROOT)
    text = dump(dict(details or {})).decode()
    entry = Entry(number, at, actor, action, subject, text, previous)
    AuditEntry.create(
        id=number, at=at, actor=actor, action=action, subject=subject, details=text,
        previous=previous, hash=entry.hash,
    )  # fmt: skip


def head() -> tuple[int, str]:
    """Return number and hash of the newest entry; 0 and the root's hash where there is none."""
    last = AuditEntry.select().order_by(AuditEntry.id.desc()).first()
    return (last.id, last.hash) if last else (0, ROOT)


def wrong() -> Iterator[str]:
    """Yield in words what is wrong with the log."""
    query = AuditEntry.select(*(getattr(AuditEntry, name) for name in _COLUMNS))
    found = query.order_by(AuditEntry.id).tuples().iterator()
    yield from faults((Entry(*row[:-1]), row[-1]) for row in found)


def newest(limit: int) -> list[Entry]:
    """Return the newest entries, newest first."""
    query = AuditEntry.select(*(getattr(AuditEntry, name) for name in _COLUMNS[:-1]))
    return [Entry(*row) for row in rows(query.order_by(AuditEntry.id.desc()).limit(limit))]
