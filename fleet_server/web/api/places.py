"""What other programs read of the fleet: units, counters, terminals, matters."""

from typing import Any

from marshmallow import RAISE

from fleet_server.core.roles import Scope
from fleet_server.store import listings, rest
from fleet_server.store.database import reading
from fleet_server.store.listings import Wanted
from fleet_server.store.rating_feed import Seen
from fleet_server.web import access
from fleet_server.web.api.guard import blueprint, sight
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.paging import linked, number_of, page
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas.places import (
    CountersIn,
    CountersOut,
    MattersIn,
    MattersOut,
    TerminalsIn,
    TerminalsOut,
    UnitsIn,
    UnitsOut,
)
from fleet_server.web.services import services
from wire.fields import format_time

NO_UNIT = {404: "There is no such unit in what the key may see"}
NO_PLACE = {404: "There is no such unit or counter in what the key may see"}


def branch(code: str | None) -> Scope:
    """Return what a request is about: the branch of a unit, or all that its key may see.

    Raises:
        Problem: 404, there is no such unit, or it lies outside.
    """
    if code is None:
        return sight()
    unit = access.tree().by_code(code)
    if unit is None or not sight().covers(unit.id):
        raise Problem(404, f"there is no unit {code}")
    return Scope(access.tree().branch(unit.id))


def demand_counter(code: str | None) -> None:
    """Refuse a counter that is not there, or never lay in what the key may see.

    Raises:
        Problem: 404.
    """
    if code is not None and not Seen(sight(), services().settings.fleet.zone, code).counters:
        raise Problem(404, f"there is no counter {code}")


def moment(at: int | None) -> str | None:
    """Return a time as it is answered."""
    return None if at is None else format_time(at)


@blueprint.get("/units")
@blueprint.input(UnitsIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(UnitsOut)
@operation(
    Operation(
        "units:read",
        "Units, by their codes",
        "Places",
        answers=NO_UNIT,
        lasting=True,
        example={
            "units": [
                {
                    "code": "UBND-P1",
                    "name": "UBND phường Bến Nghé",
                    "kind": "unit",
                    "parent": "Q1",
                    "closed": None,
                }
            ],
            "next": None,
        },
    )
)
def list_units(wanted: dict[str, Any]) -> Any:
    """List the units that the key may see, page by page."""
    limit = wanted["limit"]
    found = listings.units(branch(wanted["unit"]), wanted["cursor"], limit + 1)
    shown, last = page(found, limit)
    after = None if last is None else last.code
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "parent": _parent(one),
            "closed": one.closed,
        }
        for one in shown
    ]
    return linked({"units": rows, "next": after}, after)


def _parent(one: listings.UnitRow) -> str | None:
    """Return the code of the unit above; what lies outside of a key's branch is not named."""
    if one.parent is None or not sight().covers(one.parent):
        return None
    return access.tree()[one.parent].code


@blueprint.get("/counters")
@blueprint.input(CountersIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(CountersOut)
@operation(
    Operation(
        "units:read",
        "Counters, by their codes",
        "Places",
        answers=NO_UNIT,
        lasting=True,
        example={
            "counters": [
                {
                    "code": "P1-01",
                    "name": "Quầy 1 – Hộ tịch",
                    "unit": "UBND-P1",
                    "terminals": ["p1-01-t1"],
                    "closed": None,
                }
            ],
            "next": None,
        },
    )
)
def list_counters(wanted: dict[str, Any]) -> Any:
    """List the counters that the key may see, page by page, with the terminals in use there."""
    limit = wanted["limit"]
    with reading():
        found = listings.counters(branch(wanted["unit"]), wanted["cursor"], limit + 1)
        shown, last = page(found, limit)
        standing = listings.terminals_at([one.id for one in shown])
    after = None if last is None else last.code
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "unit": one.unit,
            "terminals": standing.get(one.id, []),
            "closed": one.closed,
        }
        for one in shown
    ]
    return linked({"counters": rows, "next": after}, after)


@blueprint.get("/terminals")
@blueprint.input(TerminalsIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(TerminalsOut)
@operation(
    Operation(
        "terminals:read",
        "Terminals, as they were last heard of",
        "Places",
        answers=NO_UNIT,
        lasting=True,
        example={
            "terminals": [
                {
                    "id": "p1-01-t1",
                    "counter": "P1-01",
                    "unit": "UBND-P1",
                    "retired": False,
                    "state": "ready",
                    "state_at": "2026-11-22T00:01:12.000Z",
                    "last_seen": "2026-11-22T02:00:00.000Z",
                    "waiting": 0,
                    "oldest_waiting_at": None,
                    "clock": "synced",
                    "firmware": "0.1.0",
                    "matters": 0,
                    "head": {
                        "chain": "3f0c8a1e9b7d4c2f8e6a5b4c3d2e1f00",
                        "seq": 812,
                        "hash": "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
                    },
                }
            ],
            "next": None,
        },
    )
)
def list_terminals(wanted: dict[str, Any]) -> Any:
    """Say how each terminal was when it was last heard of, page by page.

    A terminal that stands at no counter, and that no unit keeps, belongs to no unit: only a key of
    the whole fleet sees it.
    """
    limit = wanted["limit"]
    which = Wanted(counter=wanted["counter"], state=wanted["state"], retired=wanted["retired"])
    with reading():
        found = listings.terminals(branch(wanted["unit"]), which, wanted["cursor"], limit + 1)
        shown, last = page(found, limit)
        ids = [one.id for one in shown]
        heads, matters = rest.heads(ids), listings.open_matters(ids)
    after = None if last is None else last.id
    rows = [_terminal(one, heads.get(one.id), matters.get(one.id, 0)) for one in shown]
    return linked({"terminals": rows, "next": after}, after)


def _terminal(one: listings.TerminalRow, head: rest.Head | None, matters: int) -> dict[str, Any]:
    return {
        "id": one.id,
        "counter": one.counter,
        "unit": one.unit,
        "retired": one.retired_at is not None,
        "state": one.state,
        "state_at": moment(one.state_at),
        "last_seen": moment(one.last_seen),
        "waiting": one.waiting,
        "oldest_waiting_at": moment(one.oldest_waiting_at),
        "clock": one.clock,
        "firmware": one.firmware,
        "matters": matters,
        "head": head,
    }


@blueprint.get("/matters")
@blueprint.input(MattersIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(MattersOut)
@operation(
    Operation(
        "matters:read",
        "What a person should look at",
        "Places",
        answers=NO_UNIT,
        lasting=True,
        example={
            "matters": [
                {
                    "id": 7,
                    "kind": "fault",
                    "terminal": "p1-01-t1",
                    "chain": "3f0c8a1e9b7d4c2f8e6a5b4c3d2e1f00",
                    "seq": 813,
                    "opened_at": "2026-11-22T02:00:00.000Z",
                    "closed_at": None,
                    "closed_by": None,
                    "details": {"what": "button_stuck", "count": 1},
                }
            ],
            "next": None,
        },
    )
)
def list_matters(wanted: dict[str, Any]) -> Any:
    """List what a person should look at, the newest first, page by page."""
    limit = wanted["limit"]
    which = Wanted(kind=wanted["kind"], closed=wanted["closed"])
    before = number_of(wanted["cursor"])
    shown, last = page(listings.matters(branch(wanted["unit"]), which, before, limit + 1), limit)
    after = None if last is None else str(last.id)
    rows = [
        {
            "id": row.id,
            "kind": row.kind,
            "terminal": row.terminal,
            "chain": row.chain,
            "seq": row.seq,
            "opened_at": moment(row.opened_at),
            "closed_at": moment(row.closed_at),
            "closed_by": row.closed_by,
            "details": dict(row.details),
        }
        for row in shown
    ]
    return linked({"matters": rows, "next": after}, after)
