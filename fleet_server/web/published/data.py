"""The open-data files: lines for each public unit and month, and what their columns mean.

Other channels have a file of their own, a line for each that anything came by: nobody can sum up
by mistake what terminals signed and what they did not.
"""

import csv
import io
from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from fleet_server.core.channels import Line
from fleet_server.core.choices import Choices
from fleet_server.core.tree import Node
from fleet_server.web.exports.sheets import safe
from fleet_server.web.published.months import Month

Value = str | int | float | bool | None

Fields = Mapping[str, tuple[str, LazyString]]
"""Name, type and meaning of each column."""

_WHERE: Fields = {
    "month": ("string", _("The month, as YYYY-MM.")),
    "until": ("string", _("The last day that is counted, as YYYY-MM-DD.")),
    "unit_code": ("string", _("The unit's code; all that lies below it is counted with it.")),
    "unit_name": ("string", _("The unit's name.")),
}
_CHOICES: Fields = {
    "very_satisfied": ("integer", _("Ratings of this choice, as far as choices are told.")),
    "satisfied": ("integer", _("Ratings of this choice, as far as choices are told.")),
    "unsatisfied": ("integer", _("Ratings of this choice, as far as choices are told.")),
}

FIELDS: Fields = {
    **_WHERE,
    "served": ("integer", _("Visits that were served.")),
    "rated": ("integer", _("Of those, visits that were rated at a terminal, signed.")),
    "participation": ("number", _("Rated in per cent of served; empty where nobody was served.")),
    "participation_target": ("number", _("What it should have been, in per cent.")),
    **_CHOICES,
    "satisfaction": ("number", _("The first two choices in per cent of the three.")),
    "satisfaction_target": ("number", _("What it should have been, in per cent.")),
    "missing_days": ("integer", _("Days on which the unit was open and nothing was told.")),
}
"""The columns of what terminals signed."""

CHANNEL_FIELDS: Fields = {
    **_WHERE,
    "channel": ("string", _("How they came: paper, phone, box, online or qr.")),
    "ratings": ("integer", _("Ratings that came this way; no terminal signed them.")),
    **_CHOICES,
    "not_standing": ("integer", _("Of those, ratings whose ticket has another that stands.")),
    "withdrawn": ("integer", _("Ratings that were entered by mistake; in no other column.")),
}
"""The columns of what came by other channels."""


def line(unit: Node, month: Month) -> dict[str, Value]:
    """Return the line of a unit's month."""
    figures, told = month.figures, month.figures.shown
    return {
        **_where(unit, month),
        "served": figures.sums.served,
        "rated": figures.sums.rated,
        "participation": _rounded(figures.participation),
        "participation_target": _rounded(figures.participation_target),
        **_choices(told),
        "satisfaction": _rounded(figures.satisfaction),
        "satisfaction_target": _rounded(figures.satisfaction_target) if told else None,
        "missing_days": month.missing,
    }


def channel_line(unit: Node, month: Month, one: Line) -> dict[str, Value]:
    """Return the line of a channel in a unit's month."""
    return {
        **_where(unit, month),
        "channel": one.way,
        "ratings": one.received,
        **_choices(one.shown),
        "not_standing": one.second,
        "withdrawn": one.withdrawn,
    }


def _where(unit: Node, month: Month) -> dict[str, Value]:
    return {
        "month": month.name,
        "until": month.last.isoformat(),
        "unit_code": unit.code,
        "unit_name": unit.name,
    }


def _choices(told: Choices | None) -> dict[str, Value]:
    return {name: getattr(told, name) if told else None for name in _CHOICES}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def dictionary(fields: Fields) -> list[dict[str, str]]:
    """Return what the columns mean, in the language of the address."""
    return [
        {"name": name, "type": kind, "description": str(told)}
        for name, (kind, told) in fields.items()
    ]


def as_csv(fields: Fields, lines: Iterable[dict[str, Value]]) -> str:
    """Return the lines as CSV (RFC 4180), with headings and without formulas."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fields)
    writer.writeheader()
    writer.writerows({name: safe(value) for name, value in one.items()} for one in lines)
    return out.getvalue()
