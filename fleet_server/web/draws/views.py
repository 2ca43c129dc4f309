"""The weekly draws, as they are published, for all who are signed in.

Nothing here says which ticket a name stands for. List, and who was drawn, stay closed until nobody
is to be asked any more: who works at a counter must not know whom to talk to before.
"""

import re
from functools import cache
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from fleet_server.core.draw import pulse
from fleet_server.core.draw_published import heads_of, written
from fleet_server.interviews.closing import By
from fleet_server.interviews.drawing import finish
from fleet_server.store import draws as store
from fleet_server.store.changes import DRAW
from fleet_server.store.database import writing
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.draws.forms import WitnessForm
from fleet_server.web.interviews.scope import above_all
from fleet_server.web.lists import attached
from fleet_server.web.period import today
from fleet_server.web.services import keys, services

SHOWN = 20
"""Lines of a list or of heads on the page; the file has all."""

blueprint = Blueprint("draws", __name__, template_folder=".")


@cache
def recipe() -> str:
    """Return the lines by which anybody repeats a draw."""
    text = (files("fleet_server.core") / "DRAW.md").read_text("utf-8")
    return str(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0])


@blueprint.get("/draws")
@allow("person")
def index() -> str:
    """Show all draws, the newest first."""
    return render_template(
        "draws.html",
        draws=store.listed(),
        lapsed=store.lapsed(),
        said=services().settings.interviews,
        subjects=[DRAW],
    )


@blueprint.get("/draws/<week>")
@allow("person")
def one(week: str) -> str:
    """Show what is published of a draw, and how to repeat it."""
    held = _held(week)
    return _page(held, WitnessForm(held.witness, formdata=None))


@blueprint.get("/draws/<week>/draw.json")
@allow("person")
def file(week: str) -> Response:
    """Give the published file of a draw, once it is open."""
    held = _held(week)
    if held.state != "drawn" or not _may_read(held):
        abort(404)
    content = written(store.published(held))
    return attached(content, "application/json", f"draw-{held.week}.json")


@blueprint.post("/draws/<week>/witness")
@allow("settings")
def witness(week: str) -> ResponseReturnValue:
    """Take down what the witness said, and draw."""
    access.demand("settings", None)
    held = _held(week)
    form = WitnessForm(held.witness)
    if not form.validate_on_submit():
        return _page(held, form), 422
    names = keys().draw
    by = By(current_user.id, access.actor(), g.now, today())
    with writing():
        drawn = finish(held.week, names, form.witnessed.data or "", by)
    if drawn:
        flash(_("It is drawn."), "success")
    else:
        flash(_("This draw waits for no witness (any more); nothing was changed."), "error")
    return redirect(url_for("draws.one", week=held.week), 303)


def _held(week: str) -> Any:
    held = store.row(week)
    if held is None:
        abort(404)
    return held


def _may_read(held: Any) -> bool:
    return store.is_open(held, today()) or above_all()


def _page(held: Any, form: WitnessForm) -> str:
    is_open, may_read = store.is_open(held, today()), _may_read(held)
    lines = store.lines(held) if may_read else []
    return render_template(
        "draw.html",
        draw=held,
        is_open=is_open,
        may_read=may_read,
        left=store.left(held),
        lapsed=store.lapsed(held),
        lines=lines,
        places={key: place for place, one in enumerate(lines, 1) for key in (one.id, one.name)},
        replaced={one.replaces: one for one in store.replacements(held)},
        names={node.code: node.name for node in access.tree()},
        listed=held.listed.splitlines()[:SHOWN] if may_read else [],
        heads=held.heads.splitlines()[:SHOWN],
        chains=held.heads.count("\n"),
        pulse=pulse(heads_of(held.heads)) if held.heads else None,
        recipe=recipe(),
        form=form,
        may_witness=access.scope("settings").covers(None),
    )
