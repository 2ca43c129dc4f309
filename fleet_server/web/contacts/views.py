"""Noting how citizens can be reached, taking their consent back, and who looked at what."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.contact_key import Reach
from fleet_server.store import contacts, draws, visits
from fleet_server.store.contacts import EndedError, Given, SealedError
from fleet_server.store.database import writing
from fleet_server.store.pages.counters import counter as counter_of
from fleet_server.web import access, address
from fleet_server.web.access import allow
from fleet_server.web.contacts.forms import ContactForm, WithdrawForm
from fleet_server.web.interviews.scope import above_all, apart_from_own
from fleet_server.web.period import today
from fleet_server.web.services import keys, services

PAGE = 50

blueprint = Blueprint("contacts", __name__, template_folder=".")


@blueprint.get("/contacts")
@allow("interview")
def index() -> str:
    """Show both forms."""
    return _page(ContactForm(formdata=None, data={"day": today()}), WithdrawForm(formdata=None))


@blueprint.post("/contacts")
@allow("interview")
def add() -> ResponseReturnValue:
    """Note how the citizen of a ticket can be reached."""
    form = ContactForm()
    visit = _visit(form) if form.validate_on_submit() else None
    if visit is None or not _take(visit, form):
        return _page(form, WithdrawForm(formdata=None)), 422
    flash(_("It is noted, encrypted, and will be erased by itself."), "success")
    return redirect(url_for("contacts.index"), 303)


def _visit(form: ContactForm) -> str | None:
    counter = counter_of(form.counter.data or "")
    if counter is None or not access.scope("interview").covers(counter.unit):
        form.counter.errors = [_("There is no such counter in what you may see.")]
        return None
    found = visits.latest(counter.id, form.day.data.isoformat(), form.ticket.data or "")
    if found is None:
        form.ticket.errors = [_("This counter served no such ticket on that day.")]
        return None
    return str(found.id)


def _take(visit: str, form: ContactForm) -> bool:
    settings = services().settings
    reach = Reach(form.name.data or "", form.number.data or "")
    days, actor = settings.interviews.contact_days, access.actor()
    given = Given(visit, reach, g.now, today(), days, actor)
    try:
        contacts.take(given, keys().contact)
    except SealedError:
        form.ticket.errors = [
            _(
                "A list of its week is sealed: contact data of this ticket can be taken back, and "
                "not be changed any more."
            )
        ]
        return False
    except EndedError:
        form.ticket.errors = [
            _("There was contact data of this ticket, and it has ended: it is not taken again.")
        ]
        return False
    return True


@blueprint.post("/contacts/withdraw")
@allow("interview")
def withdraw() -> ResponseReturnValue:
    """Take consent back for all visits of who has a number; what was held is erased at once.

    The answer is the same whether anything was held: else a number could be tried. It reaches as
    far as the person may interview: no unit takes citizens off the list that could tell of it.
    """
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _page(ContactForm(formdata=None, data={"day": today()}), form), 422
    citizen = keys().contact.citizen(form.number.data or "")
    with writing():
        found = contacts.of_citizen(citizen, apart_from_own("interview"))
        contacts.withdraw(found, actor=access.actor(), at=g.now, day=today())
    flash(_("Whatever was held of this number is erased."), "success")
    return redirect(url_for("contacts.index"), 303)


def _page(form: ContactForm, number: WithdrawForm) -> str:
    days = services().settings.interviews.contact_days
    return render_template("contacts.html", form=form, number=number, days=days)


@blueprint.get("/contacts/looks")
@allow("audit")
def looks() -> str:
    """Show who looked at contact data, the newest first.

    Each says who was drawn: only who stands above all sees it while somebody is still to be asked,
    and nobody in a branch that they head.
    """
    scope = apart_from_own("audit")
    found = contacts.looks(PAGE + 1, address.cursor(), scope)
    closed = set() if above_all() else draws.not_to_be_known(today())
    return render_template(
        "contact_looks.html",
        entries=[one for one in found[:PAGE] if one.visit not in closed],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
        held=contacts.held(scope),
        closed=bool(closed),
    )
