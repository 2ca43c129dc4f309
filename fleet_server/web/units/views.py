"""The list of units."""

from flask import Blueprint, g, render_template

from fleet_server.store.pages import counters as store
from fleet_server.web import access, days
from fleet_server.web.access import allow
from fleet_server.web.counters.period import of_period
from fleet_server.web.figures import NOTHING, Figures, together
from fleet_server.web.services import services

blueprint = Blueprint("units", __name__, template_folder=".")


@blueprint.get("/units")
@allow("figures")
def index() -> str:
    """Show all units with today's figures."""
    today = days.today(g.now, services().settings.fleet.zone)
    scope = access.scope("figures")
    units = store.units(scope, today.isoformat())
    figures = of_period(today, today, today, scope)
    by_unit: dict[str, list[Figures]] = {unit.code: [] for unit in units}
    for counter in store.counters(scope):
        by_unit.setdefault(counter.unit_code, []).append(figures.get(counter.id, NOTHING))
    sums = {code: together(held) for code, held in by_unit.items()}
    return render_template("units.html", units=units, figures=sums, subjects=["counter:"])
