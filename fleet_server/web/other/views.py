"""Ratings from paper, phone, suggestion boxes, online and by QR: the list, and entering one."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.channels import WAYS, Row
from fleet_server.store import audit_log, unsigned
from fleet_server.store.changes import CHANNELS
from fleet_server.store.database import writing
from fleet_server.store.pages import unsigned as pages
from fleet_server.store.unsigned import Taking
from fleet_server.web import access, address, branch
from fleet_server.web.access import allow
from fleet_server.web.other import imports as _imports  # noqa: F401  # its views are these pages'
from fleet_server.web.other import withdrawing as _withdrawing  # noqa: F401  # these too
from fleet_server.web.other.blueprint import blueprint
from fleet_server.web.other.forms import RatingForm
from fleet_server.web.period import today

PAGE = 50

__all__ = ["blueprint"]


@blueprint.get("")
@allow("enter")
def index() -> str:
    """Show what was taken, the newest first, without what was chosen."""
    scope, unit = branch.chosen("enter")
    way = request.args.get("way") or None
    if way is not None and way not in WAYS:
        abort(404)
    start = address.start()
    lines, count = pages.listed(scope, way, start, PAGE)
    return render_template(
        "other.html",
        lines=lines,
        count=count,
        start=start,
        size=PAGE,
        way=way,
        unit=unit,
        units=branch.units("enter"),
        subjects=[CHANNELS],
    )


@blueprint.get("/new")
@allow("enter")
def add() -> str:
    """Show the form; unit, channel and day stay from one rating of a pile to the next."""
    kept = {name: request.args.get(name, "") for name in ("way", "unit", "counter")}
    day = request.args.get("day") or today().isoformat()
    return _page(RatingForm(formdata=None, data={**kept, "day": day}))


@blueprint.post("/new")
@allow("enter")
def enter() -> ResponseReturnValue:
    """Take a rating that a person entered."""
    form = RatingForm()
    known = unsigned.known(access.tree(), access.scope("enter"), today().isoformat())
    row = form.row(known)
    if row is None:
        return _page(form), 422
    with writing():
        unsigned.take([row], Taking(g.now, today().isoformat(), access.actor()))
        _note(row)
    flash(gettext("The rating is taken. The next one can be entered."), "success")
    kept = {name: form[name].data for name in ("way", "unit", "day", "counter")}
    return redirect(url_for("other.add", **kept), 303)


def _note(row: Row) -> None:
    """Note that it was entered; what was chosen is nobody's business."""
    code = next(node.code for node in access.tree() if node.id == row.unit)
    details = {"way": row.way, "day": row.day, "ticket": row.ticket}
    audit_log.note(access.actor(), "unsigned.enter", f"unit:{code}", details, at=g.now)


def _page(form: RatingForm) -> str:
    form.offer(branch.units("enter"))
    return render_template("other_new.html", form=form, today=today().isoformat())
