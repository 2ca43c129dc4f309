"""What a person should look at: open and closed matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import audit_log, changes
from fleet_server.store.concerned import NAMED, STANDS, concerning, with_units
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Matter
from fleet_server.store.pages.first import first

LIST_LIMIT = 200
NOTE = "note"
"""Key of the closing note among a matter's details."""


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter.

    Attributes:
        unit: where its terminal stands; who looks after that closes it.
        named: the unit of the counter that the terminal speaks for.
    """

    id: int
    kind: str
    terminal: str | None
    chain_id: str | None
    seq: int | None
    opened_at: int
    details: Mapping[str, Any]
    closed_at: int | None
    closed_by: str | None
    unit: int | None
    named: int | None

    def concerns(self, scope: Scope) -> bool:
        """Whether it is to be seen in a part of the fleet."""
        return scope.covers(self.unit) or scope.covers(self.named)


def _matters() -> Any:
    selected = Matter.select(
        Matter.id,
        Matter.kind,
        Matter.terminal,
        Matter.chain_id,
        Matter.seq,
        Matter.opened_at,
        Matter.details,
        Matter.closed_at,
        Matter.closed_by,
        STANDS,
        NAMED,
    )
    return with_units(selected)


def matters(
    closed: bool = False,
    kind: str | None = None,
    terminal: str | None = None,
    scope: Scope = EVERYTHING,
) -> list[MatterRow]:
    """Return open or closed matters, newest first, at most `LIST_LIMIT`."""
    query = concerning(_matters(), scope).where(Matter.closed_at.is_null(not closed))
    if kind is not None:
        query = query.where(Matter.kind == kind)
    if terminal is not None:
        query = query.where(Matter.terminal == terminal)
    newest = Matter.closed_at if closed else Matter.opened_at
    query = query.order_by(newest.desc(), Matter.id.desc()).limit(LIST_LIMIT)
    return [MatterRow(*found) for found in rows(query)]


def matter(matter_id: int) -> MatterRow | None:
    """Return one matter."""
    found = first(_matters().where(Matter.id == matter_id))
    return MatterRow(*found) if found else None


def counts(closed: bool = False, scope: Scope = EVERYTHING) -> dict[str, int]:
    """Return how many matters of each kind are open, or closed."""
    query = (
        concerning(with_units(Matter.select(Matter.kind, fn.COUNT(Matter.id))), scope)
        .where(Matter.closed_at.is_null(not closed))
        .group_by(Matter.kind)
        .order_by(Matter.kind)
    )
    return dict(rows(query))


def close(matter_id: int, by: str, note: str, at: int) -> bool:
    """Close an open matter with a note; ``by`` is a person's e-mail. False if it was not open."""
    with writing():
        held = matter(matter_id)
        if held is None or held.closed_at is not None:
            return False
        changed = (
            Matter.update(closed_at=at, closed_by=by, details={**held.details, NOTE: note})
            .where(Matter.id == matter_id, Matter.closed_at.is_null())
            .execute()
        )
        changes.note("matter", f"matter:{held.terminal or ''}")
        audit_log.note(
            f"person:{by}", "matter.close", f"matter:{matter_id}", {"kind": held.kind}, at=at
        )
        return bool(changed)
