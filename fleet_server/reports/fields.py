"""What a template may name, and what stands there in a report."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args

from fleet_server.core.days import local
from fleet_server.core.report import Column
from fleet_server.reports.cells import Table, text
from fleet_server.reports.written import Written
from fleet_server.web.services import services

Shape = str | list["Shape"] | dict[str, "Shape"]
"""A text, a list of which all members are alike, or fields by their names."""

COLUMNS: tuple[str, ...] = ("code", "name", *get_args(Column))
"""The columns of the signed ratings."""

_ROW: dict[str, Shape] = dict.fromkeys(COLUMNS, "")

FIELDS: dict[str, Shape] = {
    "office": "",
    "title": "",
    "branch": "",
    "period": "",
    "day": "",
    "month": "",
    "year": "",
    "heads": _ROW,
    "rows": [_ROW],
    "total": _ROW,
    "more": [{"title": "", "heads": [""], "rows": [[""]]}],
    "notes": [""],
    "facts": [{"name": "", "value": ""}],
    "stamp": [{"name": "", "value": ""}],
}
"""Every field: *heads*, *rows* and *total* are those of the signed ratings; *more* are the other
tables, whichever there are."""


def context(report: Written) -> Mapping[str, Shape]:
    """Return the fields of a report: texts alone, in the words of the language in use."""
    signed, *others = report.tables
    made: datetime = local(report.made_at, services().settings.fleet.zone)
    *rows, total = [_named(signed, row) for row in signed.rows]
    return {
        "office": report.office,
        "title": report.title,
        "branch": report.branch,
        "period": report.period,
        "day": f"{made.day:02}",
        "month": f"{made.month:02}",
        "year": str(made.year),
        "heads": dict(zip(signed.columns, signed.heads, strict=True)),
        "rows": list(rows),
        "total": total,
        "more": [_table(one) for one in others],
        "notes": list(report.notes),
        "facts": [{"name": name, "value": value} for name, value in report.facts],
        "stamp": [{"name": name, "value": value} for name, value in report.stamp],
    }


def _named(table: Table, row: Sequence[object]) -> dict[str, Shape]:
    return {name: text(cell) for name, cell in zip(table.columns, row, strict=True)}  # type: ignore[arg-type]  # rows hold cells


def _table(table: Table) -> dict[str, Shape]:
    return {
        "title": table.title,
        "heads": list(table.heads),
        "rows": [[text(cell) for cell in row] for row in table.rows],
    }
