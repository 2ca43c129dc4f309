"""Participation: the routes; `figures` counts."""

from typing import Any

from marshmallow import RAISE

from fleet_server.store.database import reading
from fleet_server.store.listings import CounterRow
from fleet_server.web.api import figures
from fleet_server.web.api import figures_by_service as services
from fleet_server.web.api.figures import EMPTY, Cell, Key, Period
from fleet_server.web.api.guard import blueprint
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.schemas.figures import (
    CounterParticipationOut,
    GroupedIn,
    ParticipationOut,
    PeriodIn,
)

NOT_THERE = {404: "There is no such unit or counter in what the key may see"}
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
COUNTER = {"counter": "P1-01", "unit": "UBND-P1", "name": "Quầy 1 – Hộ tịch"}


@blueprint.get("/counters/participation")
@blueprint.input(PeriodIn, location="query", arg_name="asked", unknown=RAISE)
@blueprint.output(CounterParticipationOut)
@operation(
    Operation(
        "figures:read",
        "Participation of every counter",
        "Participation",
        answers=NOT_THERE,
        lasting=True,
        example={**DAYS, "counters": [{**COUNTER, **FIGURES}], "total": FIGURES},
    )
)
def counter_participation(asked: dict[str, Any]) -> dict[str, Any]:
    """Say who was served and who rated, counter by counter, also where nothing happened.

    Participation is served visits with a rating that stands / served visits. Satisfaction is
    (very_satisfied + satisfied) / all ratings that stand. Unbound, contested and disputed ratings
    count for neither.

    Choices are told from five ratings on, and those of the running day five at a time, as pages
    show them; a key with the scope choices:read is told all, and each such read is noted in the
    audit log with the name of the key.
    """
    days = figures.period(asked)
    with reading():
        which = figures.counters(asked)
        found = figures.cells(which, days, "all")
    figures.note_read(asked, days, found.values())
    whole = (days.first, days.last)
    rows = [{**_place(one), **found.get((one.id, *whole), EMPTY).answer()} for one in which]
    return {**_span(days), "counters": rows, "total": figures.total(found.values()).answer()}


@blueprint.get("/participation")
@blueprint.input(GroupedIn, location="query", arg_name="asked", unknown=RAISE)
@blueprint.output(ParticipationOut)
@operation(
    Operation(
        "figures:read",
        "Participation by place and time",
        "Participation",
        answers=NOT_THERE,
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

    A day on which nothing was held has no row: it is missing, not zero. What figures mean, and
    which choices are told, is as for /counters/participation.
    """
    days = figures.period(asked)
    if asked["by"] == "service":
        return _by_service(asked, days)
    with reading():
        which = figures.counters(asked)
        found = figures.cells(which, days, asked["step"])
    figures.note_read(asked, days, found.values())
    groups: dict[int, int | None] = {
        one.id: {"counter": one.id, "unit": one.unit_id, "fleet": None}[asked["by"]]
        for one in which
    }
    names = {groups[one.id]: _name(one, asked["by"]) for one in which}
    rows = sorted(
        figures.folded(found, groups).items(), key=lambda row: _order(row[0], names[row[0][0]])
    )
    return {
        **_span(days),
        "rows": [_row(key, cell, names[key[0]]) for key, cell in rows],
        "total": figures.total(found.values()).answer(),
    }


def _by_service(asked: dict[str, Any], days: Period) -> dict[str, Any]:
    with reading():
        found = services.cells(asked, days)
    figures.note_read(asked, days, found.values())
    named = {"counter": None, "unit": None, "name": None}
    rows = [
        {"first": begin.isoformat(), "last": end.isoformat(), **named, "service": service,
         **cell.answer()}
        for (service, begin, end), cell in sorted(found.items(), key=services.order)
    ]  # fmt: skip
    return {**_span(days), "rows": rows, "total": figures.total(found.values()).answer()}


def _order(key: Key, named: dict[str, str | None]) -> tuple[str, str, str]:
    return key[1].isoformat(), named["unit"] or "", named["counter"] or ""


def _name(one: CounterRow, by: str) -> dict[str, str | None]:
    if by == "counter":
        return dict(_place(one))
    return {"counter": None, "unit": one.unit if by == "unit" else None, "name": None}


def _place(one: CounterRow) -> dict[str, str]:
    return {"counter": one.code, "unit": one.unit, "name": one.name}


def _row(key: Key, cell: Cell, named: dict[str, str | None]) -> dict[str, Any]:
    _, begin, end = key
    return {
        "first": begin.isoformat(),
        "last": end.isoformat(),
        **named,
        "service": None,
        **cell.answer(),
    }


def _span(days: Period) -> dict[str, str]:
    return {"first": days.first.isoformat(), "last": days.last.isoformat()}
