"""Alarms as pages show them: raised now, over, one of them; and acknowledging it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import alarms as store
from fleet_server.store import audit_log
from fleet_server.store.database import rows, writing
from fleet_server.store.models import AlarmRow, Unit
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within

LIST_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """An alarm, and the unit in which it was raised."""

    id: int
    kind: str
    subject: str
    details: Mapping[str, Any]
    unit: int | None
    unit_code: str | None
    unit_name: str | None
    raised_at: int
    acknowledged_at: int | None
    acknowledged_by: str | None
    ended_at: int | None


def _alarms() -> Any:
    return AlarmRow.select(
        AlarmRow.id, AlarmRow.kind, AlarmRow.subject, AlarmRow.details, Unit.id, Unit.code,
        Unit.name, AlarmRow.raised_at, AlarmRow.acknowledged_at, AlarmRow.acknowledged_by,
        AlarmRow.ended_at,
    ).join(Unit, JOIN.LEFT_OUTER)  # fmt: skip


def alarms(over: bool = False, kind: str | None = None, scope: Scope = EVERYTHING) -> list[Listed]:
    """Return alarms that are raised, or over: the newest first, at most `LIST_LIMIT`.

    Of those that are raised, such that nobody has acknowledged stand before the others.
    """
    query = within(_alarms(), scope, AlarmRow.unit).where(AlarmRow.ended_at.is_null(not over))
    if kind is not None:
        query = query.where(AlarmRow.kind == kind)
    order = [AlarmRow.ended_at.desc()] if over else [AlarmRow.acknowledged_at.is_null().desc()]
    query = query.order_by(*order, AlarmRow.raised_at.desc(), AlarmRow.id.desc())
    return [Listed(*found) for found in rows(query.limit(LIST_LIMIT))]


def alarm(number: int) -> Listed | None:
    """Return one alarm."""
    found = first(_alarms().where(AlarmRow.id == number))
    return Listed(*found) if found else None


def counts(over: bool = False, scope: Scope = EVERYTHING) -> dict[str, int]:
    """Return how many alarms of each kind are raised, or over."""
    query = AlarmRow.select(AlarmRow.kind, fn.COUNT(AlarmRow.id))
    query = within(query, scope, AlarmRow.unit).where(AlarmRow.ended_at.is_null(not over))
    return dict(rows(query.group_by(AlarmRow.kind).order_by(AlarmRow.kind)))


def acknowledge(number: int, by: str, at: int) -> bool:
    """Take an alarm on; ``by`` is a person's e-mail. False if it is over, or was taken on."""
    free = (
        (AlarmRow.id == number) & AlarmRow.ended_at.is_null() & AlarmRow.acknowledged_at.is_null()
    )
    with writing():
        held = alarm(number)
        fields = {"acknowledged_at": at, "acknowledged_by": by}
        if held is None or not AlarmRow.update(**fields).where(free).execute():
            return False
        store.note_change(held.unit)
        details = {"kind": held.kind}
        audit_log.note(f"person:{by}", "alarm.acknowledge", f"alarm:{number}", details, at=at)
        return True
