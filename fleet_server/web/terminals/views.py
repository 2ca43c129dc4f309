"""Which terminals are ill, and what is wrong with this one?"""

from datetime import timedelta

from flask import Blueprint, abort, g, render_template

from fleet_server.core.days import local
from fleet_server.core.strip import TOLD
from fleet_server.judged import Bench
from fleet_server.store import commands, downlink, history, listening
from fleet_server.store.pages import evidence, lines, tree
from fleet_server.store.pages import matters as matter_store
from fleet_server.store.pages import terminals as store
from fleet_server.store.pages.terminals import TerminalRow
from fleet_server.web import access, address, measured
from fleet_server.web.access import allow
from fleet_server.web.branch import chosen
from fleet_server.web.figures import Figures
from fleet_server.web.services import services
from fleet_server.web.terminals import filters, options, orders, outcome, past, report, wall
from fleet_server.web.terminals.judged import judged

PAGE = 50
COMMANDS = 20
EVENTS = 20
BUTTON_DAYS = 14
SPACING_MS = 5_000
"""Between two refreshes of the wall: a busy morning must not redraw 3,500 cells twice a second."""

blueprint = Blueprint("terminals", __name__, template_folder=".")


@blueprint.get("/terminals")
@allow("fleet")
def index() -> str:
    """Show all terminals as a wall, and below it those asked for, or that need somebody."""
    scope, unit = chosen("fleet")
    everyone, wanted = judged(g.now, scope), filters.asked()
    shown = list(filter(wanted.holds, everyone))
    ill = [one for one in shown if one.verdict.needs_somebody]
    listed = filters.worst_first(shown if wanted.narrow else ill)
    start = address.start(len(listed))
    return render_template(
        "terminals.html",
        wall=wall.groups(wall.rows(shown, access.tree())),
        terminals=listed[start : start + PAGE],
        total=len(listed),
        shown=len(shown),
        start=start,
        page=PAGE,
        all=len(everyone),
        wanted=wanted,
        cell_classes=wall.CLASSES,
        may_configure=bool(access.scope("command")),
        deaf_since=listening.deaf_since(g.now),
        spacing=SPACING_MS,
        subjects=["fleet", "matter"],
        **options.of(everyone, wanted, unit),
    )


@blueprint.get("/terminals/<terminal_id>")
@allow("fleet")
def one(terminal_id: str) -> str:
    """Show one terminal: how it is and was, what it sent, and what it was told."""
    row = store.terminal(terminal_id)
    if row is None:
        abort(404)
    access.demand("fleet", row.unit)
    bench = Bench(g.now, services().settings.fleet.zone)
    calendar = bench.calendar_of(row.counter)
    days = past.columns(past.past(row, calendar, g.now))
    return render_template(
        "terminal.html",
        terminal=bench.judge(row),
        opens=calendar.opens_next(g.now),
        days=days,
        day_x={day.strip.day: 10 * n + 1 for n, (day, _parts) in enumerate(days)},
        told_order=[*reversed(TOLD)],
        **_buttons(row),
        places=tree.spans_of(terminal_id),
        events=history.events(terminal_id, EVENTS),
        keys=evidence.keys(terminal_id),
        tokens=evidence.tokens(terminal_id),
        config=downlink.configuration(terminal_id),
        commands=[
            (each, outcome.lines(each.details)) for each in commands.history(terminal_id, COMMANDS)
        ],
        may_command=row.retired_at is None and access.scope("command").covers(row.unit),
        orders=orders.OFFERED,
        seconds=orders.SECONDS,
        ttls=orders.TTLS,
        report=report.lines(row.health),
        traffic=store.traffic(terminal_id),
        matters=matter_store.matters(terminal=terminal_id),
        closed_matters=len(matter_store.matters(closed=True, terminal=terminal_id)),
        deaf_since=listening.deaf_since(g.now),
        may_enrol=row.retired_at is None and access.scope("enrol").covers(row.unit),
        **_evidence(row),
        subjects=[f"terminal:{terminal_id}", "matter"],
    )


def _evidence(row: TerminalRow) -> dict[str, object]:
    """Return what it signed and by which keys, for who may see evidence where it stands."""
    if not access.scope("evidence").covers(row.unit):
        return {"evidence": False}
    chains = evidence.chains(row.id)
    return {
        "evidence": True,
        "chains": chains,
        "forks": evidence.forks(row.id),
        "records": evidence.recent_records(chains[0].id) if chains else [],
        "refused": evidence.refused_samples(row.id),
    }


def _buttons(row: TerminalRow) -> dict[str, object]:
    """Return what was chosen at its counter on the last days that are over, newest first.

    Only for who may see figures there, and of days on which the counter lay where they may.
    """
    scope = access.scope("figures")
    if row.counter is None or not scope.covers(row.unit):
        return {"buttons": [], "elsewhere": []}
    today = local(g.now, services().settings.fleet.zone).date()
    begin, end = ((today - timedelta(days=back)).isoformat() for back in (BUTTON_DAYS, 1))
    elsewhere = measured.elsewhere(row.counter, begin, end, scope)
    held = [
        (day, Figures(line.sums, line.told))
        for (_, day), line in lines.counter_days({row.counter}, begin, end).items()
        if not any(first <= day <= last for first, last in elsewhere)
    ]
    return {
        "buttons": sorted(held, key=lambda one: one[0], reverse=True),
        "elsewhere": elsewhere,
    }
