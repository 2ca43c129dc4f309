"""Schedules of reports: add one, end one, order what is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from peewee import JOIN

from fleet_server.core.report_schedule import Every, begins_after, due
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import audit_log, kept_reports, report_readers
from fleet_server.store.database import rows
from fleet_server.store.kept_reports import Order
from fleet_server.store.models import ReportSchedule, Unit
from fleet_server.store.pages.within import within

SERVER = "server"
"""Who orders what is due, in the audit log."""


class TwiceError(Exception):
    """The branch has a report of this rhythm and language already."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule that goes on."""

    id: int
    unit: int | None
    code: str | None
    name: str | None
    every: Every
    day: int
    formats: tuple[str, ...]
    language: str
    told_until: date
    set_by: str


def going_on(scope: Scope = EVERYTHING) -> list[Schedule]:
    """Return the schedules of a scope that go on, in the order in which they were made."""
    query = (
        ReportSchedule.select(
            ReportSchedule.id,
            ReportSchedule.unit,
            Unit.code,
            Unit.name,
            ReportSchedule.every,
            ReportSchedule.day,
            ReportSchedule.formats,
            ReportSchedule.language,
            ReportSchedule.told_until,
            ReportSchedule.set_by,
        )
        .join(Unit, JOIN.LEFT_OUTER)
        .where(ReportSchedule.ended_at.is_null())
        .order_by(ReportSchedule.id)
    )
    return [_schedule(row) for row in rows(within(query, scope, ReportSchedule.unit))]


def _schedule(row: tuple[Any, ...]) -> Schedule:
    number, unit, code, name, every, day, formats, language, until, by = row
    formats, until = tuple(formats.split()), date.fromisoformat(until)
    return Schedule(number, unit, code, name, cast(Every, every), day, formats, language, until, by)


def add(
    wanted: Order,
    every: Every,
    day: int,
    today: date,
    readers: Collection[int],
    *,
    actor: str,
    now: int,
) -> None:
    """Add a schedule, in a write transaction; it begins with what is due next.

    Args:
        wanted: branch, formats and language; its period is not looked at.
        every: what it is for.
        day: of the month after a period.
        today: the running day.
        readers: who is told when a report is ready, by their accounts.
        actor: who wants it.
        now: Unix milliseconds.

    Raises:
        TwiceError: the branch has one of this rhythm and language; one that is changed is ended.
    """
    if any(
        (one.unit, one.every, one.language) == (wanted.unit, every, wanted.language)
        for one in going_on()
    ):
        raise TwiceError
    row = ReportSchedule.create(
        unit=wanted.unit,
        every=every,
        day=day,
        formats=" ".join(wanted.formats),
        language=wanted.language,
        told_until=begins_after(every, day, today).isoformat(),
        set_at=now,
        set_by=actor,
    )
    report_readers.add(row.id, readers)
    where = f"unit:{wanted.code}" if wanted.code else "fleet"
    details = {
        "schedule": row.id,
        "every": every,
        "format": " ".join(wanted.formats),
        "readers": list(report_readers.names({row.id: wanted.unit}).get(row.id, ())),
    }
    audit_log.note(actor, "report.schedule", where, details, at=now)


def end(schedule: Schedule, *, actor: str, now: int) -> None:
    """End a schedule, in a write transaction; once more changes nothing."""
    goes_on = (ReportSchedule.id == schedule.id) & ReportSchedule.ended_at.is_null()
    if ReportSchedule.update(ended_at=now).where(goes_on).execute():
        where = f"unit:{schedule.code}" if schedule.code else "fleet"
        audit_log.note(actor, "report.unschedule", where, {"schedule": schedule.id}, at=now)


def order_due(today: date, now: int) -> None:
    """Order the reports that are due, each once; in a write transaction."""
    for one in going_on():
        for period in due(one.every, one.day, one.told_until, today):
            wanted = Order(one.unit, one.code, period.text, one.formats, one.language)
            kept_reports.order(wanted, actor=SERVER, now=now, schedule=one.id)
            ReportSchedule.update(told_until=period.last.isoformat()).where(
                ReportSchedule.id == one.id
            ).execute()
