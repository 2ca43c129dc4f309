"""How is today going, and is anything broken? Read from five metres."""

from collections import Counter as Count

from flask import Blueprint, g, render_template

from fleet_server.core.roles import Scope
from fleet_server.core.spans import of
from fleet_server.core.tree import Node
from fleet_server.web import access, branch, measured
from fleet_server.web.access import allow
from fleet_server.web.period import today
from fleet_server.web.pieces import Asked
from fleet_server.web.terminals.judged import in_trouble, judged

SHORT = 5
"""Terminals that are named; so many fit in type that can be read from five metres."""

PLACES = 4
MINUTE_MS = 60_000

blueprint = Blueprint("wall", __name__, template_folder=".")


@blueprint.get("/wall")
@allow("figures")
def show() -> str:
    """Show the wall screen to a person who is signed in: everything they may see, or a branch."""
    scope, unit = branch.chosen("figures")
    sight = access.scope("fleet")
    if unit is not None:
        sight = sight.within(access.tree().branch(unit.id))
    return screen(scope, sight, unit)


def screen(scope: Scope, sight: Scope, unit: Node | None, polls: bool = False) -> str:
    """Draw a wall screen.

    Args:
        scope: whose figures are shown.
        sight: whose terminals are shown.
        unit: the branch that it is about, or None for the fleet.
        polls: the page has no event stream, and looks for news by itself.
    """
    day = today()
    terminals = judged(g.now, sight)
    return render_template(
        "wall.html",
        unit=unit,
        today=day.isoformat(),
        figures=measured.whole(Asked(of("day", day), day, scope)),
        sight=sight,
        terminals=len(terminals),
        levels=Count(one.verdict.level for one in terminals),
        trouble=in_trouble(terminals),
        short=SHORT,
        # A little to the side every minute, so that no line burns itself into the screen.
        place=g.now // MINUTE_MS % PLACES,
        subjects=["counter:", "fleet"],
        polls=polls,
    )
