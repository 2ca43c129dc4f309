"""What alarms are judged by, as the tables say it; terminals are in `fleet_server.alarms.absences`.

Cases that are confined (`fleet_server.core.case_events`, rule 2) are no facts here: who is told of
an alarm need not have the capability *evidence*.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta, tzinfo
from typing import Any

from fleet_server.core.alarms.facts import (
    CaseOver,
    CaseSoon,
    Complaint,
    Dissatisfaction,
    OpenMatter,
    Participation,
)
from fleet_server.core.case_events import Event, Opened
from fleet_server.core.cases import OVER, Case, fold
from fleet_server.core.days import Day, day_of
from fleet_server.core.escalation import above
from fleet_server.core.opening import Calendar
from fleet_server.core.working_days import left
from fleet_server.store import blocks, case_files, opening, places, targets
from fleet_server.store.concerned import STANDS, with_units
from fleet_server.store.database import rows
from fleet_server.store.models import CaseFile, Counter, Matter
from fleet_server.store.pages import lines

SOON_MS = 30 * 86_400_000
"""Deadlines that are further away are not looked at: no rule asks for so many days."""

WAITING_FOR_UNIT = ("open", "assigned", "returned")
"""States of a case in which its unit is to act."""


def complaints(cases: Iterable[int] | None = None) -> list[Complaint]:
    """Return the complaints by items that nobody has closed: all, or those of some cases."""
    query = CaseFile.select(CaseFile.id, CaseFile.unit, Counter.code).join(Counter)
    query = query.where(CaseFile.grain == "item", CaseFile.state.not_in(tuple(OVER)))
    if cases is not None:
        query = query.where(CaseFile.id.in_(list(cases)))
    found = rows(query.order_by(CaseFile.id))
    steps = case_files.events([number for number, *_ in found])
    return [
        Complaint(unit, str(number), code, _items(steps[number])) for number, unit, code in found
    ]


def _items(steps: list[Event]) -> tuple[str, ...]:
    first = steps[0].body
    return first.subject.items if isinstance(first, Opened) else ()


def cases(now: int, zone: tzinfo) -> list[CaseSoon | CaseOver]:
    """Return the cases whose deadline is near or over."""
    query = CaseFile.select(CaseFile.id).where(
        CaseFile.state.not_in(tuple(OVER)), CaseFile.due < now + SOON_MS, ~CaseFile.confined
    )
    steps = case_files.events([number for (number,) in rows(query)])
    tree, day, calendar = places.tree(), day_of(now, zone).name, opening.of_units(zone)
    found: list[CaseSoon | CaseOver] = []
    for number, events in steps.items():
        case = fold(events)
        if case.overdue(now):
            found += _over(number, case, now, above(case.unit, tree, day), calendar)
        elif case.state in WAITING_FOR_UNIT:
            days = left(calendar(case.unit), now, case.due or now)
            found.append(CaseSoon(case.unit, f"{number}@{case.due}", number, days))
    return found


def _over(
    number: int,
    case: Case,
    now: int,
    levels: list[int | None],
    calendar: Callable[[int | None], Calendar],
) -> list[CaseOver]:
    days = -left(calendar(case.unit), now, case.due or now)
    told = {0: case.unit} | {
        level: unit for level, unit in enumerate(levels, 1) if level in case.told
    }
    return [
        CaseOver(unit, f"{number}@{case.due}/{level}", number, level, days)
        for level, unit in told.items()
    ]


def matters() -> list[OpenMatter]:
    """Return the matters that are open, whatever their kind."""
    query = with_units(Matter.select(Matter.id, Matter.kind, STANDS))
    found = rows(query.where(Matter.closed_at.is_null()).order_by(Matter.id))
    return [OpenMatter(unit, str(number), kind) for number, kind, unit in found]


def dissatisfactions(day: Day) -> list[Dissatisfaction]:
    """Return what was given out of each counter's running day, block by block."""
    held = blocks.of_day(day.name)
    return [
        Dissatisfaction(unit, code, held[counter])
        for counter, unit, code in _standing(day.name)
        if counter in held
    ]


def participations(day: Day) -> list[Participation]:
    """Return each counter's tickets of this month, up to yesterday, beside its target of today."""
    today = date.fromisoformat(day.name)
    if today.day == 1:
        return []
    yesterday = (today - timedelta(days=1)).isoformat()
    sums = lines.by_counter(f"{day.name[:8]}01", yesterday)
    goals = targets.targets().on(day.name, places.tree_on(day.name))
    return [
        Participation(
            unit, f"{code}@{day.name[:7]}", code, sums[counter].sums.served,
            sums[counter].sums.rated, goals[unit].participation, today.day,
        )
        for counter, unit, code in _standing(day.name)
        if counter in sums
    ]  # fmt: skip


def _standing(day: str) -> list[tuple[int, int, str]]:
    """Return the counters that are there on a day: id, unit and code."""
    codes: dict[int, Any] = dict(rows(Counter.select(Counter.id, Counter.code)))
    return [(counter, unit, codes[counter]) for counter, unit in sorted(lines.placed(day).items())]
