"""What is too much just now, what was, and taking it on."""

from collections.abc import Mapping
from typing import cast

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_security import current_user

from fleet_server.core.alarms.hearing import About
from fleet_server.core.alarms.raising import Now
from fleet_server.core.alarms.rules import KINDS, Kind
from fleet_server.store.alarms import acknowledge as taken_on
from fleet_server.store.alarms import may_acknowledge
from fleet_server.store.pages import alarms as store
from fleet_server.store.pages.alarms import Wanted
from fleet_server.web import access, address, branch
from fleet_server.web.access import allow
from fleet_server.web.services import services

PAGE = 50
"""Alarms on one page."""

blueprint = Blueprint("alarms", __name__, template_folder=".")


@blueprint.get("/alarms")
@allow("matters")
def index() -> str:
    """Show the alarms of a branch that are raised, or over, of all kinds or one."""
    scope, unit = branch.chosen("matters")
    over, kind = request.args.get("show") == "over", request.args.get("kind") or None
    if kind not in (None, *KINDS):
        abort(404)
    wanted = Wanted(scope, over, kind)
    counts = store.counts(wanted)
    count = sum(counts.values()) if kind is None else counts.get(kind, 0)
    start = address.start(count)
    return render_template(
        "alarms.html",
        alarms=store.alarms(wanted, start, PAGE),
        counts=counts,
        overdue=_overdue(wanted, counts),
        count=count,
        start=start,
        size=PAGE,
        over=over,
        kind=kind,
        unit=unit,
        units=branch.units("matters"),
        has_mail=services().settings.mail is not None,
        subjects=["matter"],
    )


def _overdue(wanted: Wanted, counts: Mapping[str, int]) -> tuple[int, int] | None:
    """Return cases and their alarms where a list shows more than one raised alarm of a case."""
    if wanted.over or wanted.kind not in (None, "case_overdue"):
        return None
    cases, alarms = store.overdue_cases(wanted), counts.get("case_overdue", 0)
    return (cases, alarms) if cases < alarms else None


@blueprint.get("/alarms/<int:number>")
@allow("matters")
def one(number: int) -> str:
    """Show one alarm: what it says, what to do, who took it on."""
    found = _one(number)
    judges = _about(found).judged is not None
    return render_template(
        "alarm.html", alarm=found, may_answer=_may(found), judges=judges, subjects=["matter"]
    )


@blueprint.post("/alarms/<int:number>/acknowledge")
@allow("matters")
def acknowledge(number: int) -> ResponseReturnValue:
    """Take an alarm on, so that nobody above is told; twice changes nothing."""
    found = _one(number)
    if not _may(found):
        abort(404)
    if taken_on(number, current_user.email, g.now):
        flash(gettext("You have acknowledged the alarm."), "success")
    else:
        flash(gettext("It is over, or somebody else has acknowledged it."), "error")
    return redirect(url_for("alarms.one", number=number), 303)


def _one(number: int) -> store.Listed:
    found = store.alarm(number)
    if found is None or not access.scope("matters").covers(found.unit):
        abort(404)
    return found


def _may(found: store.Listed) -> bool:
    now = Now(g.now, access.tree(), services().settings.fleet.zone)
    return may_acknowledge(current_user.id, _about(found), now)


def _about(found: store.Listed) -> About:
    return About(cast(Kind, found.kind), found.unit, found.details.get("level", 0))
