"""Whose hours a page is about: ``?unit=CODE``, ``?counter=CODE``, or else the whole fleet's."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort, request, url_for
from flask_babel import gettext

from fleet_server.core.opening import FLEET, Holder
from fleet_server.core.tree import Node
from fleet_server.store.pages import counters
from fleet_server.web import access


@dataclass(frozen=True, slots=True)
class Asked:
    """A holder of hours, for people.

    Attributes:
        key: as the hours know it; ``unit`` where it lies, None for the fleet.
        subject: as the audit log names it.
        name: what people call it.
        query: what names it in an address.
    """

    key: Holder
    unit: int | None
    subject: str
    name: str
    query: dict[str, str]

    @property
    def href(self) -> str:
        """The address of its page."""
        address = url_for("hours.one")
        return f"{address}?{urlencode(self.query)}" if self.query else address


def fleet() -> Asked:
    """Return the whole fleet."""
    return Asked(FLEET, None, "fleet", gettext("The whole fleet"), {})


def of_unit(unit: Node) -> Asked:
    """Return a unit."""
    return Asked(("unit", unit.id), unit.id, f"unit:{unit.code}", unit.name, {"unit": unit.code})


def of_counter(code: str) -> Asked | None:
    """Return a counter by its code."""
    found = counters.counter(code)
    if found is None:
        return None
    key: Holder = ("counter", found.id)
    return Asked(key, found.unit, f"counter:{code}", found.name, {"counter": code})


def asked() -> Asked:
    """Return whom this request is about; 404 for what is not there or not to be seen."""
    unit, counter = request.args.get("unit"), request.args.get("counter", "").strip()
    found: Asked | None = fleet()
    if counter:
        found = of_counter(counter)
    elif unit:
        node = access.tree().by_code(unit)
        found = of_unit(node) if node else None
    if found is None:
        abort(404)
    if found.key != FLEET:
        access.demand("setup", found.unit)
    return found


def source(holder: Holder | None) -> Asked | None:
    """Return who says what holds, None for the usual hours."""
    if holder is None:
        return None
    kind, key = holder
    if kind == "fleet":
        return fleet()
    if kind == "unit":
        return of_unit(access.tree()[key])
    code = counters.code_of(key)
    return of_counter(code) if code else None
