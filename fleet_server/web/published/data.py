"""The open-data file: a line for each public unit and month, and what its columns mean."""

import csv
import io
from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.tree import Node
from fleet_server.web.published.months import Month

Value = str | int | float | bool | None

FIELDS: dict[str, tuple[str, LazyString]] = {
    "month": ("string", _("The month, as YYYY-MM.")),
    "until": ("string", _("The last day that is counted, as YYYY-MM-DD.")),
    "unit_code": ("string", _("The unit's code; all that lies below it is counted with it.")),
    "unit_name": ("string", _("The unit's name.")),
    "served": ("integer", _("Visits that were served.")),
    "rated": ("integer", _("Of those, visits that were rated at a terminal, signed.")),
    "participation": ("number", _("Rated in per cent of served; empty where nobody was served.")),
    "participation_target": ("number", _("What it should have been, in per cent.")),
    "very_satisfied": ("integer", _("Ratings of this choice, as far as choices are told.")),
    "satisfied": ("integer", _("Ratings of this choice, as far as choices are told.")),
    "unsatisfied": ("integer", _("Ratings of this choice, as far as choices are told.")),
    "satisfaction": ("number", _("The first two choices in per cent of the three.")),
    "satisfaction_target": ("number", _("What it should have been, in per cent.")),
    "missing_days": ("integer", _("Days on which the unit was open and nothing was told.")),
}
"""Name, type and meaning of each column."""


def line(unit: Node, month: Month) -> dict[str, Value]:
    """Return the line of a unit's month."""
    figures, told = month.figures, month.figures.shown
    return {
        "month": month.name,
        "until": month.last.isoformat(),
        "unit_code": unit.code,
        "unit_name": unit.name,
        "served": figures.sums.served,
        "rated": figures.sums.rated,
        "participation": _rounded(figures.participation),
        "participation_target": _rounded(figures.participation_target),
        "very_satisfied": told.very_satisfied if told else None,
        "satisfied": told.satisfied if told else None,
        "unsatisfied": told.unsatisfied if told else None,
        "satisfaction": _rounded(figures.satisfaction),
        "satisfaction_target": _rounded(figures.satisfaction_target) if told else None,
        "missing_days": month.missing,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def dictionary() -> list[dict[str, str]]:
    """Return what the columns mean, in the language of the address."""
    return [
        {"name": name, "type": kind, "description": str(told)}
        for name, (kind, told) in FIELDS.items()
    ]


def as_csv(lines: Iterable[dict[str, Value]]) -> str:
    """Return the lines as CSV (RFC 4180), with headings."""
    out = io.StringIO()
    writer = csv.DictWriter(out, FIELDS)
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()
