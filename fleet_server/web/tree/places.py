"""What the views of the tree share: the things by their codes, and what may be done with them."""

from datetime import date, timedelta
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext

from fleet_server.core.roles import Capability
from fleet_server.core.tree import Node
from fleet_server.store.pages import tree as store
from fleet_server.store.pages.tree import Device
from fleet_server.web import access
from fleet_server.web.period import today
from fleet_server.web.tree.forms import DAYS_AHEAD

Crumbs = list[tuple[str, str | None]]


def latest_closing() -> date:
    """Return the last day from which something may be closed."""
    return today() + timedelta(days=DAYS_AHEAD)


def unit_or_404(code: str, capability: Capability) -> Node:
    """Return a unit in which the person has a capability; else there is no such page."""
    found = access.tree().by_code(code)
    if found is None:
        abort(404)
    access.demand(capability, found.id)
    return found


def asked_unit(capability: Capability) -> Node | None:
    """Return the unit that a form was opened for, ``?in=CODE``, or None.

    One that is not there, and one where the person lacks a capability, are both answered with 404.
    """
    code = request.args.get("in")
    return unit_or_404(code, capability) if code else None


def counter_or_404(code: str, capability: Capability) -> Any:
    """Return a counter's row, if it lies where the person has a capability."""
    found = store.counter(code)
    if found is None:
        abort(404)
    access.demand(capability, found.unit_id)
    return found


def device_or_404(terminal: str, capability: Capability) -> Device:
    """Return a terminal, if it is where the person has a capability."""
    found = store.device(terminal)
    if found is None:
        abort(404)
    access.demand(capability, found.place)
    return found


def usable_or_404(terminal: str) -> Device:
    """Return a terminal in use that the person may enrol, move and take out of use."""
    device = device_or_404(terminal, "enrol")
    if device.retired_at is not None:
        abort(404)
    return device


def device_page(terminal: str) -> str:
    """Return the address of a terminal's page in the tree."""
    return url_for("tree.terminal", terminal_id=terminal)


def allowed(capability: Capability, unit: int | None) -> bool:
    """Whether the person has a capability in a unit, for links."""
    return access.scope(capability).covers(unit)


def crumbs(unit: Node | None, *more: tuple[str, str | None]) -> Crumbs:
    """Return the way from the top of the tree down to a unit, and further."""
    seen = access.scope("setup")
    found: Crumbs = [(gettext("Tree"), url_for("tree.index") if seen else None)]
    for one in access.tree().path(unit.id) if unit else ():
        href = url_for("tree.unit", unit=one.code) if seen.covers(one.id) else None
        found.append((one.name, href))
    return [*found, *more]


def counter_crumbs(counter: Any, *more: tuple[str, str | None]) -> Crumbs:
    """Return the way down to a counter, and further."""
    href = url_for("tree.counter", code=counter.code) if allowed("setup", counter.unit_id) else None
    return crumbs(access.tree()[counter.unit_id], (counter.name, href), *more)


def device_crumbs(device: Device, *more: tuple[str, str | None]) -> Crumbs:
    """Return the way down to a terminal, and further."""
    unit = None if device.place is None else access.tree()[device.place]
    href = url_for("tree.terminal", terminal_id=device.id)
    return crumbs(unit, (device.id, href if allowed("fleet", device.place) else None), *more)
