"""Participation: the routes; `figures` counts."""

from dataclasses import asdict
from datetime import date
from typing import Any

from marshmallow import RAISE

from fleet_server.store.database import reading
from fleet_server.web.api import figures
from fleet_server.web.api import figures_by_service as services
from fleet_server.web.api.figures import EMPTY, Laid, Period
from fleet_server.web.api.guard import blueprint
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.places import NO_PLACE
from fleet_server.web.api.schemas.figures import (
    CounterParticipationOut,
    GroupedIn,
    ParticipationOut,
    PeriodIn,
)

FIGURES = {
    "served": 42,
    "rated": 26,
    "very_satisfied": 15,
    "satisfied": 8,
    "unsatisfied": 3,
    "unbound": 1,
    "contested": 0,
    "disputed": 0,
    "estimated": 0,
    "participation": 0.6190476190476191,
    "satisfaction": 0.8846153846153846,
    "sources": {"both": 40, "rest": 1, "terminal": 1, "disagreements": 0},
}
DAYS = {"from": "2026-11-22", "to": "2026-11-22"}
NOBODY: dict[str, str | None] = {"counter": None, "unit": None, "name": None}
COUNTER = {"counter": "P1-01", "unit": "UBND-P1", "name": "Quầy 1 – Hộ tịch"}


@blueprint.get("/counters/participation")
@blueprint.input(PeriodIn, location="query", arg_name="asked", unknown=RAISE)
@blueprint.output(CounterParticipationOut)
@operation(
    Operation(
        "figures:read",
        "Participation of every counter",
        "Participation",
        answers=NO_PLACE,
        lasting=True,
        example={**DAYS, "counters": [{**COUNTER, **FIGURES}], "total": FIGURES},
    )
)
def counter_participation(asked: dict[str, Any]) -> dict[str, Any]:
    """Say who was served and who rated, counter by counter, also where nothing happened.

    Participation is served visits with a rating that stands / served visits. Satisfaction is
    (very_satisfied + satisfied) / all ratings that stand. Unbound, contested and disputed ratings
    count for neither.

    Each day counts in the unit where the counter lay on it. With `unit`, the days on which a
    counter lay in that branch count; the unit beside a counter is the one where it lay last in
    these days. Counters that lie there only now are listed too.

    Choices are told from five ratings on, and those of the running day as they stood when at least
    five more were made, as pages show them; a key with the scope choices:read is told all, and
    each such read is noted in the audit log with the name of the key.
    """
    days = figures.period(asked)
    with reading():
        laid = figures.Laid(asked, days)
        found = figures.cells(laid, days, "all")
    figures.note_read(asked, days, found.values())
    held = figures.folded(found, "counter")
    rows = [
        {
            **asdict(laid.place(one, days.last)),
            **held.get((one, days.first, days.last), EMPTY).answer(),
        }
        for one in laid.counters
    ]
    return {
        **_days(days.first, days.last),
        "counters": rows,
        "total": figures.total(found.values()).answer(),
    }


@blueprint.get("/participation")
@blueprint.input(GroupedIn, location="query", arg_name="asked", unknown=RAISE)
@blueprint.output(ParticipationOut)
@operation(
    Operation(
        "figures:read",
        "Participation by place and time",
        "Participation",
        answers=NO_PLACE,
        lasting=True,
        example={
            **DAYS,
            "rows": [{**DAYS, **COUNTER, "service": None, **FIGURES}],
            "total": FIGURES,
        },
    )
)
def participation(asked: dict[str, Any]) -> dict[str, Any]:
    """Say who was served and who rated: by counter, unit, service or in all, day to quarter.

    A day on which nothing was held has no row: it is missing, not zero. A counter that moved counts
    in each unit for the days on which it lay there. What figures mean, and which choices are told,
    is as for /counters/participation.
    """
    days, by = figures.period(asked), asked["by"]
    if by == "service":
        return _by_service(asked, days)
    with reading():
        laid = figures.Laid(asked, days)
        found = figures.cells(laid, days, asked["step"])
    figures.note_read(asked, days, found.values())
    rows = [
        {**_days(begin, end), **_name(laid, by, one, end), "service": None, **cell.answer()}
        for (one, begin, end), cell in figures.folded(found, by).items()
    ]
    return {
        **_days(days.first, days.last),
        "rows": sorted(rows, key=_order),
        "total": figures.total(found.values()).answer(),
    }


def _by_service(asked: dict[str, Any], days: Period) -> dict[str, Any]:
    with reading():
        found = services.cells(asked, days)
    figures.note_read(asked, days, found.values())
    rows = [
        {**_days(begin, end), **NOBODY, "service": service, **cell.answer()}
        for (service, begin, end), cell in sorted(found.items(), key=services.order)
    ]
    return {
        **_days(days.first, days.last),
        "rows": rows,
        "total": figures.total(found.values()).answer(),
    }


def _order(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["first"], row["unit"] or "", row["counter"] or ""


def _name(laid: Laid, by: str, one: int | None, last: date) -> dict[str, str | None]:
    """Return the names of a row that is about a counter or unit, or None for all, up to a day."""
    if one is None:
        return NOBODY
    if by == "unit":
        return {**NOBODY, "unit": laid.unit(one)}
    return dict(asdict(laid.place(one, last)))


def _days(first: date, last: date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}
