"""Participation by service: the figures of the page of services, with sources, for programs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from fleet_server.core.spans import Step, cut
from fleet_server.store import rest
from fleet_server.store.pages import lines
from fleet_server.store.rest import Sources
from fleet_server.web import measured
from fleet_server.web.api import figures
from fleet_server.web.api.figures import LETTERS, Cell, Period
from fleet_server.web.figures import NOTHING
from fleet_server.web.pieces import Asked, pieces

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
    asked = figures.asked_of(wanted, days)
    figures.check_size(len(lines.services(asked.here.units)), days, step)
    counter = figures.Laid(wanted, days).counters[0] if wanted["counter"] is not None else None
    held = measured.by_service_and_step(asked, LETTERS[step], counter)
    sources = _sources(asked, LETTERS[step], counter)
    found: dict[Key, Cell] = {}
    for service, name in sorted(held.keys() | sources.keys()):
        key = (
            service,
            *cut(figures.day_of_step(name, days.first.isoformat()), step, days.first, days.last),
        )
        one = held.get((service, name), NOTHING)
        more = sources.get((service, name), Sources())
        cell = figures.cell_of(one.sums, one.choices, more)
        found[key] = found[key] + cell if key in found else cell
    return found


def order(row: tuple[Key, Cell]) -> tuple[date, bool, str]:
    """Return what rows are sorted by: time, then name, and last what has none."""
    (service, begin, _), _ = row
    return begin, not service, service


def _sources(asked: Asked, letters: int, counter: int | None) -> dict[Named, Sources]:
    found: dict[Named, Sources] = {}
    for piece in pieces(asked):
        told = rest.service_sources(piece.units, piece.first, piece.last, letters, counter)
        for key, more in told.items():
            found[key] = found.get(key, Sources()) + more
    return found
