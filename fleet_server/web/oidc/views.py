"""Going to the provider of single sign-on and coming back."""

import logging
from typing import Any, cast

from flask import (
    Blueprint,
    Flask,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user
from flask_security.utils import login_user

from fleet_server.clock import now_ms
from fleet_server.settings import Settings
from fleet_server.store import single
from fleet_server.web import local, second_factor, signin
from fleet_server.web.access import allow
from fleet_server.web.account.views import own_path
from fleet_server.web.oidc.client import LEEWAY_S, Claims, Provider, RefusedError
from fleet_server.web.services import services

EXTENSION = "hailong.oidc"
NEXT = "oidc_next"
ASKED = "oidc_asked"
"""In the session: since when, in Unix seconds, the person is to show anew who they are."""

blueprint = Blueprint("oidc", __name__, template_folder=".")
log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Register the provider, where the settings name one."""
    if settings.oidc is not None:
        app.extensions[EXTENSION] = Provider(app, settings.oidc, settings.layout.oidc_secret)
    app.register_blueprint(blueprint)


@blueprint.get("/login/single")
@allow("public")
def start() -> ResponseReturnValue:
    """Send the browser to the provider; for who is signed in, to show anew who they are."""
    provider = _provider()
    session[NEXT] = own_path(request.args.get("next", ""))
    again = bool(current_user.is_authenticated)
    if again:
        session[ASKED] = now_ms() // 1000
    try:
        answer = provider.begin(_back(), again=again)
    except RefusedError as error:
        log.error("single sign-on: %s", error)
        return render_template("oidc_refused.html", why=_unreachable()), 503
    return cast(ResponseReturnValue, answer)


@blueprint.get("/login/single/back")
@allow("public")
def back() -> ResponseReturnValue:
    """Take the browser back from the provider, and sign the person in."""
    try:
        claims = _provider().finish()
    except RefusedError as error:
        log.warning("single sign-on refused: %s", error)
        return render_template("oidc_refused.html", why=_not_believed()), 403
    target = session.pop(NEXT, None) or url_for("overview.show")
    if current_user.is_authenticated:
        return _again(claims, target)
    user = _user_of(claims)
    if user is None:
        return render_template("oidc_refused.html", why=_not_invited()), 403
    login_user(user, remember=False, authn_via=["oidc"])
    # Who was still signed in there has shown nothing now: what is dangerous asks them again.
    session["fs_paa"] = min(claims.shown_at, now_ms() // 1000)
    return redirect(target)


@blueprint.get("/login/single/leave")
@allow("public")
def leave() -> ResponseReturnValue:
    """Sign out of the provider too, where it offers that."""
    address = _provider().leave_at(services().settings.web.url + url_for("security.login"))
    if address is None:
        flash(gettext("The single sign-on offers no way to sign out from here."), "error")
    return redirect(address or url_for("security.login"))


def _again(claims: Claims, target: str) -> ResponseReturnValue:
    """Take it that the person has just shown who they are, if it is the same one."""
    if current_user.oidc_subject != claims.subject:
        return render_template("oidc_refused.html", why=_somebody_else()), 403
    asked = session.pop(ASKED, None)
    if asked is None or claims.shown_at < asked - LEEWAY_S:
        log.warning("single sign-on: auth_time is %s, asked for %s", claims.shown_at, asked)
        return render_template("oidc_refused.html", why=_not_shown()), 403
    session["fs_paa"] = now_ms() // 1000
    return redirect(target)


def _user_of(claims: Claims) -> Any:
    section = services().settings.oidc
    email = signin.normalised_email(claims.email) if claims.email else None
    create = bool(section and section.create)
    keep = local.is_emergency(email)
    return single.person(claims.subject, email, claims.name, create=create, now=g.now, keep=keep)


def _provider() -> Provider:
    found = current_app.extensions.get(EXTENSION)
    if found is None:
        abort(404)
    return cast(Provider, found)


def _back() -> str:
    return services().settings.web.url + url_for("oidc.back")


def came_by_single() -> bool:
    """Tell whether the session that asks came by single sign-on."""
    return bool(session.get(second_factor.SINGLE))


def _unreachable() -> str:
    return str(gettext("The single sign-on can't be reached now. Please try again in a minute."))


def _not_believed() -> str:
    return str(gettext("The answer of the single sign-on was not valid. Please begin again."))


def _not_invited() -> str:
    return str(gettext(
        "You are not known here, or your account is switched off. Please ask an administrator of "
        "the fleet to invite you with the e-mail that your single sign-on has checked."
    ))  # fmt: skip


def _not_shown() -> str:
    return str(gettext(
        "The single sign-on does not say that you have just signed in there. Please begin again; "
        "if it stays so, the provider must be set up to send auth_time."
    ))  # fmt: skip


def _somebody_else() -> str:
    return str(gettext("This was somebody else than the person who is signed in here."))
