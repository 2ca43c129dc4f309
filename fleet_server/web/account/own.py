"""The page of one's own account: name, second factors, roles, sessions."""

from typing import Any

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_security import current_user, logout_user
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from fleet_server.core.sessions import LIFE_MS
from fleet_server.store import audit_log, people, sessions, users
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, second_factor, signin
from fleet_server.web import sessions as web_sessions
from fleet_server.web.access import allow
from fleet_server.web.account.views import blueprint
from fleet_server.web.people.told import branches
from fleet_server.web.services import services

NAME_MAX = 80


class NameForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """The name that others read beside the e-mail."""

    name = StringField(
        lazy_gettext("Name"),
        filters=[signin.normalised_text],
        validators=[Length(max=NAME_MAX, message=lazy_gettext("Please take a shorter name."))],
    )
    version = HiddenField()


@blueprint.route("/account", methods=["GET", "POST"])
@allow("person")
def show() -> ResponseReturnValue:
    """Show everything of one's own; a POST changes the name."""
    form: Any = NameForm(name=current_user.name, version=current_user.version)
    if form.validate_on_submit() and _rename(form):
        flash(gettext("Your name is saved."), "success")
        return redirect(url_for("account.show"), 303)
    grants = users.grants_of(current_user.id)
    return render_template(
        "account.html",
        form=form,
        grants=[(grant, branches(access.tree(), grant)) for grant in grants],
        sessions=web_sessions.of(current_user.id),
        this_session=web_sessions.current(),
        standing=second_factor.standing(g.now),
        due=second_factor.due_at(current_user, g.now),
        codes=len(current_user.mf_recovery_codes or ()),
        idle=services().settings.sign_in.idle_minutes,
        life=LIFE_MS // 3_600_000,
    )


def _rename(form: Any) -> bool:
    by = access.by()
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    try:
        people.rename(current_user.id, form.name.data, version, by, g.now)
    except Stale:
        form.name.errors = [gettext("Somebody else changed this meanwhile. Please look again.")]
        form.version.process_data(current_user.version)
        return False
    return True


@blueprint.post("/account/sessions/<int:number>/end")
@allow("person")
def end_session(number: int) -> ResponseReturnValue:
    """End one of one's own sessions."""
    with writing():
        if not sessions.end(number, current_user.id):
            abort(404)
        who = access.actor()
        audit_log.note(who, "session.end", who, at=g.now)
    flash(gettext("The session has ended."), "success")
    return redirect(url_for("account.show", _anchor="sessions"), 303)


@blueprint.post("/account/sessions/end")
@allow("person")
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere, also here."""
    with writing():
        count = sessions.end_all(current_user.id)
        who = access.actor()
        audit_log.note(who, "session.end_all", who, {"count": count}, at=g.now)
    logout_user()
    flash(gettext("You are signed out everywhere."), "success")
    return redirect(url_for("security.login"), 303)
