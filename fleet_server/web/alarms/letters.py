"""The outbox of letters: what was sent, what is stuck and why, and sending it again."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.store import letters as store
from fleet_server.store.changes import LETTER
from fleet_server.store.database import writing
from fleet_server.web import access, address, words
from fleet_server.web.access import allow
from fleet_server.web.numbers import HIGHEST
from fleet_server.web.services import services

PAGE = 50

blueprint = Blueprint("letters", __name__, template_folder=".")


@blueprint.get("/settings/letters")
@allow("settings")
def index() -> str:
    """Show letters, the newest first; to those who look after the whole fleet."""
    whole = access.scope("settings").covers(None)
    chosen = request.args.get("state") or None
    if chosen not in (None, *words.LETTER_STATES):
        abort(404)
    found = store.listed(chosen, address.cursor() or 0, PAGE + 1) if whole else []
    return render_template(
        "letters.html",
        letters=found[:PAGE],
        counts=store.by_state() if whole else {},
        whole=whole,
        chosen=chosen,
        mail=services().settings.mail,
        next=found[PAGE - 1].id if len(found) > PAGE else None,
        subjects=[LETTER],
    )


@blueprint.post("/settings/letters/<int:number>/again")
@allow("settings")
def again(number: int) -> ResponseReturnValue:
    """Send a letter again."""
    access.demand("settings", None)
    with writing():
        known = store.again(min(number, HIGHEST), g.now, access.actor())
    if not known:
        abort(404)
    flash(gettext("The letter is on its way again."), "success")
    return redirect(url_for("letters.index"), 303)
