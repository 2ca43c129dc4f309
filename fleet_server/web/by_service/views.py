"""How are the services rated, everywhere or in a branch?"""

from dataclasses import replace

from flask import Blueprint, render_template

from fleet_server.core.targets import SCALE
from fleet_server.web import branch, measured, trend
from fleet_server.web.access import allow
from fleet_server.web.counters.lines import changes
from fleet_server.web.figures import NOTHING, together
from fleet_server.web.period import NO_SERVICE, asked, choose

blueprint = Blueprint("by_service", __name__, template_folder=".")


@blueprint.get("/services")
@allow("figures")
def index() -> tuple[str, int]:
    """Show the services side by side, or one of them with its days and units."""
    chooser = choose()
    wanted = asked(chooser)
    every = replace(wanted, service=None)
    found = measured.by_service(every)
    before = measured.by_service(every.over(chooser.period.before()))
    one = wanted.service
    lines = [
        (name, figures, changes(figures, before.get(name, NOTHING)))
        for name, figures in found.items()
    ]
    page = render_template(
        "services.html",
        chooser=chooser,
        asked=wanted,
        lines=lines,
        total=together(figures for _, figures, _ in lines),
        figures=None if one is None else found.get(one, NOTHING),
        changes=None if one is None else changes(found.get(one, NOTHING), before.get(one, NOTHING)),
        members=[] if one is None else measured.by_part(wanted),
        trend=None if one is None else trend.of_branch(trend.wide(wanted)),
        units=branch.units("figures"),
        no_service=NO_SERVICE,
        scale=SCALE,
        subjects=["counter:"],
    )
    return page, 400 if chooser.problem else 200
