"""Two to six units or counters side by side, over one period and on one scale."""

from dataclasses import dataclass, replace

from flask import Blueprint, abort, render_template, request, url_for

from fleet_server.core.targets import SCALE
from fleet_server.store.pages import counters as store
from fleet_server.web import access, branch, measured, trend
from fleet_server.web.access import allow
from fleet_server.web.counters.lines import Changes, changes
from fleet_server.web.figures import NOTHING, Figures
from fleet_server.web.period import choose, service
from fleet_server.web.pieces import Asked
from fleet_server.web.trend import Trend

blueprint = Blueprint("compare", __name__, template_folder=".")

MOST = 6


@dataclass(frozen=True, slots=True)
class Compared:
    """One of those that stand side by side."""

    key: str
    name: str
    where: str
    href: str
    figures: Figures
    changes: Changes
    trend: Trend


@blueprint.get("/compare")
@allow("figures")
def index() -> tuple[str, int]:
    """Show those that the address names: ``item=unit:CODE`` or ``item=counter:CODE``."""
    chooser = choose("30")
    asked = Asked(chooser.period, chooser.today, access.scope("figures"), None, service())
    keys = list(dict.fromkeys(key for key in request.args.getlist("item") if key))
    added = request.args.get("counter", "").strip()
    problem = added and not _known(added)
    if added and not problem:
        keys.append(f"counter:{added}")
    page = render_template(
        "compare.html",
        chooser=chooser,
        asked=asked,
        items=[_compared(key, asked) for key in keys[:MOST]],
        keys=keys[:MOST],
        too_many=len(keys) > MOST,
        most=MOST,
        unknown=added if problem else "",
        units=branch.units("figures"),
        scale=SCALE,
        subjects=["counter:"],
    )
    return page, 400 if chooser.problem or problem else 200


def _known(code: str) -> bool:
    found = store.counter(code)
    return found is not None and access.scope("figures").covers(found.unit)


def _compared(key: str, asked: Asked) -> Compared:
    kind, _, code = key.partition(":")
    if kind == "counter":
        return _counter(key, code, asked)
    unit = access.tree().by_code(code)
    if kind != "unit" or unit is None:
        abort(404)
    access.demand("figures", unit.id)
    own = replace(asked, unit=unit)
    figures = measured.whole(own)
    return Compared(
        key,
        unit.name,
        code,
        url_for("units.one", unit_code=code, period=asked.period.text),
        figures,
        changes(figures, measured.whole(own.over(asked.period.before()))),
        trend.of_branch(trend.wide(own)),
    )


def _counter(key: str, code: str, asked: Asked) -> Compared:
    counter = store.counter(code)
    if counter is None:
        abort(404)
    access.demand("figures", counter.unit)
    figures = measured.by_counter(asked, {counter.id}).get(counter.id, NOTHING)
    before = measured.by_counter(asked.over(asked.period.before()), {counter.id})
    return Compared(
        key,
        counter.name,
        f"{code} · {counter.unit_name}",
        url_for("counters.one", code=code, period=asked.period.text),
        figures,
        changes(figures, before.get(counter.id, NOTHING)),
        trend.of_counter(counter.id, trend.wide(asked)),
    )
