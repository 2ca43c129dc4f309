"""What has a case, and how long its steps may take: of the fleet, and of units that differ."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core.tree import Node
from fleet_server.store import case_terms as store
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.branch import Holder
from fleet_server.web.cases.term_forms import GRAINS, TermsForm, compared, filled, levels
from fleet_server.web.period import today
from fleet_server.web.services import services

blueprint = Blueprint("case_terms", __name__, template_folder=".")


@blueprint.get("/settings/cases")
@allow("setup")
def index() -> str:
    """Show what holds for one holder with its form, and all versions."""
    whose = branch.holder()
    held, grain = store.of(whose.id, access.tree()), _grain()
    data = filled(held, grain, store.newest(whose.id))
    return _page(whose, TermsForm(whose.unit is None, formdata=None, data=data))


@blueprint.post("/settings/cases")
@allow("settings")
def change() -> ResponseReturnValue:
    """Add a version."""
    whose = branch.holder()
    whose.demand_set()
    form = TermsForm(whose.unit is None)
    if not form.validate_on_submit():
        return _page(whose, form), 422
    try:
        with writing():
            store.add(
                whose.id, form.version, form.kind, form.terms, actor=access.actor(), now=g.now
            )
    except Stale:
        return _overtaken(whose, form), 409
    flash(_("It is saved, and holds for steps from now on."), "success")
    return redirect(url_for("case_terms.index", unit=whose.code), 303)


def _has_own(unit: Node) -> bool:
    newest = next((one for one in store.history() if one.unit == unit.id), None)
    return newest is not None and newest.terms is not None


def _grain() -> store.Grain:
    return store.grains(services().settings.fleet.zone)(today().isoformat())


def _overtaken(whose: Holder, form: TermsForm) -> str:
    theirs = next(one for one in store.history() if one.unit == whose.id)
    form.seen.data = form.seen.raw_data = str(theirs.id)
    by = theirs.set_by.partition(":")[2] or theirs.set_by
    return _page(whose, form, (compared(theirs, form), by, theirs.set_at))


def _page(whose: Holder, form: TermsForm, stale: tuple[Any, str, int] | None = None) -> str:
    tree, scope = access.tree(), access.scope("setup")
    return render_template(
        "case_terms.html",
        unit=whose.unit,
        form=form,
        stale=stale,
        held=store.of(whose.id, tree),
        own=whose.unit is None or _has_own(whose.unit),
        grain=GRAINS[_grain()],
        grains=GRAINS,
        levels=levels,
        may_edit=whose.may_set,
        units=branch.units("setup"),
        history=[one for one in store.history() if one.unit is None or scope.covers(one.unit)],
        tree=tree,
    )
