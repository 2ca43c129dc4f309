"""What has a case, and how long its steps may take: of the fleet, and of units that differ."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core.tree import Node
from fleet_server.store import case_terms as store
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.cases.term_forms import GRAINS, TermsForm, compared, filled, levels
from fleet_server.web.period import today
from fleet_server.web.services import services

blueprint = Blueprint("case_terms", __name__, template_folder=".")


@blueprint.get("/settings/cases")
@allow("setup")
def index() -> str:
    """Show what holds for one holder with its form, and all versions."""
    unit = _unit()
    if unit is not None:
        access.demand("setup", unit.id)
    held, grain = store.of(_id(unit), access.tree()), _grain()
    data = filled(held, grain, store.newest(_id(unit)))
    return _page(unit, TermsForm(unit is None, formdata=None, data=data))


@blueprint.post("/settings/cases")
@allow("settings")
def change() -> ResponseReturnValue:
    """Add a version."""
    unit = _unit()
    access.demand("settings", _id(unit))
    form = TermsForm(unit is None)
    if not form.validate_on_submit():
        return _page(unit, form), 422
    try:
        with writing():
            store.add(
                _id(unit), form.version, form.kind, form.terms, actor=access.actor(), now=g.now
            )
    except Stale:
        return _overtaken(unit, form), 409
    flash(_("It is saved, and holds for steps from now on."), "success")
    return redirect(url_for("case_terms.index", unit=unit and unit.code), 303)


def _unit() -> Node | None:
    """Return the unit that the address names, or None for the fleet; 404 for one that is not."""
    code = request.args.get("unit", "")
    unit = access.tree().by_code(code) if code else None
    if code and unit is None:
        abort(404)
    return unit


def _id(unit: Node | None) -> int | None:
    return unit.id if unit else None


def _has_own(unit: Node) -> bool:
    newest = next((one for one in store.history() if one.unit == unit.id), None)
    return newest is not None and newest.terms is not None


def _grain() -> store.Grain:
    return store.grains(services().settings.fleet.zone)(today().isoformat())


def _overtaken(unit: Node | None, form: TermsForm) -> str:
    theirs = next(one for one in store.history() if one.unit == _id(unit))
    form.seen.data = form.seen.raw_data = str(theirs.id)
    by = theirs.set_by.partition(":")[2] or theirs.set_by
    return _page(unit, form, (compared(theirs, form), by, theirs.set_at))


def _page(unit: Node | None, form: TermsForm, stale: tuple[Any, str, int] | None = None) -> str:
    tree, scope = access.tree(), access.scope("setup")
    return render_template(
        "case_terms.html",
        unit=unit,
        form=form,
        stale=stale,
        held=store.of(_id(unit), tree),
        own=unit is None or _has_own(unit),
        grain=GRAINS[_grain()],
        grains=GRAINS,
        levels=levels,
        may_edit=access.scope("settings").covers(_id(unit)),
        units=branch.units("setup"),
        history=[one for one in store.history() if one.unit is None or scope.covers(one.unit)],
        tree=tree,
    )
