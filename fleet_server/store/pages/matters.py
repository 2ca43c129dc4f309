"""What a person should look at: open and closed matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from fleet_server.store import changes
from fleet_server.store.database import writing
from fleet_server.store.models import Matter

LIST_LIMIT = 200
NOTE = "note"
"""Key of the closing note among a matter's details."""


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One matter."""

    id: int
    kind: str
    terminal: str | None
    chain_id: str | None
    seq: int | None
    opened_at: int
    details: Mapping[str, Any]
    closed_at: int | None
    closed_by: str | None


def _matters() -> Any:
    return Matter.select(
        Matter.id,
        Matter.kind,
        Matter.terminal,
        Matter.chain_id,
        Matter.seq,
        Matter.opened_at,
        Matter.details,
        Matter.closed_at,
        Matter.closed_by,
    )


def matters(
    closed: bool = False, kind: str | None = None, terminal: str | None = None
) -> list[MatterRow]:
    """Return open or closed matters, newest first, at most `LIST_LIMIT`."""
    query = _matters().where(Matter.closed_at.is_null(not closed))
    if kind is not None:
        query = query.where(Matter.kind == kind)
    if terminal is not None:
        query = query.where(Matter.terminal == terminal)
    newest = Matter.closed_at if closed else Matter.opened_at
    rows = query.order_by(newest.desc(), Matter.id.desc()).limit(LIST_LIMIT).tuples()
    return [MatterRow(*row) for row in rows]


def matter(matter_id: int) -> MatterRow | None:
    """Return one matter."""
    row = _matters().where(Matter.id == matter_id).tuples().first()
    return MatterRow(*row) if row else None


def counts(closed: bool = False) -> dict[str, int]:
    """Return how many matters of each kind are open, or closed."""
    rows = (
        Matter.select(Matter.kind, fn.COUNT(Matter.id))
        .where(Matter.closed_at.is_null(not closed))
        .group_by(Matter.kind)
        .order_by(Matter.kind)
        .tuples()
    )
    return dict(rows)


def close(matter_id: int, by: str, note: str, at: int) -> bool:
    """Close an open matter with a note; return False if it was not open."""
    with writing():
        row = matter(matter_id)
        if row is None or row.closed_at is not None:
            return False
        changed = (
            Matter.update(closed_at=at, closed_by=by, details={**row.details, NOTE: note})
            .where(Matter.id == matter_id, Matter.closed_at.is_null())
            .execute()
        )
        changes.note("matter")
        return bool(changed)
