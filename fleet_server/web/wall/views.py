"""How is today going, and is anything broken? Read from five metres."""

from collections import Counter as Count

from flask import Blueprint, g, render_template

from fleet_server.web import access, branch, days
from fleet_server.web.access import allow
from fleet_server.web.counters.period import of_period
from fleet_server.web.figures import together
from fleet_server.web.services import services
from fleet_server.web.terminals.judged import in_trouble, judged

SHORT = 5
"""Terminals that are named; so many fit in type that can be read from five metres."""

PLACES = 4
MINUTE_MS = 60_000

blueprint = Blueprint("wall", __name__, template_folder=".")


@blueprint.get("/wall")
@allow("figures")
def show() -> str:
    """Show today's figures and how the terminals are, of the whole fleet or of one branch."""
    scope, unit = branch.chosen("figures")
    today = days.today(g.now, services().settings.fleet.zone)
    sight = access.scope("fleet")
    if unit is not None:
        sight = sight.within(access.tree().branch(unit.id))
    terminals = judged(g.now, sight)
    return render_template(
        "wall.html",
        unit=unit,
        today=today.isoformat(),
        figures=together(of_period(today, today, today, scope).values()),
        terminals=len(terminals),
        levels=Count(one.verdict.level for one in terminals),
        trouble=in_trouble(terminals),
        short=SHORT,
        # A little to the side every minute, so that no line burns itself into the screen.
        place=g.now // MINUTE_MS % PLACES,
        subjects=["counter:", "terminal:"],
    )
