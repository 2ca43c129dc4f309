"""Signs of cheating, for other programs."""

from typing import Any

from marshmallow import RAISE

from fleet_server.store.pages import signals as store
from fleet_server.store.pages.signals import SignalRow, Wanted
from fleet_server.web.api.guard import blueprint, sight
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.paging import linked, number_of, page
from fleet_server.web.api.places import NO_PLACE, branch, demand_counter, moment
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas.signals import SignalOut, SignalsIn, SignalsOut

AS_THEY_ARE = (
    "id", "rule", "severity", "since", "until", "last_day", "hits", "of", "honest", "chance",
    "verdict",
)  # fmt: skip

EXAMPLE = {
    "id": 4,
    "rule": "soon_after_close",
    "severity": "strong",
    "counter": "P1-01",
    "unit": "UBND-P1",
    "opened_at": "2026-11-22T18:02:00.000Z",
    "since": "2026-11-16",
    "until": "2026-11-22",
    "last_day": "2026-11-22",
    "hits": 64,
    "of": 70,
    "honest": 0.5,
    "chance": 1.2e-13,
    "verdict": None,
}


@blueprint.get("/signals")
@blueprint.input(SignalsIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(SignalsOut)
@operation(
    Operation(
        "signals:read",
        "Signs that figures of counters were bent",
        "Signs",
        answers=NO_PLACE,
        lasting=True,
        example={"signals": [EXAMPLE], "next": None},
    )
)
def list_signals(wanted: dict[str, Any]) -> Any:
    """List counters whose figures can hardly be chance, the newest first, page by page.

    A sign points, and changes no figure; people look, and rule on it. No choice is told.
    """
    demand_counter(wanted["counter"])
    limit, before = wanted["limit"], number_of(wanted["cursor"])
    which = Wanted(branch(wanted["unit"]), wanted["ruled"], wanted["rule"], wanted["counter"])
    shown, last = page(store.newest(which, before, limit + 1), limit)
    after = None if last is None else str(last.id)
    return linked({"signals": [_signal(row) for row in shown], "next": after}, after)


@blueprint.get("/signals/<int:number>")
@blueprint.output(SignalOut)
@operation(
    Operation(
        "signals:read",
        "One sign",
        "Signs",
        answers={404: "There is no such sign in what the key may see"},
        lasting=True,
        example=EXAMPLE,
    )
)
def show_signal(number: int) -> Any:
    """Show a sign with the ruling that stands."""
    row = store.signal(number)
    if row is None or not sight().covers(row.unit):
        raise Problem(404, f"there is no sign {number}")
    return _signal(row)


def _signal(row: SignalRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in AS_THEY_ARE},
        "counter": row.code,
        "unit": row.unit_code,
        "opened_at": moment(row.opened_at),
    }
