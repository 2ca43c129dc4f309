"""When is whom expected to work? Weeks, closed days, and what is inherited from where."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from fleet_server.core.days import named_day
from fleet_server.core.opening import (
    FLEET,
    Plan,
    Special,
    Week,
    next_year,
    read_spans,
    write_spans,
)
from fleet_server.store import audit_log, changes, opening
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.web import access, days
from fleet_server.web.access import allow
from fleet_server.web.cases import counted
from fleet_server.web.hours import holders
from fleet_server.web.hours.forms import DAYS, DayForm, VersionForm, WeekForm
from fleet_server.web.hours.holders import Asked
from fleet_server.web.period import today
from fleet_server.web.services import services

blueprint = Blueprint("hours", __name__, template_folder=".")


@dataclass(frozen=True, slots=True)
class Line:
    """A holder in the list: how deep it lies, its week, and who says so."""

    holder: Asked
    depth: int
    week: Week
    source: Asked | None


@blueprint.get("/settings/hours")
@allow("setup")
def index() -> ResponseReturnValue:
    """Show the hours of all units, and of counters that have their own; or find a counter's."""
    code = request.args.get("counter", "").strip()
    if code:
        counter = holders.of_counter(code)
        if counter is not None and access.scope("setup").covers(counter.unit):
            return redirect(counter.href)
        flash(gettext("No counter has the code %(code)s.", code=code), "error")
    scope, tree, said = access.scope("setup"), access.tree(), opening.plans()
    shown = [node for node in tree if scope.covers(node.id)]
    own = [holders.source(key) for key in said if key[0] == "counter"]
    return render_template(
        "hours.html",
        fleet_line=_line(holders.fleet(), 0),
        lines=[_line(holders.of_unit(node), len(tree.path(node.id)) - 1) for node in shown],
        counters=[_line(one, 0) for one in own if one and scope.covers(one.unit)],
    )


def _line(holder: Asked, depth: int) -> Line:
    calendar = opening.of_holder(holder.key, services().settings.fleet.zone)
    week, source = calendar.week(today().isoformat())
    return Line(holder, depth, week, holders.source(source))


@blueprint.get("/settings/hours/one")
@allow("setup")
def one() -> str:
    """Show the hours of one holder, and its closed days of a year."""
    return _page(holders.asked())


@blueprint.post("/settings/hours/one")
@allow("settings")
def change() -> ResponseReturnValue:
    """Change one holder's week or days; which, says the button."""
    holder = holders.asked()
    access.demand("settings", holder.unit)
    what = request.form.get("what", "")
    return {"week": _week, "day": _day, "drop": _drop, "copy": _copy}.get(what, _nothing)(holder)


def _page(
    holder: Asked,
    week: WeekForm | None = None,
    day: DayForm | None = None,
    stale: list[tuple[str, str, str]] | None = None,
) -> str:
    now, plan = today(), opening.plans().get(holder.key, Plan())
    version = opening.version(holder.key)
    calendar = opening.of_holder(holder.key, services().settings.fleet.zone)
    held, source = calendar.week(now.isoformat())
    own = source == holder.key
    year = _year(now)
    return render_template(
        "hours_one.html",
        holder=holder,
        may_edit=access.scope("settings").covers(holder.unit),
        week=held,
        own=own,
        source=holders.source(source),
        form=week or WeekForm(now, formdata=None, data=WeekForm.of(held, own, version, now)),
        day_form=day or DayForm(formdata=None, data={"version": str(version)}),
        version=version,
        stale=stale,
        history=sorted(plan.weeks.items(), reverse=True),
        specials=[one for name, one in sorted(plan.specials.items()) if name[:4] == str(year)],
        inherited=_inherited(holder, year),
        year=year,
        year_options=[(str(one), str(one), None) for one in _years(plan, now)],
        last_year=sum(name[:4] == str(year - 1) for name in plan.specials),
        day_names=DAYS,
    )


def _years(plan: Plan, today: date) -> list[int]:
    return sorted({int(name[:4]) for name in plan.specials} | {today.year, today.year + 1})


def _year(today: date) -> int:
    text = request.args.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year


def _inherited(holder: Asked, year: int) -> list[tuple[Special, Asked]]:
    """Return the special days of a year that come from above."""
    said = opening.plans()
    own = said.get(holder.key, Plan()).specials
    above = [key for key in _above(holder) if key in said]
    found: dict[str, tuple[Special, Asked]] = {}
    for key in above:
        for name, special in said[key].specials.items():
            source = holders.source(key)
            if name[:4] == str(year) and name not in own and source is not None:
                found.setdefault(name, (special, source))
    return [found[name] for name in sorted(found)]


def _above(holder: Asked) -> list[Any]:
    if holder.key == FLEET:
        return []
    path = access.tree().path(holder.unit) if holder.unit is not None else []
    units = [("unit", node.id) for node in reversed(path)]
    return [key for key in units if key != holder.key] + [FLEET]


def _week(holder: Asked) -> ResponseReturnValue:
    form = WeekForm(today())
    if not form.validate_on_submit():
        return _page(holder, week=form), 422
    since, week = form.since.data.isoformat(), form.week()
    details = {"since": since, "week": week and [write_spans(one) for one in week.days]}
    try:
        with writing():
            opening.set_week(holder.key, form.held, since, week)
            _note(holder, "hours.week", details)
    except Stale:
        return _stale(holder, week=form)
    flash(gettext("The hours are saved."), "success")
    return redirect(holder.href, 303)


def _day(holder: Asked) -> ResponseReturnValue:
    form = DayForm()
    if not form.validate_on_submit():
        return _page(holder, day=form), 422
    name, spans = form.name.data.strip(), read_spans(form.hours.data or "")
    found = [Special(day, name, spans) for day in form.days()]
    try:
        with writing():
            opening.set_specials(holder.key, form.held, found)
            details = {"days": [one.day for one in found], "name": name, "open": write_spans(spans)}
            _note(holder, "hours.days", details)
    except Stale:
        return _stale(holder, day=form)
    flash(ngettext("%(num)s day is saved.", "%(num)s days are saved.", len(found)), "success")
    _tell_of_deadlines(holder, found)
    return redirect(f"{holder.href}{_with_year(holder, found[0].day[:4])}", 303)


def _tell_of_deadlines(holder: Asked, saved: list[Special]) -> None:
    """Tell whose deadlines stay, where days were closed: fewer working days are left to them."""
    now = today().isoformat()
    closed = [one.day for one in saved if not one.spans and one.day >= now]
    if not closed or holder.key[0] == "counter":
        return
    first = named_day(closed[0], services().settings.fleet.zone)
    many = counted.due_after(holder.unit, first.start)
    if many:
        flash(
            ngettext(
                "%(num)s open case has a deadline on these days or later, and keeps it: fewer "
                "working days are left, and it may be told as due soon. Who judges it, a level "
                "above its unit, may give more time on its page.",
                "%(num)s open cases have deadlines on these days or later, and keep them: fewer "
                "working days are left, and they may be told as due soon. Who judges them, a level "
                "above their unit, may give more time on their pages.",
                many,
            ),
            "warning",
        )


def _with_year(holder: Asked, year: str) -> str:
    return f"{'&' if holder.query else '?'}year={year}"


def _drop(holder: Asked) -> ResponseReturnValue:
    form, day = VersionForm(), request.form.get("day", "")
    if not form.validate_on_submit() or days.parse(day) is None:
        return _nothing(holder)
    try:
        with writing():
            opening.drop_special(holder.key, form.held, day)
            _note(holder, "hours.day.drop", {"day": day})
    except Stale:
        return _stale(holder)
    flash(gettext("The day is as its weekday again."), "success")
    return redirect(f"{holder.href}{_with_year(holder, day[:4])}", 303)


def _copy(holder: Asked) -> ResponseReturnValue:
    form, year = VersionForm(), _year(today())
    plan = opening.plans().get(holder.key, Plan())
    wanted = {
        moved: Special(moved, held.name, held.spans)
        for day, held in plan.specials.items()
        if day[:4] == str(year - 1) and (moved := next_year(day)) is not None
    }
    found = [one for day, one in sorted(wanted.items()) if day not in plan.specials]
    if not form.validate_on_submit() or not found:
        return _nothing(holder)
    try:
        with writing():
            opening.set_specials(holder.key, form.held, found)
            _note(holder, "hours.days", {"days": [one.day for one in found], "copied": True})
    except Stale:
        return _stale(holder)
    _tell_of_deadlines(holder, found)
    flash(
        ngettext(
            "%(num)s day is copied. Move by hand what follows the lunar calendar.",
            "%(num)s days are copied. Move by hand what follows the lunar calendar.",
            len(found),
        ),
        "success",
    )
    return redirect(f"{holder.href}{_with_year(holder, str(year))}", 303)


def _nothing(holder: Asked) -> ResponseReturnValue:
    flash(gettext("Nothing was changed."), "error")
    return redirect(holder.href, 303)


def _stale(
    holder: Asked, week: WeekForm | None = None, day: DayForm | None = None
) -> ResponseReturnValue:
    """Show what is saved now beside what was typed; saving again replaces it."""
    version = opening.version(holder.key)
    rows: list[tuple[str, str, str]] = []
    for form in (week, day):
        if form is not None:
            form.version.data = str(version)
    if week is not None:
        calendar = opening.of_holder(holder.key, services().settings.fleet.zone)
        held = calendar.week(week.since.data.isoformat())[0]
        typed = [(str(week[name].label.text), week[name].data or "") for name in DAYS]
        theirs = [write_spans(one) for one in held.days]
        rows = [
            (label, old or "–", new or "–")
            for (label, new), old in zip(typed, theirs, strict=True)
            if old != new
        ]
    return _page(holder, week=week, day=day, stale=rows), 409


def _note(holder: Asked, action: str, details: dict[str, Any]) -> None:
    audit_log.note(access.actor(), action, holder.subject, details, at=g.now)
    changes.note(changes.FLEET)
