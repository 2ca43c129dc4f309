"""Which units show their figures to everybody: switched here, by who may change settings."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.store.database import writing
from fleet_server.store.published import published, switch
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.services import services

blueprint = Blueprint("switches", __name__, template_folder=".")


@blueprint.get("/settings/public")
@allow("setup")
def index() -> str:
    """Show which units are public."""
    tree, scope = access.tree(), access.scope("setup")
    return render_template(
        "switches.html",
        units=[node for node in tree if scope.covers(node.id)],
        names=dict(branch.units("setup")),
        held=published(),
        changeable=access.scope("settings"),
        licence=services().settings.public.licence,
    )


@blueprint.post("/settings/public")
@allow("settings")
def change() -> ResponseReturnValue:
    """Switch a unit's public figures on or off."""
    unit = access.tree().by_code(request.form.get("unit", ""))
    wanted = request.form.get("public")
    if unit is None:
        abort(404)
    access.demand("settings", unit.id)
    if wanted not in ("on", "off"):
        abort(400)
    on = wanted == "on"
    with writing():
        changed = switch(unit.id, unit.code, on=on, actor=access.actor(), now=g.now)
    flash(_said(unit.name, on=on, changed=changed), "success" if changed else "error")
    return redirect(url_for("switches.index"), 303)


def _said(name: str, *, on: bool, changed: bool) -> str:
    if not changed:
        return str(gettext("It is so already; nothing was changed."))
    if on:
        return str(gettext("Everybody can see the figures of %(name)s now.", name=name))
    return str(gettext("The figures of %(name)s are public no more.", name=name))
