"""Reports that are made again and again: which, for whom, another one, no more."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from fleet_server.core.report_schedule import LAST_DAY, readable
from fleet_server.core.roles import Scope
from fleet_server.reports.formats import FORMATS
from fleet_server.store import report_readers
from fleet_server.store import report_schedules as store
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Order
from fleet_server.store.pages.people import Person, people
from fleet_server.web import access, branch, language
from fleet_server.web.access import allow
from fleet_server.web.numbers import WholeField
from fleet_server.web.period import today

blueprint = Blueprint("report_schedules", __name__, template_folder=".")

EVERY = {
    "month": lazy_gettext("each month"),
    "quarter": lazy_gettext("each quarter"),
    "half": lazy_gettext("each half-year"),
    "year": lazy_gettext("each year"),
}
_DAY = lazy_gettext("Give a day from 1 to 28.")


class ScheduleForm(FlaskForm):  # type: ignore[misc]  # the library brings no types
    """A report that is to be made again and again."""

    unit = SelectField(lazy_gettext("Branch"), choices=[])
    every = SelectField(
        lazy_gettext("How often"), choices=[SelectChoice(*one) for one in EVERY.items()]
    )
    day = WholeField(
        lazy_gettext("On which day of the month after"),
        [InputRequired(_DAY), NumberRange(1, LAST_DAY, _DAY)],
    )
    formats = SelectMultipleField(
        lazy_gettext("Formats"),
        [InputRequired(lazy_gettext("Choose at least one format."))],
        choices=[SelectChoice(name, name.upper()) for name in FORMATS],
    )
    readers = SelectMultipleField(lazy_gettext("Readers"), choices=[], coerce=int)

    def offer(self, found: list[Person]) -> None:
        """Offer the branches of whoever asks, and these people as readers."""
        self.unit.choices = branch.choices("settings")
        self.readers.choices = [
            SelectChoice(one.id, f"{one.name} ({one.email})" if one.name else one.email)
            for one in found
        ]

    def refused(self, unit: int | None, found: list[Person]) -> bool:
        """Whether a reader may not read of the branch; the field then says who."""
        tree = access.tree()
        chosen = [one for one in found if one.id in self.readers.data]
        wrong = [one.email for one in chosen if not readable(one.grants, tree).covers(unit)]
        if wrong:
            said = _("They may not take figures of this branch away: %(who)s", who=", ".join(wrong))
            self.readers.errors = [said]
        return bool(wrong)


@blueprint.get("/reports/schedules")
@allow("export")
def index() -> str:
    """List the schedules of the branch, and show the form for another."""
    return _page(ScheduleForm(formdata=None, data={"every": "month", "day": 5}))


@blueprint.post("/reports/schedules")
@allow("settings")
def add() -> ResponseReturnValue:
    """Add a schedule."""
    form, found = ScheduleForm(), _possible()
    form.offer(found)
    if not form.validate():
        return _page(form), 422
    unit = branch.id_of(form.unit.data)
    access.demand("settings", unit)
    if form.refused(unit, found):
        return _page(form), 422
    code = form.unit.data or None
    wanted = Order(unit, code, "", tuple(form.formats.data), language.current())
    every, day, readers = form.every.data, form.day.data, form.readers.data
    try:
        with writing():
            store.add(wanted, every, day, today(), readers, actor=access.actor(), now=g.now)
    except store.TwiceError:
        form.every.errors = [
            _("Such a report of this branch is made already. End that one first to change it.")
        ]
        return _page(form), 422
    flash(_("The report will be made and kept."), "success")
    return redirect(url_for("report_schedules.index"), 303)


@blueprint.post("/reports/schedules/<int:number>/end")
@allow("settings")
def end(number: int) -> ResponseReturnValue:
    """End a schedule."""
    found = next((one for one in store.going_on() if one.id == number), None)
    if found is None:
        abort(404)
    access.demand("settings", found.unit)
    with writing():
        store.end(found, actor=access.actor(), now=g.now)
    flash(_("It is made no more."), "success")
    return redirect(url_for("report_schedules.index"), 303)


def _possible() -> list[Person]:
    """Return who may be a reader of a branch that whoever asks has the settings of.

    They are people of that part of the fleet: who looks after a branch learns of no others.
    """
    scope, tree = access.scope("settings"), access.tree()
    if not scope:
        return []
    return [
        one
        for one in people(scope, g.now)
        if one.active and _overlap(readable(one.grants, tree), scope)
    ]


def _overlap(one: Scope, other: Scope) -> bool:
    return bool(one if other.units is None else one.within(other.units))


def _page(form: ScheduleForm) -> str:
    editable = access.scope("settings")
    form.offer(_possible())
    schedules = store.going_on(access.scope("export"))
    return render_template(
        "schedules.html",
        form=form,
        schedules=schedules,
        readers=report_readers.names({one.id: one.unit for one in schedules}),
        every=EVERY,
        editable=editable,
    )
