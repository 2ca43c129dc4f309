"""The page behind a one-time link: choose a password, then sign in with it."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from fleet_server.store import links as store
from fleet_server.store import people
from fleet_server.web import passwords, signin
from fleet_server.web.access import allow

blueprint = Blueprint("links", __name__, template_folder=".")


@blueprint.route("/link/<code>", methods=["GET", "POST"])
@allow("public")
def take(code: str) -> ResponseReturnValue:
    """Show who the link is for and take the new password; looking at it uses nothing up."""
    link = store.find(code, g.now)
    if link is None:
        return render_template("link_gone.html"), 404
    form: Any = passwords.NewPasswordForm(email=link.email)
    if form.validate_on_submit():
        if not people.set_password(link, signin.hashed(form.new_password.data), g.now):
            abort(404)
        flash(gettext("Your password is set. Please sign in with it."), "success")
        return redirect(url_for("security.login"), 303)
    return render_template("link.html", form=form, link=link)
