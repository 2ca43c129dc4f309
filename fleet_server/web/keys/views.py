"""Keys of the REST interface: list, make, revoke."""

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.core.days import day_on
from fleet_server.store import api_keys
from fleet_server.store.api_keys import Listed, NameTakenError, NewKey
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.keys.forms import KeyForm
from fleet_server.web.services import services

blueprint = Blueprint("keys", __name__, template_folder=".")


@blueprint.get("/keys")
@allow("setup")
def index() -> str:
    """Show the keys that lie in what the person may see, the newest first."""
    scope = access.scope("setup")
    keys = [one for one in api_keys.listed(g.now) if scope.covers(one.unit_id)]
    warned = [one for one in keys if one.standing(g.now) in ("soon", "expired")]
    return render_template("keys.html", keys=keys, warned=warned)


@blueprint.route("/keys/new", methods=["GET", "POST"])
@allow("keys")
def add() -> ResponseReturnValue:
    """Make a key, and show it once."""
    form = KeyForm()
    if not form.is_submitted():
        return render_template("key_new.html", form=form)
    if form.validate():
        try:
            key = api_keys.add(_new(form), g.now)
        except NameTakenError:
            form.name.errors = [gettext("There is a key of this name already; revoke it first.")]
        else:
            answer = make_response(render_template("key_made.html", key=key, name=form.name.data))
            answer.headers["Cache-Control"] = "no-store"
            return answer
    return render_template("key_new.html", form=form), 422


def _new(form: KeyForm) -> NewKey:
    zone = services().settings.fleet.zone
    expires = None if form.expires.data is None else day_on(form.expires.data, zone).end
    return NewKey(
        name=form.name.data or "",
        scopes=frozenset(form.scopes.data or ()),
        unit=form.unit.data or None,
        expires_at=expires,
        created_by=access.actor(),
    )


@blueprint.post("/keys/<int:number>/keep")
@allow("keys")
def take_over(number: int) -> ResponseReturnValue:
    """Answer for a key that has stopped, so that it goes on."""
    key = _one(number)
    if key.stopped:
        api_keys.take_over(number, access.actor(), g.now)
        said = gettext("The key “%(name)s” goes on; you answer for it now.", name=key.name)
        flash(said, "success")
    else:
        flash(gettext("It works already, or has ended; nothing was changed."), "error")
    return redirect(url_for("keys.index"), 303)


@blueprint.get("/keys/<int:number>/revoke")
@allow("keys")
def ask_to_revoke(number: int) -> str:
    """Ask once more before a key is revoked."""
    key = _one(number)
    return render_template(
        "confirm.html",
        title=gettext("Revoke a key"),
        question=gettext("Revoke the key “%(name)s”?", name=key.name),
        consequences=[
            gettext("Whoever uses it is refused from now on."),
            gettext("It can't be taken back; make a new key instead."),
        ],
        action=url_for("keys.revoke", number=number),
        submit=gettext("Revoke"),
        cancel=url_for("keys.index"),
    )


@blueprint.post("/keys/<int:number>/revoke")
@allow("keys")
def revoke(number: int) -> ResponseReturnValue:
    """Revoke a key; one that was revoked meanwhile stays so."""
    key = _one(number)
    try:
        api_keys.revoke(key.name, g.now, access.actor())
    except ValueError:
        flash(gettext("Somebody else had revoked this key already."), "error")
    else:
        flash(gettext("The key “%(name)s” is revoked.", name=key.name), "success")
    return redirect(url_for("keys.index"), 303)


def _one(number: int) -> Listed:
    found = next((one for one in api_keys.listed(g.now) if one.id == number), None)
    if found is None or found.revoked_at is not None:
        abort(404)
    access.demand("keys", found.unit_id)
    return found
