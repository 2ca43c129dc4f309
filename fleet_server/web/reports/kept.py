"""Reports that are kept: ordering one, the list, how far one is, its files."""

from flask import Blueprint, Response, abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from fleet_server.core.roles import Scope
from fleet_server.core.spans import Period, read
from fleet_server.reports.formats import FORMATS
from fleet_server.reports.keeping import is_small, make
from fleet_server.store import audit_log
from fleet_server.store import kept_reports as store
from fleet_server.store.changes import REPORT
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Kept, Order
from fleet_server.web import access, address, language
from fleet_server.web.access import allow
from fleet_server.web.lists import attached
from fleet_server.web.period import today

blueprint = Blueprint("kept_reports", __name__, template_folder=".")

SIZE = 50

MOST_WAITING = 5
"""Of one person: jobs makes one report a minute, and others wait too."""

STATES = {
    "waiting": lazy_gettext("being made"),
    "ready": lazy_gettext("ready"),
    "failed": lazy_gettext("could not be made; the log of jobs says why"),
}
"""How a report stands."""


class OrderForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """A report to be made and kept."""

    period = HiddenField()
    unit = HiddenField()
    formats = SelectMultipleField(
        lazy_gettext("Formats"),
        [InputRequired(lazy_gettext("Choose at least one format."))],
        choices=[SelectChoice(name, name.upper()) for name in FORMATS],
    )


@blueprint.get("/reports/kept")
@allow("export")
def index() -> str:
    """List the reports that are kept, the newest first."""
    found = store.listed(_sight(), address.cursor(), SIZE + 1)
    return render_template(
        "kept.html",
        reports=found[:SIZE],
        next=found[SIZE - 1].id if len(found) > SIZE else None,
        period_of=read,
        states=STATES,
        subjects=[REPORT],
    )


def _sight() -> Scope:
    """Return of which units somebody sees reports: they hold figures, and may be taken away."""
    figures = access.scope("figures").units
    mine = access.scope("export")
    return mine if figures is None else mine.within(figures)


@blueprint.post("/reports/kept")
@allow("export")
def order() -> ResponseReturnValue:
    """Order a report; a small one is made before the answer."""
    form = OrderForm()
    code = form.unit.data or None
    unit = access.tree().by_code(code) if code else None
    if code and unit is None:
        abort(404)
    number = unit.id if unit else None
    access.demand("export", number)
    access.demand("figures", number)
    period = _begun(form.period.data or "")
    if not form.validate():
        return render_template("order.html", form=form, unit=unit, period=period), 422
    wanted = Order(number, code, period.text, tuple(form.formats.data), language.current())
    made = _ordered(wanted)
    if made is None:
        form.formats.errors = [
            ngettext(
                "%(num)s report that you ordered is still to be made. Please wait for it.",
                "%(num)s reports that you ordered are still to be made. Please wait for them.",
                MOST_WAITING,
            )
        ]
        return render_template("order.html", form=form, unit=unit, period=period), 422
    if is_small(number, period, today()):
        make(_held(made), today(), g.now)
    return redirect(url_for("kept_reports.one", report=made), 303)


def _ordered(wanted: Order) -> int | None:
    """Order it, and return its number; None where too many wait, also by two requests at once."""
    with writing():
        if store.waiting_of(access.actor()) >= MOST_WAITING:
            return None
        return store.order(wanted, actor=access.actor(), now=g.now)


def _begun(text: str) -> Period:
    """Return the period that was asked for; 404 where it is none, or is still to come."""
    try:
        period = read(text)
    except ValueError:
        abort(404)
    return period if period.first <= today() else abort(404)


def _held(number: int) -> Kept:
    """Return a report that whoever asks may see; 404 where there is none."""
    found = store.one(number)
    if found is None:
        abort(404)
    access.demand("export", found.unit)
    access.demand("figures", found.unit)
    return found


@blueprint.get("/reports/kept/<int:report>")
@allow("export")
def one(report: int) -> str:
    """Show a report: what it is of, how far it is, its files."""
    held = _held(report)
    return render_template(
        "kept_one.html",
        report=held,
        period=read(held.period),
        digests=store.digests(report),
        states=STATES,
        polls=held.state == "waiting",
        subjects=[],
    )


@blueprint.get("/reports/kept/<int:report>/<ending>")
@allow("export")
def file(report: int, ending: str) -> Response:
    """Return a file of a report; who took it away is noted."""
    held = _held(report)
    data = store.file(report, ending)
    if data is None:
        abort(404)
    with writing():
        details = {"report": report, "period": held.period, "format": ending}
        audit_log.note(access.actor(), "report.take", held.subject, details, at=g.now)
    return attached(data, FORMATS[ending].media, f"hailong-report-{report}.{ending}")
