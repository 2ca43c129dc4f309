"""Participation by service: the figures of the page of services, with sources, for programs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fleet_server.core import spans
from fleet_server.core.spans import Step, cut
from fleet_server.store import rest
from fleet_server.store.pages import lines
from fleet_server.store.rest import Sources
from fleet_server.web import access, measured
from fleet_server.web.api import figures
from fleet_server.web.api.figures import LETTERS, Cell, Period
from fleet_server.web.api.guard import sight
from fleet_server.web.api.places import branch
from fleet_server.web.figures import NOTHING, Figures
from fleet_server.web.measured import Asked

Key = tuple[str, date, date]
"""A service, empty where none is known; and the first and last day."""

Named = tuple[str, str]
"""A service, and a step by the beginning of its days' names."""


def cells(wanted: Mapping[str, Any], days: Period) -> dict[Key, Cell]:
    """Count each service's steps that hold anything, with the choices that the key may be told.

    Raises:
        Problem: 404, there is no such unit or counter in what the key may see; 422, that would be
            too much at once.
    """
    step: Step = wanted["step"]
    here = branch(wanted["unit"])
    figures.check_size(len(lines.services(here.units)), days, step)
    asked = _asked(wanted, days)
    counter = figures.counters(wanted)[0].id if wanted["counter"] is not None else None
    held = measured.by_service_and_step(asked, LETTERS[step], counter)
    sources = _sources(asked, LETTERS[step], counter)
    found: dict[Key, Cell] = {}
    for service, name in sorted(held.keys() | sources.keys()):
        key = (service, *cut(figures.day_of_step(name, days), step, days.first, days.last))
        cell = _cell(held.get((service, name), NOTHING), sources.get((service, name), Sources()))
        found[key] = found[key] + cell if key in found else cell
    return found


def order(row: tuple[Key, Cell]) -> tuple[date, bool, str]:
    """Return what rows are sorted by: time, then name, and last what has none."""
    (service, begin, _), _ = row
    return begin, not service, service


def _asked(wanted: Mapping[str, Any], days: Period) -> Asked:
    unit = access.tree().by_code(wanted["unit"]) if wanted["unit"] is not None else None
    return Asked(spans.Period("span", days.first, days.last), days.today, sight(), unit)


def _cell(held: Figures, sources: Sources) -> Cell:
    told = (
        held.sums.choices
        if figures.sees_choices()
        else figures.unless_hidden(held.choices, held.sums)
    )
    return Cell(held.sums, sources, told)


def _sources(asked: Asked, letters: int, counter: int | None) -> dict[Named, Sources]:
    found: dict[Named, Sources] = {}
    for piece in measured.pieces(asked):
        told = rest.service_sources(piece.units, piece.first, piece.last, letters, counter)
        for key, more in told.items():
            found[key] = found.get(key, Sources()) + more
    return found
