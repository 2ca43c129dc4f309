"""People and what they hold: seeing, inviting, giving and taking roles, a new start."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from fleet_server.core.granting import NotAllowed, may_grant, may_manage
from fleet_server.core.roles import Capability, Grant
from fleet_server.store import people as store
from fleet_server.store.editing import Stale
from fleet_server.store.links import LIFE_MS, Purpose
from fleet_server.store.pages import people as reading
from fleet_server.store.pages.people import Person
from fleet_server.store.users import UserExistsError
from fleet_server.web import access, local
from fleet_server.web.access import allow
from fleet_server.web.people import told
from fleet_server.web.people.forms import GrantForm, InviteForm, ResetForm
from fleet_server.web.services import services
from fleet_server.web.words import people as words

blueprint = Blueprint("people", __name__, template_folder=".")


@blueprint.get("/people")
@allow("setup")
def index() -> str:
    """List the people of what one may see."""
    asked = request.args.get("q", "").strip()[:100]
    found = reading.people(access.scope("setup"), g.now)
    fits = [one for one in found if asked.lower() in f"{one.email} {one.name}".lower()]
    return render_template("people.html", people=fits, asked=asked, shown=_shown, place=_place)


@blueprint.get("/people/roles")
@allow("setup")
def roles() -> str:
    """Say what each role may do."""
    return render_template("people_roles.html")


@blueprint.route("/people/invite", methods=["GET", "POST"])
@allow("people", fresh=True)
def invite() -> ResponseReturnValue:
    """Invite somebody: the one-time link is shown once, to be handed over."""
    form: Any = InviteForm()
    if form.validate_on_submit():
        try:
            user, code = store.invite(
                form.email.data, form.name.data, [form.grant], access.by(), g.now
            )
        except UserExistsError:
            form.email.errors = [gettext("Somebody with this e-mail is here already.")]
        except NotAllowed as refused:
            form.where.errors = [words.REFUSED[refused.reason]]
        else:
            return _link(user, form.email.data, code, "invite")
    return render_template("people_invite.html", form=form)


@blueprint.get("/people/<int:person_id>")
@allow("setup")
def one(person_id: int) -> str:
    """Show one person."""
    return _page(_person(person_id, "setup"))


@blueprint.post("/people/<int:person_id>/give")
@allow("people")
def give(person_id: int) -> ResponseReturnValue:
    """Give a role."""
    person = _person(person_id, "people")
    form: Any = GrantForm()
    if not form.validate_on_submit():
        return _page(person, form=form), 422
    return _change(person, form.read_version, [form.grant], [], form)


@blueprint.post("/people/<int:person_id>/take")
@allow("people")
def take(person_id: int) -> ResponseReturnValue:
    """Take a role away."""
    person = _person(person_id, "people")
    grant = told.grant(access.tree(), request.form.get("grant", ""))
    form: Any = GrantForm()
    if grant not in person.grants:
        return _page(person, gettext("That role was taken away already.")), 409
    assert grant is not None  # noqa: S101  # none is among theirs
    return _change(person, form.read_version, [], [grant], GrantForm(formdata=None))


@blueprint.post("/people/<int:person_id>/switch")
@allow("people")
def switch(person_id: int) -> ResponseReturnValue:
    """Switch a person off or on again."""
    person = _person(person_id, "people")
    active = request.form.get("active") == "yes"
    try:
        store.set_active(person.id, active, access.by(), g.now)
    except NotAllowed as refused:
        return _page(person, words.REFUSED[refused.reason]), 409
    done = gettext("They can sign in again.") if active else gettext("They can sign in no more.")
    flash(done, "success")
    return redirect(url_for("people.one", person_id=person.id), 303)


@blueprint.post("/people/<int:person_id>/reset")
@allow("people")
def reset(person_id: int) -> ResponseReturnValue:
    """Make a one-time link for a new password, and show it once."""
    person = _person(person_id, "people")
    form: Any = ResetForm()
    if not person.active:
        return _page(person, gettext("Please switch this person on first.")), 409
    try:
        code = store.reset(person.id, bool(form.second_factors.data), access.by(), g.now)
    except NotAllowed as refused:
        return _page(person, words.REFUSED[refused.reason]), 409
    return _link(person.id, person.email, code, "reset" if person.has_password else "invite")


def _change(
    person: Person, version: int, given: list[Grant], taken: list[Grant], form: Any
) -> ResponseReturnValue:
    try:
        changed = store.change_grants(
            person.id,
            version,
            given,
            taken,
            access.by(),
            g.now,
            local.emergency(services().settings),
        )
    except NotAllowed as refused:
        return _page(person, words.REFUSED[refused.reason], form), 409
    except Stale:
        stale = gettext("Somebody else changed this person meanwhile. This is how it is now.")
        return _page(_person(person.id, "people"), stale, form), 409
    if changed is not None and changed.code is not None:
        return _link(person.id, person.email, changed.code, "invite", anew=True)
    flash(_done(changed is not None and changed.anew, person.active), "success")
    return redirect(url_for("people.one", person_id=person.id), 303)


def _done(anew: bool, active: bool) -> str:
    if not anew:
        return str(gettext("The roles are changed. Their sessions have ended."))
    forgotten = gettext(
        "The roles are changed. Their sessions have ended, and what they signed in with here is "
        "forgotten."
    )
    later = gettext("Make a one-time link once they are switched on again.")
    return str(forgotten if active else f"{forgotten} {later}")


def _person(person_id: int, capability: Capability) -> Person:
    found = reading.person(person_id, access.scope(capability), g.now)
    if found is None:
        abort(404)
    return found


def _page(person: Person, wrong: str = "", form: Any = None) -> str:
    tree, own = access.tree(), access.by().grants
    form = form or GrantForm(formdata=None)
    form.version.process_data(person.version)
    myself = person.id == current_user.id
    shown = _shown(person)
    return render_template(
        "people_one.html",
        person=person,
        form=form,
        wrong=wrong,
        reset_form=ResetForm(formdata=None),
        grants=[(one, told.key(tree, one), told.branches(tree, one)) for one in shown],
        elsewhere=len(person.grants) - len(shown),
        takeable={told.key(tree, one) for one in shown if may_grant(own, one, tree)},
        manage=not myself and may_manage(own, person.grants, tree),
        myself=myself,
        local=local.is_emergency(person.email) or not person.single,
    )


def _shown(person: Person) -> list[Grant]:
    """Return what a person holds, as far as the reader may know."""
    scope = access.scope("setup")
    return [one for one in person.grants if scope.units is None or scope.covers(one.unit)]


def _place(grant: Grant) -> str:
    return str(gettext("the whole fleet")) if grant.unit is None else access.tree()[grant.unit].name


def _link(user: int, email: str, code: str, purpose: Purpose, anew: bool = False) -> str:
    address = services().settings.web.url + url_for("links.take", code=code)
    return render_template(
        "people_link.html",
        user=user,
        email=email,
        address=address,
        purpose=purpose,
        anew=anew,
        until=g.now + LIFE_MS[purpose],
    )
