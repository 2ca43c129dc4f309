"""Signs that somebody bent a counter's figures, what was counted, and what people made of them."""

from typing import get_args

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from fleet_server.core.signals.rights import may_rule
from fleet_server.core.signals.ruling import QUIET_DAYS, Ruling
from fleet_server.core.tree import Node
from fleet_server.store import audit_log
from fleet_server.store import signals as held
from fleet_server.store.database import writing
from fleet_server.store.editing import Stale
from fleet_server.store.pages import signals as store
from fleet_server.store.pages.counters import counter as by_code
from fleet_server.store.pages.signals import Show, SignalRow, Wanted
from fleet_server.web import access, address, branch, charts, language
from fleet_server.web.access import allow
from fleet_server.web.charts import Point
from fleet_server.web.days import today
from fleet_server.web.services import services
from fleet_server.web.signals.forms import RulingForm
from fleet_server.web.words.signals import SIGNALS, VERDICTS

PAGE = 50
"""Signals on one page."""
SHOWS: tuple[Show, ...] = get_args(Show)

blueprint = Blueprint("signals", __name__, template_folder=".")


@blueprint.get("/signals")
@allow("evidence")
def index() -> str:
    """Show the signals of a branch: those that wait for a ruling, or others."""
    scope, unit = branch.chosen("evidence")
    show, rule = request.args.get("show") or "waiting", request.args.get("rule") or None
    if show not in SHOWS or (rule is not None and rule not in SIGNALS):
        abort(404)
    wanted = Wanted(scope, show, rule, _counter())
    count = store.count(wanted)
    start = address.start(count)
    return render_template(
        "signals.html",
        signals=store.signals(wanted, start, PAGE),
        wanted=wanted,
        counts={one: store.count(Wanted(scope, one, rule, wanted.counter)) for one in SHOWS},
        count=count,
        start=start,
        size=PAGE,
        unit=unit,
        units=branch.units("evidence"),
        rules=[("", _("all signs")), *((name, told.name) for name, told in SIGNALS.items())],
        filters=_filters(wanted, unit),
        subjects=["signal"],
    )


def _counter() -> str | None:
    """Return the counter that is asked for, if one is.

    404 for one that is not there, and for one that neither lies in what the person sees nor has
    signals there, from when it did.
    """
    code, scope = request.args.get("counter") or None, access.scope("evidence")
    found = by_code(code) if code else None
    lies_here = found is not None and scope.covers(found.unit)
    if code and not lies_here and not store.count(Wanted(scope, "all", counter=code)):
        abort(404)
    return code


def _filters(wanted: Wanted, unit: Node | None) -> list[tuple[str, str, str]]:
    """Return the filters in force: argument, label, value."""
    rule = next((str(told.name) for name, told in SIGNALS.items() if name == wanted.rule), None)
    asked = (
        ("unit", _("Unit"), unit and unit.name),
        ("rule", _("Sign"), rule),
        ("counter", _("Counter"), wanted.counter),
    )
    return [(name, label, value) for name, label, value in asked if value]


@blueprint.get("/signals/<int:number>")
@allow("evidence")
def one(number: int) -> str:
    """Show one signal: what was counted, day by day, and the rulings."""
    row = _row(number)
    seen = str(len(held.rulings(number)))
    return _page(row, RulingForm(formdata=None, data={"seen": seen}))


@blueprint.post("/signals/<int:number>")
@allow("close")
def rule(number: int) -> ResponseReturnValue:
    """Let a ruling follow on a signal; those before it stay."""
    row = _row(number)
    if not _may_rule(row):
        abort(404)
    form = RulingForm()
    if not form.validate_on_submit():
        return _page(row, form), 422
    ruling = Ruling(form.verdict.data, access.actor(), g.now, form.why.data.strip())
    try:
        _keep(row, ruling, form.known)
    except Stale:
        form.seen.data = form.seen.raw_data = str(len(held.rulings(number)))
        return _page(row, form, stale=_theirs(number, ruling)), 409
    flash(_("The ruling is kept."), "success")
    return redirect(url_for("signals.one", number=number), 303)


def _row(number: int) -> SignalRow:
    """Return a signal that the person may see; 404 for any other."""
    row = store.signal(number)
    if row is None:
        abort(404)
    access.demand("evidence", row.unit)
    return row


def _may_rule(row: SignalRow) -> bool:
    return may_rule(access.by().grants, row.unit, access.tree())


def _keep(row: SignalRow, ruling: Ruling, known: int) -> None:
    """Keep a ruling.

    Raises:
        Stale: somebody ruled since the page was shown.
    """
    with writing():
        if len(held.rulings(row.id)) != known:
            raise Stale
        held.rule(row.id, ruling)
        details = {"counter": row.code, "rule": row.rule, "verdict": ruling.verdict}
        audit_log.note(ruling.by, "signal.rule", f"signal:{row.id}", details, at=ruling.at)


Theirs = tuple[list[tuple[str, str, str]], str, int]


def _theirs(number: int, typed: Ruling) -> Theirs:
    theirs = held.rulings(number)[-1]
    rows = [
        (_("Ruling"), *(str(VERDICTS[one.verdict][1]) for one in (theirs, typed))),
        (_("Why"), theirs.why, typed.why),
    ]
    return rows, theirs.by.partition(":")[2], theirs.at


def _page(row: SignalRow, form: RulingForm, stale: Theirs | None = None) -> str:
    days, zone = store.days(row), services().settings.fleet.zone
    return render_template(
        "signal.html",
        signal=row,
        told=SIGNALS[row.rule],
        days=days,
        chart=charts.line([_point(day, row) for day in days]),
        column=charts.column(len(days)),
        moments=[(at, today(at, zone).isoformat()) for at in row.moments],
        rulings=held.rulings(row.id),
        form=form,
        stale=stale,
        may_rule=_may_rule(row),
        figures=access.scope("figures").covers(row.unit),
        quiet_days=QUIET_DAYS,
        subjects=["signal"],
    )


def _point(day: tuple[str, int, int], row: SignalRow) -> Point:
    name, hits, of = day
    told = f"{language.day(name)}: {language.number(hits)} / {language.number(of)}"
    label = f"{name[8:]}/{name[5:7]}"
    return Point(label, 100 * hits / of, target=100 * row.honest, told=told)
