"""The scale of index scores: which holds, another version; and what people enter for a branch."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core import scores
from fleet_server.core.scores import Index
from fleet_server.core.spans import Period, of, read
from fleet_server.core.tree import Node
from fleet_server.reports.scores import called, limits
from fleet_server.store import score_entries
from fleet_server.store import score_scales as store
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.numbers import seen
from fleet_server.web.period import today
from fleet_server.web.reports.scale_forms import SOURCES, EntryForm, ScaleForm, filled

blueprint = Blueprint("scales", __name__, template_folder=".")


@blueprint.get("/settings/scales")
@allow("setup")
def index() -> str:
    """Show all versions, and the form for another."""
    newest, *_who = store.history()[0]
    data = filled(newest, newest.version, today())
    return _page(ScaleForm(today(), formdata=None, data=data))


@blueprint.post("/settings/scales")
@allow("settings")
def change() -> ResponseReturnValue:
    """Add a version."""
    access.demand("settings", None)
    form = ScaleForm(today())
    scale = form.scale() if form.validate() else None
    if scale is None:
        return _page(form), 422
    try:
        with writing():
            store.add(
                seen(form.seen.data), scale, today().isoformat(), actor=access.actor(), now=g.now
            )
    except Stale:
        form.seen.data = form.seen.raw_data = str(store.newest())
        flash(_("Somebody else has added a version meanwhile; look at it below first."), "error")
        return _page(form), 409
    flash(_("The scale is saved."), "success")
    return redirect(url_for("scales.index"), 303)


def _page(form: ScaleForm) -> str:
    day = today().isoformat()
    return render_template(
        "scales.html",
        form=form,
        held=scores.on(store.scales(), day),
        history=store.history(),
        may_edit=access.scope("settings").units is None,
        called=called,
        limits=limits,
        sources=SOURCES,
        today=day,
    )


@blueprint.get("/reports/scores/<key>")
@allow("figures")
def entries(key: str) -> str:
    """Show what was entered for an index of a branch and a period, and the form to enter more."""
    index, period, unit = _asked(key)
    access.demand("figures", unit.id if unit else None)
    return _entry_page(index, period, unit, EntryForm(formdata=None))


@blueprint.post("/reports/scores/<key>")
@allow("enter")
def enter(key: str) -> ResponseReturnValue:
    """Enter how many dossiers got how many points."""
    index, period, unit = _asked(key)
    number = unit.id if unit else None
    access.demand("enter", number)
    form = EntryForm()
    if not form.validate():
        return _entry_page(index, period, unit, form), 422
    entered = {key: form.entered(access.actor())}
    code = unit.code if unit else None
    with writing():
        score_entries.add(number, code, period.text, entered, form.reason.data, g.now)
    flash(_("It is entered."), "success")
    return redirect(url_for("reports.index", period=period.text, unit=code), 303)


def _asked(key: str) -> tuple[Index, Period, Node | None]:
    """Return index, period and branch that the address names; 404 where one is not there.

    Of no period, the month before is meant, as on the page of the report.
    """
    code = request.args.get("unit")
    unit = access.tree().by_code(code) if code else None
    try:
        period = read(request.args.get("period") or of("month", today()).before().text)
        scale = scores.on(store.scales(), period.last.isoformat())
    except (ValueError, LookupError):
        abort(404)
    index = next((one for one in scale.indexes if one.key == key), None)
    if index is None or index.source != "entered" or (code and unit is None):
        abort(404)
    return index, period, unit


def _entry_page(index: Index, period: Period, unit: Node | None, form: EntryForm) -> str:
    number = unit.id if unit else None
    held = score_entries.history(number, period.text)
    return render_template(
        "scores.html",
        index=index,
        name=called(index),
        period=period,
        unit=unit,
        form=form,
        may_edit=access.scope("enter").covers(number),
        history=[one for one in held if one.key == index.key],
    )
