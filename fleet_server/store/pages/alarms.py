"""Alarms as pages show them: raised now, over, one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN, fn

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.database import rows
from fleet_server.store.models import AlarmRow, Unit
from fleet_server.store.pages.first import first
from fleet_server.store.pages.within import within


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alarms a list is about."""

    scope: Scope = EVERYTHING
    over: bool = False
    kind: str | None = None


def alarms(wanted: Wanted, start: int, size: int) -> list[Listed]:
    """Return a piece of a list, the newest first.

    Of those that are raised, such that nobody has acknowledged stand before the others.
    """
    first_of_all = (
        AlarmRow.ended_at.desc() if wanted.over else AlarmRow.acknowledged_at.is_null().desc()
    )
    order = (first_of_all, AlarmRow.raised_at.desc(), AlarmRow.id.desc())
    query = _chosen(wanted, _alarms()).order_by(*order)
    return [Listed(*found) for found in rows(query.offset(start).limit(size))]


def counts(wanted: Wanted) -> dict[str, int]:
    """Return how many alarms of each kind there are, whatever kind is wanted."""
    of_all = replace(wanted, kind=None)
    query = _chosen(of_all, AlarmRow.select(AlarmRow.kind, fn.COUNT(AlarmRow.id)))
    return dict(rows(query.group_by(AlarmRow.kind).order_by(AlarmRow.kind)))


def overdue_cases(wanted: Wanted) -> int:
    """Return how many cases the alarms of overdue cases are about, whatever kind is wanted.

    Each is told once to its unit, and once more to each level above that has heard of it.
    """
    query = _chosen(replace(wanted, kind="case_overdue"), AlarmRow.select(AlarmRow.subject))
    return len({subject.partition("@")[0] for (subject,) in rows(query)})


def _chosen(wanted: Wanted, query: Any) -> Any:
    query = within(query, wanted.scope, AlarmRow.unit)
    query = query.where(AlarmRow.ended_at.is_null(not wanted.over))
    return query if wanted.kind is None else query.where(AlarmRow.kind == wanted.kind)


def alarm(number: int) -> Listed | None:
    """Return one alarm."""
    found = first(_alarms().where(AlarmRow.id == number))
    return Listed(*found) if found else None
