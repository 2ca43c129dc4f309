"""What is sent to webhooks: a try, what became of each event, and once more by hand."""

from typing import Any

from marshmallow import RAISE

from fleet_server.store import deliveries, outbox
from fleet_server.web.api.guard import blueprint, caller
from fleet_server.web.api.once import Done, once
from fleet_server.web.api.operation import operation
from fleet_server.web.api.paging import linked, number_of, page
from fleet_server.web.api.places import moment
from fleet_server.web.api.problems import Problem
from fleet_server.web.api.schemas.webhooks import DeliveriesIn, DeliveriesOut, PingOut
from fleet_server.web.api.webhooks import GONE, OTHERS, about, own, subscription
from fleet_server.web.numbers import HIGHEST
from fleet_server.web.services import services

DELIVERY = {
    "id": 91,
    "event": "evt_3f0c8a1e9b7d4c2f8e6a5b4c3d2e1f00",
    "type": "terminal.state_changed",
    "at": "2026-11-22T02:00:00.000Z",
    "state": "waiting",
    "attempts": 2,
    "next_at": "2026-11-22T02:00:31.000Z",
    "tried_at": "2026-11-22T02:00:12.000Z",
    "status": 503,
    "error": "answered 503",
    "took_ms": 84,
}
SEND_AGAIN = {
    "sendAgain": {
        "operationId": "sendAgain",
        "parameters": {
            "number": "$request.path.number",
            "delivery": "$response.body#/deliveries/0/id",
        },
    }
}


@blueprint.post("/webhooks/<int:number>/ping")
@blueprint.output(PingOut, status_code=202, description="It will be sent")
@operation(
    about(
        "Try it",
        answers={**GONE, 409: OTHERS},
        once=True,
        example={"event": DELIVERY["event"]},
    )
)
def ping_webhook(number: int) -> Any:
    """Send a `ping` to a subscription, to see whether events arrive."""

    def ping() -> Done:
        own(number)
        event = outbox.send("ping", {"webhook": number}, [number], services().clock())
        return Done({"event": event}, 202)

    return once(ping)


@blueprint.get("/webhooks/<int:number>/deliveries")
@blueprint.input(DeliveriesIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(DeliveriesOut)
@operation(
    about(
        "What became of events",
        answers=GONE,
        lasting=True,
        example={"deliveries": [DELIVERY], "next": None},
        links=SEND_AGAIN,
    )
)
def list_deliveries(number: int, wanted: dict[str, Any]) -> Any:
    """List deliveries of the last thirty days, the newest first, page by page."""
    before, limit = number_of(wanted["cursor"]), wanted["limit"]
    subscription(number)
    shown, last = page(deliveries.listed(number, wanted["state"], before, limit + 1), limit)
    cursor = None if last is None else str(last.id)
    rows = [
        {
            "id": one.id,
            "event": one.event,
            "type": one.type,
            "at": moment(one.at),
            "state": one.state,
            "attempts": one.attempts,
            "next_at": moment(one.next_at),
            "tried_at": moment(one.tried_at),
            "status": one.status,
            "error": one.error,
            "took_ms": one.took_ms,
        }
        for one in shown
    ]
    return linked({"deliveries": rows, "next": cursor}, cursor)


@blueprint.post("/webhooks/<int:number>/deliveries/<int:delivery>/send")
@blueprint.output(PingOut, status_code=202, description="It will be sent")
@operation(
    about(
        "Send again",
        answers={
            404: "There is no such webhook or delivery in what the key may see",
            409: OTHERS,
        },
        once=True,
        example={"event": DELIVERY["event"]},
    )
)
def send_again(number: int, delivery: int) -> Any:
    """Send an event again, with the same `webhook-id`, also one that was dead or taken."""

    def again() -> Done:
        own(number)
        now = services().clock()
        held = deliveries.listed(number, before=min(delivery, HIGHEST) + 1, limit=1)
        if not held or held[0].id != delivery:
            raise Problem(404, f"webhook {number} has no such delivery")
        deliveries.again(delivery, number, now, caller().actor)
        return Done({"event": held[0].event}, 202)

    return once(again)
