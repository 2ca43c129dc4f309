"""What the lines of a page are drawn of, for the script that zooms into them."""

from datetime import UTC, datetime

from flask import Blueprint, abort, jsonify, request
from flask.typing import ResponseReturnValue

from fleet_server.store.pages import counters as store
from fleet_server.web import access, trend
from fleet_server.web.access import allow
from fleet_server.web.period import asked, choose
from fleet_server.web.trend import Trend

blueprint = Blueprint("series", __name__)


@blueprint.get("/series")
@allow("figures")
def show() -> ResponseReturnValue:
    """Answer with times (Unix seconds), both shares, and both targets; None where a day is missing.

    ``counter=CODE``, ``unit=CODE`` or everything; ``period`` and ``service`` as pages have them.
    """
    wanted = asked(choose("30"))
    code = request.args.get("counter")
    if code is None:
        return jsonify(_columns(trend.of_branch(wanted)))
    counter = store.counter(code)
    if counter is None:
        abort(404)
    access.demand("figures", counter.unit)
    return jsonify(_columns(trend.of_counter(counter.id, wanted)))


def _columns(found: Trend) -> dict[str, list[float | None]]:
    rows = [row for row in found.rows if row.status != "ahead"]
    days = [datetime.combine(row.period.first, datetime.min.time(), UTC) for row in rows]
    return {
        "at": [day.timestamp() for day in days],
        "participation": [row.figures.participation for row in rows],
        "satisfaction": [row.figures.satisfaction for row in rows],
        "participation_target": [row.figures.participation_target for row in rows],
        "satisfaction_target": [row.figures.satisfaction_target for row in rows],
    }
