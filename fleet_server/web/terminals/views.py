"""Which terminals are ill, and what is wrong with this one?"""

from flask import Blueprint, abort, g, render_template, request

from fleet_server.store import commands, downlink
from fleet_server.store.pages import matters as matter_store
from fleet_server.store.pages import terminals as store
from fleet_server.web import access
from fleet_server.web.access import allow
from fleet_server.web.branch import chosen
from fleet_server.web.terminals import report
from fleet_server.web.terminals.judged import Judged, judge_row, judged

PAGE = 200
COMMANDS = 20
ORDER = {"bad": 0, "warning": 1, "none": 2, "good": 3}

blueprint = Blueprint("terminals", __name__, template_folder=".")


def _is_waiting(one: Judged) -> bool:
    return bool(one.row.waiting)


FILTERS = {
    "all": lambda _one: True,
    "bad": lambda one: one.verdict.level == "bad",
    "warning": lambda one: one.verdict.level == "warning",
    "good": lambda one: one.verdict.level == "good",
    "none": lambda one: one.verdict.level == "none",
    "waiting": _is_waiting,
}


@blueprint.get("/terminals")
@allow("fleet")
def index() -> str:
    """Show the terminals, those in trouble first."""
    scope, unit = chosen("fleet")
    show = request.args.get("show", "all")
    if show not in FILTERS:
        abort(404)
    everyone = judged(g.now, scope)
    counts = {name: sum(map(wanted, everyone)) for name, wanted in FILTERS.items()}
    listed = sorted(
        filter(FILTERS[show], everyone), key=lambda one: (ORDER[one.verdict.level], one.row.id)
    )
    start = _start(len(listed))
    return render_template(
        "terminals.html",
        terminals=listed[start : start + PAGE],
        total=len(listed),
        start=start,
        page=PAGE,
        counts=counts,
        show=show,
        unit=unit and unit.code,
        subjects=["terminal:", "matter"],
    )


@blueprint.get("/terminals/<terminal_id>")
@allow("fleet")
def one(terminal_id: str) -> str:
    """Show one terminal: facts, chains, matters, keys, and what it sent last."""
    row = store.terminal(terminal_id)
    if row is None:
        abort(404)
    access.demand("fleet", row.unit)
    chains = store.chains(terminal_id)
    return render_template(
        "terminal.html",
        terminal=judge_row(row, g.now),
        chains=chains,
        forks=store.forks(terminal_id),
        records=store.recent_records(chains[0].id) if chains else [],
        keys=store.keys(terminal_id),
        tokens=store.tokens(terminal_id),
        config=downlink.configuration(terminal_id),
        commands=commands.history(terminal_id, COMMANDS),
        report=report.lines(row.health),
        traffic=store.traffic(terminal_id),
        refused=store.refused_samples(terminal_id),
        matters=matter_store.matters(terminal=terminal_id),
        closed_matters=len(matter_store.matters(closed=True, terminal=terminal_id)),
        subjects=[f"terminal:{terminal_id}", "matter"],
    )


def _start(total: int) -> int:
    text = request.args.get("start", "0")
    start = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return start if start < total else 0
