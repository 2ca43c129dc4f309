"""What other programs read: participation, terminals, ratings, matters."""

from dataclasses import asdict
from typing import Any

from fleet_server.core.days import Day, day_of, named_day
from fleet_server.store import ratings as held_ratings
from fleet_server.store import rest
from fleet_server.store.database import reading
from fleet_server.store.pages import counters, matters, sums, terminals
from fleet_server.store.pages.sums import Sums
from fleet_server.store.rest import Sources
from fleet_server.store.visits import outer_name
from fleet_server.web.api.guard import SECURITY, blueprint
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas import (
    MattersIn,
    MattersOut,
    PageIn,
    ParticipationOut,
    PeriodIn,
    RatingsOut,
    TerminalsOut,
)
from fleet_server.web.services import services
from wire.fields import format_time

REFUSALS = {401: "No API key, or one that is not known", 403: "The API key was revoked"}


@blueprint.get("/counters/participation")
@blueprint.input(PeriodIn, location="query", arg_name="period")
@blueprint.output(ParticipationOut)
@blueprint.doc(security=SECURITY, operation_id="participation", responses=REFUSALS)
def participation(period: dict[str, Any]) -> dict[str, Any]:
    """Say who was served and who rated, counter by counter.

    Participation is served visits with a rating that stands / served visits. Satisfaction is
    (very_satisfied + satisfied) / all ratings that stand. Unbound, contested and disputed ratings
    count for neither.
    """
    first, last = _days(period)
    with reading():
        figures = sums.by_counter(first.name, last.name)
        sources = rest.sources(first, last)
        facts = counters.counters()
    rows = [
        {
            "counter": one.code,
            "name": one.name,
            "unit": one.unit_code,
            **_figures(figures.get(one.id, Sums()), sources.get(one.id, Sources())),
        }
        for one in facts
    ]
    total = _figures(sum(figures.values(), Sums()), _added(sources.values()))
    return {"first": first.name, "last": last.name, "counters": rows, "total": total}


def _days(period: dict[str, Any]) -> tuple[Day, Day]:
    hailong = services()
    zone = hailong.settings.fleet.zone
    today = day_of(hailong.clock(), zone)
    last = named_day(period["last"], zone) if period["last"] else today
    first = named_day(period["first"], zone) if period["first"] else min(today, last, key=_start)
    if first.start > last.start:
        raise Problem(422, "from: is later than to")
    return first, last


def _start(day: Day) -> int:
    return day.start


def _figures(of: Sums, sources: Sources) -> dict[str, Any]:
    satisfied = of.very_satisfied + of.satisfied
    return {
        **asdict(of),
        "participation": _share(of.rated, of.served),
        "satisfaction": _share(satisfied, satisfied + of.unsatisfied),
        "sources": asdict(sources),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _added(all_sources: Any) -> Sources:
    rows = [(one.both, one.rest, one.terminal, one.disagreements) for one in all_sources]
    return Sources(*(sum(column) for column in zip(*rows, strict=True))) if rows else Sources()


@blueprint.get("/terminals")
@blueprint.output(TerminalsOut)
@blueprint.doc(security=SECURITY, operation_id="terminals", responses=REFUSALS)
def list_terminals() -> dict[str, Any]:
    """Say how every terminal was when it was last heard of."""
    with reading():
        heads = rest.heads()
        rows = terminals.terminals()
    return {
        "terminals": [
            {
                "id": row.id,
                "counter": row.counter_code,
                "unit": row.unit_code,
                "retired": row.retired_at is not None,
                "state": row.state,
                "state_at": _time(row.state_at),
                "last_seen": _time(row.last_seen),
                "waiting": row.waiting,
                "oldest_waiting_at": _time(row.oldest_waiting_at),
                "clock": row.clock,
                "firmware": row.firmware,
                "matters": row.matters,
                "head": heads.get(row.id),
            }
            for row in rows
        ]
    }


@blueprint.get("/ratings")
@blueprint.input(PageIn, location="query", arg_name="page")
@blueprint.output(RatingsOut)
@blueprint.doc(security=SECURITY, operation_id="ratings", responses=REFUSALS)
def list_ratings(page: dict[str, Any]) -> dict[str, Any]:
    """List all ratings, also those that don't count, in the order in which they were taken.

    A rating may be replaced later, and one that waited for its counter to be added appears with
    its old id; who needs the final state reads again from the beginning of the period.
    """
    rows = held_ratings.after(page["cursor"], page["limit"])
    listed = [
        {
            **asdict(row),
            "id": row.record,
            "visit": None if row.visit is None else outer_name(row.visit),
            "at": format_time(row.at),
            "received_at": format_time(row.received_at),
        }
        for row in rows
    ]
    return {"ratings": listed, "next": rows[-1].record if rows else page["cursor"]}


@blueprint.get("/matters")
@blueprint.input(MattersIn, location="query", arg_name="wanted")
@blueprint.output(MattersOut)
@blueprint.doc(security=SECURITY, operation_id="matters", responses=REFUSALS)
def list_matters(wanted: dict[str, Any]) -> dict[str, Any]:
    """List what a person should look at, the newest first."""
    return {
        "matters": [
            {
                "id": row.id,
                "kind": row.kind,
                "terminal": row.terminal,
                "chain": row.chain_id,
                "seq": row.seq,
                "opened_at": format_time(row.opened_at),
                "closed_at": _time(row.closed_at),
                "closed_by": row.closed_by,
                "details": dict(row.details),
            }
            for row in matters.matters(closed=wanted["closed"])
        ]
    }


def _time(at: int | None) -> str | None:
    return None if at is None else format_time(at)
