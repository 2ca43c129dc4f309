"""Cases: opening them, and the steps that follow; each step a row, and the case what they make.

All that writes is to be called in a write transaction.
"""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any, Literal

from peewee import fn

from fleet_server.core.case_events import Body, Event, Opened, Subject, Withdrawn, key
from fleet_server.core.cases import OVER, Case, after, fold
from fleet_server.core.opening import FLEET, USUAL, Calendar, Plan, Stretch, Week, holder_of
from fleet_server.core.tree import BEGINNING
from fleet_server.core.working_days import NeverOpenError, due
from fleet_server.store import case_bodies, case_news, changes, opening
from fleet_server.store.database import rows
from fleet_server.store.models import CaseEvent, CaseFile, Unit

Basis = Literal["unit", "fleet", "usual"]
"""Whose working days are counted: the unit's, the fleet's, or those of the usual week."""


CONFINED_FROM = 1_000_000_000
"""Confined cases have numbers from here on, so that the others have no gaps that tell of them."""


def open_case(subject: Subject, due_at: int, now: int) -> int | None:
    """Open the case of a subject; return its id, or None if it has one already."""
    if CaseFile.select().where(CaseFile.key == key(subject)).exists():
        return None
    event = Event(0, now, None, Opened(subject, due_at))
    opened = fold([event])
    row = CaseFile.create(force_insert=True, id=_number(subject.confined), **columns(opened))
    _write(int(row.id), event)
    case_news.tell(int(row.id), opened, event.body, now)
    _note(opened)
    return int(row.id)


def _number(confined: bool) -> int:
    newest = CaseFile.select(fn.MAX(CaseFile.id)).where(CaseFile.confined == confined).scalar()
    return (newest or (CONFINED_FROM if confined else 0)) + 1


def append(case: int, held: Case, who: int | None, body: Body, now: int) -> Case:
    """Let a step follow, and return the case after it.

    Args:
        case: by its id.
        held: as it is, read in this transaction (`one`).
        who: the account, None for the server itself.
        body: the step; whether this person may take it was asked before (`core.case_rights`).
        now: Unix milliseconds.

    Raises:
        CaseError: it can't follow, or says too little.
    """
    event = Event(held.seq + 1, now, who, body)
    found = after(held, event)
    CaseFile.update(**columns(found)).where(CaseFile.id == case).execute()
    _write(case, event)
    case_news.tell(case, found, body, now)
    _note(held, found)
    return found


def withdraw(keys: Iterable[str], now: int) -> None:
    """Withdraw the cases of subjects, by their keys, whose records count no more."""
    query = CaseFile.select(CaseFile.id).where(CaseFile.key.in_(list(keys)))
    for (number,) in rows(query.where(CaseFile.state != "withdrawn").order_by(CaseFile.id)):
        append(number, one(number), None, Withdrawn(), now)


def one(case: int) -> Case:
    """Return a case as its steps make it.

    Raises:
        LookupError: there is none.
    """
    return fold(events([case]).get(case) or _none(case))


def _none(case: int) -> list[Event]:
    raise LookupError(f"there is no case {case}")


def waiting(units: Iterable[int] | None = None, due_by: int | None = None) -> list[int]:
    """Return the cases that are not over: of some units, or whose deadline is over by a time."""
    query = CaseFile.select(CaseFile.id).where(CaseFile.state.not_in(sorted(OVER)))
    if units is not None:
        query = query.where(CaseFile.unit.in_(list(units)))
    if due_by is not None:
        query = query.where(CaseFile.due <= due_by)
    return [number for (number,) in rows(query.order_by(CaseFile.id))]


def events(cases: Iterable[int]) -> dict[int, list[Event]]:
    """Return the steps of cases, in order."""
    query = CaseEvent.select(
        CaseEvent.case, CaseEvent.seq, CaseEvent.at, CaseEvent.who, CaseEvent.step, CaseEvent.body
    ).where(CaseEvent.case.in_(list(cases)))
    found: dict[int, list[Event]] = {}
    for case, seq, at, who, step, body in rows(query.order_by(CaseEvent.case, CaseEvent.seq)):
        found.setdefault(case, []).append(Event(seq, at, who, case_bodies.read(step, body)))
    return found


def deadline(unit: int | None, start: int, days: int, zone: tzinfo) -> int:
    """Return until when a unit has time, so many of its working days from a moment on."""
    return next(moment for _, _, moment in _open_by(unit, start, days, zone))


def counted_by(unit: int | None, now: int, zone: tzinfo) -> tuple[Basis, Calendar]:
    """Return whose working days are counted for a unit now, and their calendar.

    A unit that is never open has the days of the fleet, and a fleet that is not, the usual week.
    """
    return next((basis, calendar) for basis, calendar, _ in _open_by(unit, now, 1, zone))


def _open_by(
    unit: int | None, start: int, days: int, zone: tzinfo
) -> Iterator[tuple[Basis, Calendar, int]]:
    """Yield the calendars by which there are so many working days, the nearest first."""
    for basis, calendar in _calendars(unit, zone):
        try:
            yield basis, calendar, due(calendar, start, days)
        except NeverOpenError:
            continue


def _calendars(unit: int | None, zone: tzinfo) -> Iterator[tuple[Basis, Calendar]]:
    yield "unit", opening.of_holder(holder_of(unit), zone)
    yield "fleet", opening.of_holder(FLEET, zone)
    weeks: dict[str, Week | None] = {BEGINNING: USUAL}
    yield "usual", Calendar((Stretch(BEGINNING, (FLEET,)),), {FLEET: Plan(weeks)}, zone)


def _write(case: int, event: Event) -> None:
    step, body = case_bodies.write(event.body)
    CaseEvent.create(case=case, seq=event.seq, at=event.at, who=event.who, step=step, body=body)


def _note(*held: Case) -> None:
    """Let the pages of their units hear that cases changed; confined ones are not told of."""
    told = {one.unit for one in held if not one.subject.confined}
    codes = rows(Unit.select(Unit.code).where(Unit.id.in_([one for one in told if one])))
    changes.note(*(f"case:{code}" for (code,) in codes), *(["case"] if None in told else []))


def rewrite(case: int) -> None:
    """Write the row of a case anew from its steps."""
    CaseFile.update(**columns(one(case))).where(CaseFile.id == case).execute()


COLUMNS = (
    "key", "grain", "counter", "day", "confined", "unit", "state", "opened_at", "due", "assignee",
    "late", "level", "citizens_side",
)  # fmt: skip


def columns(case: Case) -> dict[str, Any]:
    """Return the row of a case, by `COLUMNS`."""
    about, ruling = case.subject, case.ruling
    values = (
        key(about), about.grain, about.counter, about.day, about.confined, case.unit, case.state,
        case.opened_at, case.due, case.assignee, case.late, case.level,
        None if ruling is None else ruling.citizens_side,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))
