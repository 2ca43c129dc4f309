"""Interviews: the list of who is open, reaching one, noting tries, closing with the sheet.

Who heads a unit sees none of its interviews, whatever else they hold there: drawn tickets are
closed to the unit that is asked about.
"""

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user

from fleet_server.core.contacts import AccessError
from fleet_server.core.interviews import TRIES, SheetError, is_another
from fleet_server.core.spans import of
from fleet_server.errors import FleetError
from fleet_server.interviews.closing import By, ClosedAlready, TooFewTries, close
from fleet_server.store import audit_log, contacts
from fleet_server.store import interviews as store
from fleet_server.store.changes import INTERVIEW
from fleet_server.store.database import writing
from fleet_server.store.interviews import Interview
from fleet_server.web import access, words
from fleet_server.web.access import allow
from fleet_server.web.interviews.forms import LookForm, SheetForm
from fleet_server.web.interviews.scope import scope
from fleet_server.web.period import today
from fleet_server.web.services import keys

blueprint = Blueprint("interviews", __name__, template_folder=".")


@blueprint.get("/interviews")
@allow("interview")
def index() -> str:
    """Show what is open: mine first, then what nobody asks yet."""
    here = scope()
    found = store.waiting(here)
    quarter = of("quarter", today())
    return render_template(
        "interviews.html",
        mine=[one for one in found if one.interviewer == current_user.id],
        free=[one for one in found if one.interviewer is None],
        others=[one for one in found if one.interviewer not in (None, current_user.id)],
        outcomes=store.outcomes(quarter.first.isoformat(), here),
        quarter=quarter,
        tries=TRIES,
        subjects=[INTERVIEW],
    )


@blueprint.get("/interviews/<int:line>")
@allow("interview")
def one(line: int) -> str:
    """Show one interview."""
    return _page(_held(line))


@blueprint.post("/interviews/<int:line>/take")
@allow("interview")
def take(line: int) -> ResponseReturnValue:
    """Take it upon oneself to ask."""
    held = _held(line)
    with writing():
        taken = held.is_open and store.take(line, current_user.id)
        if taken:
            _note("interview.take", line)
    if not taken:
        flash(_("Somebody else was faster; nothing was changed."), "error")
    return redirect(url_for("interviews.one", line=line), 303)


@blueprint.post("/interviews/<int:line>/give-back")
@allow("interview")
def give_back(line: int) -> ResponseReturnValue:
    """Let somebody else ask."""
    _mine(line)
    with writing():
        store.give_back(line)
        _note("interview.give_back", line)
    return redirect(url_for("interviews.index"), 303)


@blueprint.post("/interviews/<int:line>/contact")
@allow("interview")
def contact(line: int) -> ResponseReturnValue:
    """Show how the citizen can be reached, once it is written down who looks, and why."""
    held, form = _mine(line), LookForm()
    if not form.validate_on_submit():
        return _page(held, look=form), 422
    why, actor = form.why.data or "", access.actor()
    try:
        with writing():
            _note("contact.look", line)
        key = keys().contact
        reach = contacts.show(held.visit or "", key, actor=actor, why=why, at=g.now, day=today())
    except AccessError as error:
        form.form_errors.append(words.NOT_SHOWN[error.reason])
        return _page(held, look=form), 409
    except FleetError:
        form.form_errors.append(_("It can't be read with the key of this server."))
        return _page(held, look=form), 409
    answer = make_response(render_template("interview_contact.html", held=held, reach=reach))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/interviews/<int:line>/try")
@allow("interview")
def note_try(line: int) -> ResponseReturnValue:
    """Note that the citizen was not reached."""
    _mine(line)
    with writing():
        if is_another([at for _day, at in store.tries(line)], g.now):
            store.note_try(line, current_user.id, today(), g.now)
            _note("interview.try", line)
    flash(_("The try is noted."), "success")
    return redirect(url_for("interviews.one", line=line), 303)


@blueprint.post("/interviews/<int:line>/close")
@allow("interview")
def finish(line: int) -> ResponseReturnValue:
    """Close it with its outcome and answers, for good; a late sheet is shown again."""
    held, form = _held(line), SheetForm()
    if not _is_mine(held):
        return _late(line, form)
    if not form.validate_on_submit():
        return _page(held, sheet=form), 422
    by = By(current_user.id, access.actor(), g.now, today())
    try:
        with writing():
            close(line, form.outcome.data, form.answers, by, keys().draw)
    except SheetError as error:
        form.outcome.errors = [words.SHEET_ERRORS[error.reason]]
        return _page(held, sheet=form), 422
    except TooFewTries:
        form.outcome.errors = [
            _(
                "Note tries on %(count)s different days first; then the next one is asked.",
                count=TRIES,
            )
        ]
        return _page(held, sheet=form), 422
    except ClosedAlready:
        return _late(line, form)
    flash(_("It is closed."), "success")
    return redirect(url_for("interviews.index"), 303)


def _held(line: int) -> Interview:
    held = store.one(line)
    if held is None or not scope().covers(held.unit):
        abort(404)
    return held


def _mine(line: int) -> Interview:
    """Return an open interview that the person has taken; 404 of any other."""
    held = _held(line)
    if not _is_mine(held):
        abort(404)
    return held


def _is_mine(held: Interview) -> bool:
    return bool(held.is_open and held.interviewer == current_user.id)


def _late(line: int, form: SheetForm) -> ResponseReturnValue:
    """Show a sheet that can't be kept with what was filled in, so that nothing is lost."""
    held = _held(line)
    if held.is_open:
        form.form_errors.append(
            _("You no longer ask here: it was given back, or taken by somebody.")
        )
    else:
        form.form_errors.append(
            _("It is closed already, perhaps in another window; what was filled in then stands.")
        )
    return _page(held, sheet=form, late=True), 409


def _note(action: str, line: int) -> None:
    audit_log.note(access.actor(), action, f"interview:{line}", at=g.now)


def _page(
    held: Interview,
    look: LookForm | None = None,
    sheet: SheetForm | None = None,
    late: bool = False,
) -> str:
    terms = contacts.terms_of(held.visit or "")
    return render_template(
        "interview.html",
        held=held,
        is_mine=held.interviewer == current_user.id,
        until=terms and terms.ended()[0],
        usable=contacts.is_usable(held.visit or "", today()),
        tries=store.tries(held.id),
        asking=look or LookForm(formdata=None),
        sheet=sheet or SheetForm(formdata=None),
        late=late,
    )
