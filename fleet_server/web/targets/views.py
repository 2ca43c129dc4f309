"""What should be reached, by whom, since when; and from when on something else."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core.targets import SCALE, SCALES, Goal
from fleet_server.core.tree import Node
from fleet_server.store import targets as store
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, branch, language
from fleet_server.web.access import allow
from fleet_server.web.period import today
from fleet_server.web.targets.forms import TargetForm

blueprint = Blueprint("targets", __name__, template_folder=".")


def _unit(rule: str) -> Node | None:
    """Return the unit that the address names, or None for the fleet; 404 where one may not look."""
    code = request.args.get("unit", "")
    if not code:
        return None
    unit = access.tree().by_code(code)
    if unit is None:
        abort(404)
    access.demand("setup" if rule == "setup" else "settings", unit.id)
    return unit


def _id(unit: Node | None) -> int | None:
    return unit.id if unit else None


@blueprint.get("/settings/targets")
@allow("setup")
def index() -> str:
    """Show all versions, and the form of one holder."""
    unit = _unit("setup")
    held = _newest(unit)
    data = {"seen": str(store.newest(_id(unit))), "since": today()}
    if held is not None:
        data |= {"participation": held.participation, "satisfaction": held.satisfaction}
    return _page(unit, TargetForm(today(), unit is None, formdata=None, data=data))


@blueprint.post("/settings/targets")
@allow("settings")
def change() -> ResponseReturnValue:
    """Add a version."""
    unit = _unit("settings")
    if not access.scope("settings").covers(_id(unit)):
        abort(404)
    form = TargetForm(today(), unit is None)
    if not form.validate_on_submit():
        return _page(unit, form), 422
    try:
        with writing():
            store.add(
                _id(unit),
                form.version,
                form.since.data.isoformat(),
                form.goal,
                today().isoformat(),
                actor=access.actor(),
                now=g.now,
            )
    except Stale:
        return _stale(unit, form), 409
    flash(_("The target is saved."), "success")
    return redirect(url_for("targets.index", unit=unit and unit.code), 303)


def _newest(unit: Node | None) -> Goal | None:
    """Return the last version of a unit, which may not have begun yet."""
    found = [one.goal for one, *_rest in store.history() if one.unit == (_id(unit))]
    return found[0] if found else None


def _stale(unit: Node | None, form: TargetForm) -> str:
    theirs = max(
        (held for held in store.history() if held[0].unit == (_id(unit))),
        key=lambda held: held[0].id,
    )
    form.seen.data = form.seen.raw_data = str(theirs[0].id)
    typed = form.goal
    rows = [
        (_("From"), language.day(theirs[0].since), language.day(form.since.data.isoformat())),
        (_("Participation"), *(_per_cent(one, "participation") for one in (theirs[0].goal, typed))),
        (_("Satisfaction"), *(_per_cent(one, "satisfaction") for one in (theirs[0].goal, typed))),
    ]
    differ = [row for row in rows if row[1] != row[2]]
    return _page(unit, form, (differ, theirs[1].partition(":")[2] or theirs[1], theirs[2]))


def _per_cent(goal: Goal | None, which: str) -> str:
    return f"{getattr(goal, which)}%" if goal else _("none of its own")


def _page(
    unit: Node | None,
    form: TargetForm,
    stale: tuple[list[tuple[str, str, str]], str, int] | None = None,
) -> str:
    tree, scope, editable = access.tree(), access.scope("setup"), access.scope("settings")
    held, day = store.targets(), today().isoformat()
    names = {node.id: node for node in tree}
    history = [
        (version, names.get(version.unit or 0), by.partition(":")[2] or by, at)
        for version, by, at in store.history()
        if version.unit is None or scope.covers(version.unit)
    ]
    return render_template(
        "targets.html",
        unit=unit,
        form=form,
        stale=stale,
        now_held=held.on(day, tree).get(unit.id) if unit else held.fleet(day),
        own=unit is None or held.own(unit.id, day) is not None,
        may_edit=editable.covers(_id(unit)),
        units=branch.units("setup"),
        history=history,
        today=day,
        scale=SCALE,
        scales=SCALES,
    )
