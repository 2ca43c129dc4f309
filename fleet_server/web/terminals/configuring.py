"""Configuring from the page: one terminal, or all of a branch, each with its outcome."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from fleet_server import policy
from fleet_server.core.opening import Week
from fleet_server.store import downlink, opening, policies
from fleet_server.store.editing import Stale
from fleet_server.store.pages import terminals as store
from fleet_server.store.pages.terminals import TerminalRow
from fleet_server.web import access, address, days
from fleet_server.web.access import allow
from fleet_server.web.branch import chosen, units
from fleet_server.web.services import services
from fleet_server.web.terminals.orders import commanded
from fleet_server.web.terminals.policy_form import ExpertForm, PolicyForm, said

PAGE = 50

blueprint = Blueprint("configuring", __name__, template_folder=".")


def _week(counter: int | None) -> Week:
    zone = services().settings.fleet.zone
    return opening.calendars(zone)(counter).week(days.today(g.now, zone).isoformat())[0]


# ---- one terminal ----


@blueprint.get("/terminals/<terminal_id>/configuration")
@allow("command")
def one(terminal_id: str) -> str:
    """Show what was sent to a terminal, as a form and as text."""
    return _page(commanded(terminal_id))


@blueprint.post("/terminals/<terminal_id>/configuration")
@allow("command")
def send(terminal_id: str) -> ResponseReturnValue:
    """Send a configuration; the terminal applies it or says why not."""
    row = commanded(terminal_id)
    held = downlink.configuration(terminal_id)
    if request.form.get("what") == "expert":
        expert = ExpertForm()
        if not expert.validate_on_submit():
            return _page(row, expert=expert), 422
        return _sent(row, expert.read, expert)
    form = PolicyForm()
    if not form.validate_on_submit():
        return _page(row, form=form), 422
    settings = form.laid_over(held.settings if held else {}, _week(row.counter))
    return _sent(row, settings, form)


def _sent(
    row: TerminalRow, settings: Mapping[str, Any], form: PolicyForm | ExpertForm
) -> ResponseReturnValue:
    text = form.version.data or ""
    read = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else -1
    try:
        version = policies.configure(row.id, settings, g.now, actor=access.actor(), held=read)
    except Stale:
        return _stale(row, settings, form)
    except policy.PolicyError as refused:
        return _refused(row, form, refused), 422
    flash(
        gettext("Version %(version)s is on its way. The terminal's answer appears here.",
                version=version),
        "success",
    )  # fmt: skip
    return redirect(url_for("terminals.one", terminal_id=row.id, _anchor="configuration"), 303)


def _stale(
    row: TerminalRow, settings: Mapping[str, Any], form: PolicyForm | ExpertForm
) -> ResponseReturnValue:
    held = downlink.configuration(row.id)
    form.version.data = str(held.version if held else 0)
    theirs = policy.dump(held.settings if held else {})
    rows = [(gettext("Tables"), theirs or "–", policy.dump(settings) or "–")]
    if isinstance(form, ExpertForm):
        return _page(row, expert=form, stale=rows), 409
    return _page(row, form=form, stale=rows), 409


def _refused(row: TerminalRow, form: PolicyForm | ExpertForm, refused: policy.PolicyError) -> str:
    form.form_errors.append(said(refused))
    if isinstance(form, ExpertForm):
        return _page(row, expert=form)
    return _page(row, form=form)


def _page(
    row: TerminalRow,
    form: PolicyForm | None = None,
    expert: ExpertForm | None = None,
    stale: list[tuple[str, str, str]] | None = None,
) -> str:
    held = downlink.configuration(row.id)
    settings, version = (held.settings, held.version) if held else ({}, 0)
    text = {"toml": policy.dump(settings), "version": str(version)}
    return render_template(
        "configure_one.html",
        row=row,
        config=held,
        form=form or PolicyForm(formdata=None, data=PolicyForm.of(settings, version)),
        expert=expert or ExpertForm(formdata=None, data=text),
        open=expert is not None,
        stale=stale,
    )


# ---- all of a branch ----


@blueprint.get("/terminals/configuration")
@allow("command")
def many() -> str:
    """Show what each terminal of a branch was sent and answered, and the form for all of them."""
    return _many_page(PolicyForm(formdata=None))


@blueprint.post("/terminals/configuration")
@allow("command")
def send_many() -> ResponseReturnValue:
    """Show whom a configuration would reach; once somebody has seen that, send it."""
    form = PolicyForm()
    if not form.validate_on_submit():
        return _many_page(form), 422
    reached = _reached()
    if not form.tables(_week(None)) or not reached:
        flash(gettext("Nothing was filled in, or it would reach nobody."), "error")
        return _many_page(form), 422
    sent = {row.id: form.tables(_week_of(row)) for row in reached}
    try:
        for tables in sent.values():
            policy.check(tables)
        if not request.form.get("sure"):
            return _preview(form, reached)
        policies.lay_over(sent, g.now, actor=access.actor())
    except policy.PolicyError as refused:
        form.form_errors.append(said(refused))
        return _many_page(form), 422
    flash(
        ngettext(
            "It is on its way to %(num)s terminal. The answers appear below.",
            "It is on its way to %(num)s terminals. The answers appear below.",
            len(sent),
        ),
        "success",
    )
    return redirect(request.full_path.rstrip("?"), 303)


def _reached() -> list[TerminalRow]:
    scope, _unit = chosen("command")
    return [row for row in store.terminals(scope) if row.retired_at is None]


def _week_of(row: TerminalRow) -> Week:
    if "weeks" not in g:
        zone = services().settings.fleet.zone
        g.weeks, g.day = opening.calendars(zone), days.today(g.now, zone).isoformat()
    week: Week = g.weeks(row.counter).week(g.day)[0]
    return week


def _preview(form: PolicyForm, reached: list[TerminalRow]) -> str:
    example = form.tables(_week_of(reached[0]))
    return render_template(
        "configure_sure.html",
        form=form,
        reached=reached,
        tables_text=policy.dump(example),
        by_counter=form.opening.data == "counter",
        unit=chosen("command")[1],
        action=request.full_path.rstrip("?"),
    )


def _many_page(form: PolicyForm) -> str:
    _scope, unit = chosen("command")
    reached = _reached()
    start = address.start(len(reached))
    shown = reached[start : start + PAGE]
    return render_template(
        "configure_many.html",
        form=form,
        unit=unit,
        units=units("command"),
        lines=[(row, downlink.configuration(row.id)) for row in shown],
        start=start,
        page=PAGE,
        total=len(reached),
        subjects=["terminal:"],
    )
