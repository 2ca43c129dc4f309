"""Commands from the page: carried out at most once, each with its outcome."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from fleet_server.store import commands
from fleet_server.store.pages import terminals as store
from fleet_server.store.pages.terminals import TerminalRow
from fleet_server.web import access, words
from fleet_server.web.access import allow
from wire.commands import CommandName

SECONDS = ("5", "10", "30", "60")
TTLS: dict[str, LazyString] = {
    "120": _("within 2 minutes"),
    "3600": _("within an hour"),
    "86400": _("within a day"),
}
"""How long a command waits for a terminal that is not there."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A command on the page.

    Attributes:
        sure: what happens, where a person is asked once more.
    """

    name: CommandName
    what: LazyString
    sure: tuple[LazyString, ...] = ()


OFFERED: tuple[Offer, ...] = (
    Offer("identify", _("Blinks and shows its name, so that you find it.")),
    Offer(
        "self-test", _("Asks whoever stands there to try each button, the screen and the sound.")
    ),
    Offer("diagnostics", _("Sends facts for a technician.")),
    Offer("hello", _("Says anew which records it holds; the server answers with receipts.")),
    Offer("re-enrol", _("Gets a new certificate for the key that it has.")),
    Offer(
        "restart",
        _("Starts its program again."),
        (_("For about half a minute nobody can rate there. What is stored is kept."),),
    ),
    Offer(
        "reboot",
        _("Starts the whole machine again."),
        (
            _("For one to two minutes nobody can rate there. What is stored is kept."),
            _("If the machine does not come up again, somebody has to go there."),
        ),
    ),
    Offer(
        "rotate-key",
        _("Makes a new key and signs with it from then on."),
        (
            _("The old key is worth nothing afterwards; what it signed stands."),
            _("It can't be taken back."),
        ),
    ),
)
_BY_NAME = {one.name: one for one in OFFERED}

blueprint = Blueprint("orders", __name__, template_folder=".")


class OrderForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF brings no types
    """One command."""

    name = SelectField(choices=[SelectChoice(one.name) for one in OFFERED])
    seconds = SelectField(choices=[SelectChoice(one) for one in SECONDS], default="10")
    ttl = SelectField(choices=[SelectChoice(one) for one in TTLS], default="120")


@blueprint.post("/terminals/<terminal_id>/commands")
@allow("command")
def give(terminal_id: str) -> ResponseReturnValue:
    """Give a command; what interrupts the terminal is asked once more."""
    row = commanded(terminal_id)
    form = OrderForm()
    if not form.validate_on_submit():
        flash(gettext("There is no such command; nothing was sent."), "error")
        return _back(terminal_id)
    offer = _BY_NAME[form.name.data]
    if offer.sure and not request.form.get("sure"):
        return _ask(row, offer, form.ttl.data)
    arguments = {"seconds": int(form.seconds.data)} if offer.name == "identify" else {}
    actor = access.actor()
    commands.wish(terminal_id, offer.name, arguments, int(form.ttl.data), g.now, actor)
    flash(gettext("The command is on its way. Its outcome appears in the list."), "success")
    return _back(terminal_id)


def commanded(terminal_id: str) -> TerminalRow:
    """Return a terminal that this person may command; 404 for any other."""
    row = store.terminal(terminal_id)
    if row is None or row.retired_at is not None:
        abort(404)
    access.demand("command", row.unit)
    return row


def _ask(row: TerminalRow, offer: Offer, ttl: str) -> ResponseReturnValue:
    fields: dict[str, Any] = {"name": offer.name, "ttl": ttl, "sure": "1"}
    if request.form.get("back"):
        fields["back"] = request.form["back"]
    return render_template(
        "confirm.html",
        title=f"{row.id}: {words.COMMANDS[offer.name]}",
        question=gettext("Do you want this now?"),
        consequences=offer.sure,
        action=url_for("orders.give", terminal_id=row.id),
        submit=gettext("Yes, do it"),
        cancel=_address(row.id),
        fields=fields,
    )


def _address(terminal_id: str) -> str:
    if request.form.get("back") == "technician":
        return url_for("technician.one", terminal_id=terminal_id)
    return url_for("terminals.one", terminal_id=terminal_id, _anchor="commands")


def _back(terminal_id: str) -> ResponseReturnValue:
    return redirect(_address(terminal_id), 303)
