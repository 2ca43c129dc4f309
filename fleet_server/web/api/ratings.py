"""The feed of ratings."""

from typing import Any

from marshmallow import RAISE

from fleet_server.store import audit_log, rating_feed
from fleet_server.store.database import reading, writing
from fleet_server.store.rating_feed import Seen, Told
from fleet_server.store.visits import outer_name
from fleet_server.web.api.guard import blueprint, caller
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.paging import linked, number_of
from fleet_server.web.api.places import NO_PLACE, branch, demand_counter, moment
from fleet_server.web.api.schemas.ratings import RatingsIn, RatingsOut
from fleet_server.web.services import services

COUNTERS_NOTED = 20
"""How many counters the audit log names for a page of choices."""

EXAMPLE = {
    "ratings": [
        {
            "change": 815,
            "id": 790,
            "withdrawn": False,
            "counter": "P1-01",
            "visit": "q-20261122-0017",
            "choice": None,
            "at": "2026-11-22T02:01:00.000Z",
            "at_quality": "exact",
            "standing": True,
            "contested": False,
            "disputed": False,
            "unbound": False,
            "replaced_by": None,
            "terminal": "p1-01-t1",
            "chain": "3f0c8a1e9b7d4c2f8e6a5b4c3d2e1f00",
            "seq": 812,
            "hash": "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg",
            "received_at": "2026-11-22T02:01:00.412Z",
        }
    ],
    "next": "815",
    "more": False,
}


@blueprint.get("/ratings")
@blueprint.input(RatingsIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(RatingsOut)
@operation(
    Operation(
        "ratings:read",
        "Ratings, as a feed of changes",
        "Ratings",
        answers=NO_PLACE,
        example=EXAMPLE,
    )
)
def list_ratings(wanted: dict[str, Any]) -> Any:
    """List ratings as they are now, in the order in which they last changed.

    A rating comes again, with a higher `change`, whenever anything about it changes: it is
    corrected, contested, disputed, bound to a visit, moved in time, or withdrawn since its
    signature was found bad; also one that waited to be counted. Begin without
    `cursor`, go on with `next`, keep the row with the highest `change` of each `id`: that is the
    fleet's state. A page may be empty and have `more`, where others' ratings lie in between.

    A rating belongs to the unit in which its counter lay on its day. Of a withdrawn one no day is
    held: it is told to every unit in which its counter ever lay.

    `choice` is told to keys with the scope choices:read only; each such page is noted in the audit
    log with the name of the key.
    """
    after = number_of(wanted["cursor"])
    with reading():
        page = rating_feed.page(after, wanted["limit"], _seen(wanted))
    told = "choices:read" in caller().scopes
    if told and page.ratings:
        _note_read(after, page)
    reached = str(page.reached)
    body = {
        "ratings": [_rating(one, told) for one in page.ratings],
        "next": reached,
        "more": page.more,
    }
    return linked(body, reached if page.more else None)


def _seen(wanted: dict[str, Any]) -> Seen:
    demand_counter(wanted["counter"])
    return Seen(branch(wanted["unit"]), services().settings.fleet.zone, wanted["counter"])


def _note_read(after: int, page: rating_feed.Page) -> None:
    """Note who was told choices, before they are told."""
    details = {
        "after": after,
        "reached": page.reached,
        "ratings": len(page.ratings),
        "counters": sorted({one.counter for one in page.ratings})[:COUNTERS_NOTED],
    }
    with writing():
        audit_log.note(caller().actor, "choices.read", "ratings", details, at=services().clock())


def _rating(one: Told, told: bool) -> dict[str, Any]:
    return {
        "change": one.number,
        "id": one.record,
        "withdrawn": one.held is None,
        "counter": one.counter,
        "visit": None if one.visit is None else outer_name(one.visit),
        "choice": one.choice if told else None,
        "at": moment(one.at),
        "at_quality": one.at_quality,
        "standing": bool(one.standing),
        "contested": bool(one.contested),
        "disputed": bool(one.disputed),
        "unbound": bool(one.unbound),
        "replaced_by": one.replaced_by,
        "terminal": one.terminal,
        "chain": one.chain,
        "seq": one.seq,
        "hash": one.hash,
        "received_at": moment(one.received_at),
    }
