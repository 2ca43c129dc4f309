"""The page that the QR on a ticket leads to: anybody who holds the ticket rates it, once.

It shows what stands on the ticket, and never what was chosen.
"""

from typing import get_args

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from fleet_server.core.participation import ChoiceName
from fleet_server.core.tokens import TokenError
from fleet_server.store import later
from fleet_server.store.database import writing
from fleet_server.store.later import Ticket
from fleet_server.web.access import allow
from fleet_server.web.period import today
from fleet_server.web.services import keys

CHOICES: dict[str, ChoiceName] = {name: name for name in get_args(ChoiceName)}
HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

blueprint = Blueprint("later", __name__, template_folder=".")


@blueprint.get("/rate/<token>")
@allow("public")
def show(token: str) -> ResponseReturnValue:
    """Ask how it was, or say why nothing is asked."""
    held = _ticket(token)
    if held is None:
        return _page(None, "expired", 410)
    return _page(held, later.refused(held))


@blueprint.post("/rate/<token>")
@allow("public")
def rate(token: str) -> ResponseReturnValue:
    """Take the rating; the page then says so, as it does to whoever comes later."""
    held = _ticket(token)
    if held is None:
        return _page(None, "expired", 410)
    choice = CHOICES.get(request.form.get("choice", ""))
    if choice is None:
        return _page(held, later.refused(held), 422)
    with writing():
        why = later.rate(held, choice, g.now, today().isoformat())
    if why is not None:
        return _page(held, why, 409)
    return redirect(url_for("later.show", token=token), 303)


def _ticket(token: str) -> Ticket | None:
    """Return the ticket of a token, None where its time is over; 404 where it never was one."""
    try:
        found = later.ticket(keys().later.visit_of(token, g.now))
    except TokenError as error:
        if error.reason == "expired":
            return None
        abort(404)
    return found or abort(404)


def _page(held: Ticket | None, why: str | None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "later.html", ticket=held, why=why, choices=CHOICES, days=keys().later.days
    )
    return page, status, HEADERS
