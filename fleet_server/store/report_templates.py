"""The versions of the template of documents: read one, add one. None is changed or taken away."""

import hashlib
from dataclasses import dataclass

from fleet_server.store import audit_log
from fleet_server.store.database import rows
from fleet_server.store.editing import Stale
from fleet_server.store.models import ReportTemplate


@dataclass(frozen=True, slots=True)
class Version:
    """A version: ``digest`` is the SHA-256 of the file, None where the standard one holds again."""

    id: int
    name: str
    digest: str | None
    set_at: int
    set_by: str


_COLUMNS = (
    ReportTemplate.id,
    ReportTemplate.name,
    ReportTemplate.digest,
    ReportTemplate.set_at,
    ReportTemplate.set_by,
)


def history() -> list[Version]:
    """Return the versions, the newest first."""
    query = ReportTemplate.select(*_COLUMNS).order_by(ReportTemplate.id.desc())
    return [Version(*row) for row in rows(query)]


def newest() -> int:
    """Return the number of the newest version; 0 where there is none."""
    held = history()
    return held[0].id if held else 0


def held() -> bytes | None:
    """Return the template that holds; None where it is the standard one."""
    return file(newest())


def file(number: int) -> bytes | None:
    """Return the file of a version; None where there is none."""
    query = ReportTemplate.select(ReportTemplate.data).where(ReportTemplate.id == number)
    found = rows(query)
    return bytes(found[0][0]) if found and found[0][0] is not None else None


def add(seen: int, name: str, data: bytes | None, *, actor: str, now: int) -> None:
    """Add a version, in a write transaction.

    Args:
        seen: the newest when it was read (`newest`).
        name: of the file that was sent.
        data: a template that was examined; None gives it back to the standard one.
        actor: who sets it.
        now: Unix milliseconds.

    Raises:
        Stale: somebody else has added one since.
    """
    if newest() != seen:
        raise Stale
    digest = hashlib.sha256(data).hexdigest() if data is not None else None
    row = ReportTemplate.create(name=name, digest=digest, data=data, set_at=now, set_by=actor)
    details = {"version": row.id, "name": name, "sha256": digest}
    audit_log.note(actor, "report.template", "fleet", details, at=now)
