"""What needs me near here, and what is wrong with the one before me?"""

import re
from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.tree import Node
from fleet_server.judged import Bench, Judged
from fleet_server.store import commands, listening
from fleet_server.store.commands import Commanded
from fleet_server.store.pages import evidence
from fleet_server.store.pages import terminals as store
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.branch import chosen, units
from fleet_server.web.services import services
from fleet_server.web.terminals.filters import RANKS, worst_first
from fleet_server.web.terminals.judged import judged
from fleet_server.web.terminals.outcome import Step, tested, way

LAST = 5

blueprint = Blueprint("technician", __name__, template_folder=".")


@dataclass(frozen=True, slots=True)
class Stop:
    """A unit on the way, and its terminals that need somebody, the worst first."""

    unit: Node | None
    terminals: list[Judged]


@blueprint.get("/technician")
@allow("command")
def index() -> ResponseReturnValue:
    """Show what needs somebody, by unit; or go to the terminal that was typed or scanned."""
    scope, unit = chosen("command")
    wanted = request.args.get("terminal", "")
    if wanted.strip():
        found = _find(wanted)
        if found is not None:
            return redirect(url_for("technician.one", terminal_id=found))
        flash(gettext("There is no terminal with the name %(name)s.", name=wanted), "error")
    ill = [one for one in judged(g.now, scope) if one.verdict.needs_somebody]
    return render_template(
        "technician.html",
        stops=_stops(ill),
        count=len(ill),
        unit=unit,
        units=units("command"),
        wanted=wanted,
        deaf_since=listening.deaf_since(g.now),
        subjects=["fleet", "matter"],
    )


def _find(text: str) -> str | None:
    """Return the terminal that a text names: its id, or an address that ends in it."""
    name = re.split(r"[/\s]+", text.strip().rstrip("/"))[-1].casefold()
    row = store.terminal(name)
    return row.id if row and access.scope("command").covers(row.unit) else None


def _stops(ill: list[Judged]) -> list[Stop]:
    by_unit: dict[int | None, list[Judged]] = {}
    for one in worst_first(ill):
        by_unit.setdefault(one.row.unit, []).append(one)
    tree = access.tree()
    found = [
        Stop(None if unit is None else tree[unit], terminals) for unit, terminals in by_unit.items()
    ]
    return sorted(
        found, key=lambda stop: (RANKS[stop.terminals[0].verdict.state], -len(stop.terminals))
    )


@blueprint.get("/technician/<terminal_id>")
@allow("command")
def one(terminal_id: str) -> str:
    """Show one terminal in large letters, with what can be tried on the spot."""
    row = store.terminal(terminal_id)
    if row is None:
        abort(404)
    access.demand("command", row.unit)
    bench = Bench(g.now, services().settings.fleet.zone)
    last = commands.history(terminal_id, LAST)
    return render_template(
        "technician_one.html",
        terminal=bench.judge(row),
        opens=bench.calendar_of(row.counter).opens_next(g.now),
        tokens=evidence.tokens(terminal_id),
        keys=evidence.keys(terminal_id),
        commands=last,
        test=_last_test(last),
        may_enrol=access.scope("enrol").covers(row.unit),
        deaf_since=listening.deaf_since(g.now),
        subjects=[f"terminal:{terminal_id}", "matter"],
    )


def _last_test(
    history: list[Commanded],
) -> tuple[Commanded, list[tuple[object, bool]], list[Step]] | None:
    """Return the newest self-test among some commands, and what it came to."""
    found = next((each for each in history if each.name == "self-test"), None)
    return None if found is None else (found, tested(found.details), way(found.details))
