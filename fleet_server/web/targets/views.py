"""What should be reached, by whom, since when; and from when on something else."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core.targets import SCALE, SCALES, Goal
from fleet_server.store import targets as store
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, branch, language
from fleet_server.web.access import allow
from fleet_server.web.branch import Holder
from fleet_server.web.period import today
from fleet_server.web.targets.forms import TargetForm

blueprint = Blueprint("targets", __name__, template_folder=".")


@blueprint.get("/settings/targets")
@allow("setup")
def index() -> str:
    """Show all versions, and the form of one holder."""
    whose = branch.holder()
    held = _newest(whose)
    data = {"seen": str(store.newest(whose.id)), "since": today()}
    if held is not None:
        data |= {"participation": held.participation, "satisfaction": held.satisfaction}
    return _page(whose, TargetForm(today(), whose.unit is None, formdata=None, data=data))


@blueprint.post("/settings/targets")
@allow("settings")
def change() -> ResponseReturnValue:
    """Add a version."""
    whose = branch.holder()
    whose.demand_set()
    form = TargetForm(today(), whose.unit is None)
    if not form.validate_on_submit() or _asks_less(whose, form):
        return _page(whose, form), 422
    try:
        with writing():
            store.add(
                whose.id,
                form.version,
                form.since.data.isoformat(),
                form.goal,
                today().isoformat(),
                actor=access.actor(),
                now=g.now,
            )
    except Stale:
        return _stale(whose, form), 409
    flash(_("The target is saved."), "success")
    return redirect(url_for("targets.index", unit=whose.code), 303)


def _asks_less(whose: Holder, form: TargetForm) -> bool:
    """Say at the fields what is lower than what the person is judged by themselves."""
    judged, goal = whose.judged, form.goal
    if judged is None or goal is None:
        return False
    least = store.targets().least(judged.id, form.since.data.isoformat(), access.tree())
    fields = (
        (form.participation, goal.participation, least.participation),
        (form.satisfaction, goal.satisfaction, least.satisfaction),
    )
    for field, asked, held in fields:
        if asked < held:
            field.errors = [
                _(
                    "%(unit)s itself is asked for %(least)s%%; please ask for no less here.",
                    unit=judged.name,
                    least=held,
                )
            ]
    return any(asked < held for _field, asked, held in fields)


def _newest(whose: Holder) -> Goal | None:
    """Return the last version of a unit, which may not have begun yet."""
    found = [one.goal for one, *_rest in store.history() if one.unit == whose.id]
    return found[0] if found else None


def _stale(whose: Holder, form: TargetForm) -> str:
    theirs = max(
        (held for held in store.history() if held[0].unit == whose.id),
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
    return _page(whose, form, (differ, theirs[1].partition(":")[2] or theirs[1], theirs[2]))


def _per_cent(goal: Goal | None, which: str) -> str:
    return f"{getattr(goal, which)}%" if goal else _("none of its own")


def _page(
    whose: Holder,
    form: TargetForm,
    stale: tuple[list[tuple[str, str, str]], str, int] | None = None,
) -> str:
    tree, scope, unit = access.tree(), access.scope("setup"), whose.unit
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
        may_edit=whose.may_set,
        units=branch.units("setup"),
        history=history,
        today=day,
        scale=SCALE,
        scales=SCALES,
    )
