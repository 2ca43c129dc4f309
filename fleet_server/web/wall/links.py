"""Links that open a wall screen: a screen that anybody can walk up to must hold nobody's session.

A link shows one screen, read-only, until it expires or is ended. Its token goes into a cookie that
the browser sends to that screen alone.
"""

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import walls
from fleet_server.store.walls import Link
from fleet_server.web import access, branch
from fleet_server.web.access import allow
from fleet_server.web.services import services
from fleet_server.web.signin import normalised_text
from fleet_server.web.wall.views import screen

COOKIE = "hailong_wall"
LONGEST = 100
DAY_MS = 86_400_000
LIVES = {"30": _("30 days"), "90": _("90 days"), "365": _("one year")}

blueprint = Blueprint("walls", __name__, template_folder=".")


class LinkForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """Where the screen hangs, what it shows, and for how long."""

    name = StringField(
        _("Where it hangs"), [DataRequired(), Length(max=60)], filters=[normalised_text]
    )
    unit = SelectField(_("What it shows"))
    days = SelectField(_("Valid for"), choices=[SelectChoice(*one) for one in LIVES.items()])


def _form(**given: object) -> LinkForm:
    """Return the form with the branches that the person may open to others."""
    form = LinkForm(**given)
    form.unit.choices = branch.choices("keys")
    return form


@blueprint.get("/wall/links")
@allow("keys")
def index() -> str:
    """Show the links, and the form for a new one."""
    return _page(_form())


@blueprint.post("/wall/links")
@allow("keys")
def add() -> ResponseReturnValue:
    """Make a link, and show it this once."""
    form = _form()
    if not form.validate():
        return _page(form), 422
    unit = branch.id_of(form.unit.data)
    expires_at = g.now + int(form.days.data) * DAY_MS
    token = walls.add(form.name.data, unit, expires_at, access.actor(), g.now)
    address = services().settings.web.url.rstrip("/") + url_for("walls.open_link", token=token)
    return _page(_form(formdata=None), address)


@blueprint.post("/wall/links/<int:link_id>/end")
@allow("keys")
def end(link_id: int) -> ResponseReturnValue:
    """End a link: its screen says so at once."""
    _one(link_id)
    if walls.end(link_id, access.actor(), g.now):
        flash(gettext("The link has ended."), "success")
    else:
        flash(gettext("This link had ended already."), "error")
    return redirect(url_for("walls.index"), 303)


@blueprint.post("/wall/links/<int:link_id>/keep")
@allow("keys")
def take_over(link_id: int) -> ResponseReturnValue:
    """Answer for a link that has stopped, so that its screen goes on."""
    link = _one(link_id)
    if link.stopped:
        walls.take_over(link_id, access.actor(), g.now)
        said = gettext("The screen “%(name)s” goes on; you answer for it now.", name=link.name)
        flash(said, "success")
    else:
        flash(gettext("It works already, or has ended; nothing was changed."), "error")
    return redirect(url_for("walls.index"), 303)


def _one(link_id: int) -> Link:
    link = walls.one(link_id, g.now)
    if link is None:
        abort(404)
    access.demand("keys", link.unit)
    return link


@blueprint.get("/wall/open/<token>")
@allow("public")
def open_link(token: str) -> ResponseReturnValue:
    """Put a link's token into a cookie, out of the address, and go to its screen."""
    link = walls.by_token(token, g.now) if len(token) <= LONGEST else None
    if link is None or not link.opens(g.now):
        return _over()
    answer: Response = redirect(url_for("walls.show"), 303)  # type: ignore[assignment]  # it is one
    answer.set_cookie(
        COOKIE,
        token,
        max_age=timedelta(milliseconds=link.expires_at - g.now),
        path=url_for("walls.show"),
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return answer


@blueprint.get("/wall/screen")
@allow("public")
def show() -> ResponseReturnValue:
    """Show the screen of the link that this browser holds."""
    token = request.cookies.get(COOKIE, "")
    link = walls.by_token(token, g.now) if 0 < len(token) <= LONGEST else None
    if link is None or not link.opens(g.now):
        return _over()
    tree = access.tree()
    unit = None if link.unit is None else tree[link.unit]
    scope = EVERYTHING if link.unit is None else Scope(tree.branch(link.unit))
    return screen(scope, scope, unit, polls=True), {"Cache-Control": "no-store"}


def _over() -> ResponseReturnValue:
    page = render_template(
        "error.html",
        code=403,
        title=gettext("This wall link opens nothing"),
        advice=gettext(
            "It has expired, was ended, or nobody answers for it any more. An administrator can "
            "let it go on or make a new one."
        ),
    )
    return page, 403, {"Cache-Control": "no-store"}


def _page(form: LinkForm, address: str | None = None) -> str:
    scope = access.scope("keys")
    held = [one for one in walls.listed(g.now) if scope.covers(one.unit)]
    return render_template("wall_links.html", form=form, links=held, address=address)
