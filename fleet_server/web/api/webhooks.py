"""Webhooks: subscriptions and their secrets."""

from collections.abc import Mapping
from typing import Any

from flask import Response
from marshmallow import RAISE

from fleet_server.core.webhooks import FOR_PEOPLE, MOST, SUBSCRIBABLE, TELLS
from fleet_server.notify.targets import TargetError, check, parsed
from fleet_server.store import webhooks
from fleet_server.store.editing import Stale
from fleet_server.store.webhooks import Listed, TooMany, Wish
from fleet_server.web import access
from fleet_server.web.api.guard import blueprint, caller, demand, sight
from fleet_server.web.api.once import Done, once
from fleet_server.web.api.operation import Operation, operation
from fleet_server.web.api.paging import linked, number_of, page
from fleet_server.web.api.places import moment
from fleet_server.web.api.problems import Problem, wrong
from fleet_server.web.api.schemas.webhooks import (
    WebhookChangeIn,
    WebhookIn,
    WebhookOut,
    WebhookSecretOut,
    WebhooksIn,
    WebhooksOut,
)
from fleet_server.web.numbers import HIGHEST
from fleet_server.web.services import services

HOOK = {
    "id": 3,
    "url": "https://queue.example/hailong",
    "events": ["terminal.state_changed", "matter.opened"],
    "unit": "UBND-P1",
    "active": True,
    "note": "Queue system of the ward",
    "created_at": "2026-11-22T02:00:00.000Z",
    "created_by": "key:queue",
    "version": 1,
    "stopped": None,
}
SECRET = {**HOOK, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwbQm0aV1c3aE="}

GONE = {404: "There is no such webhook in what the key may see"}
OTHERS = "Another key or a person made it, who answers for it"
FULL = f"The key has {MOST} subscriptions already, or the branch {MOST - FOR_PEOPLE}"
NO_UNIT = "There is no such unit in what the key may see"


LINKS = {
    one: {"operationId": one, "parameters": {"number": "$response.body#/id"}}
    for one in (
        "getWebhook", "changeWebhook", "removeWebhook", "renewWebhookSecret", "pingWebhook",
        "listDeliveries",
    )
}  # fmt: skip


def about(summary: str, **more: Any) -> Operation:
    """Return what an operation on webhooks is, and who may."""
    return Operation("webhooks:write", summary, "Webhooks", **more)


@blueprint.get("/webhooks")
@blueprint.input(WebhooksIn, location="query", arg_name="wanted", unknown=RAISE)
@blueprint.output(WebhooksOut)
@operation(about("Subscriptions", lasting=True, example={"webhooks": [HOOK], "next": None}))
def list_webhooks(wanted: dict[str, Any]) -> Any:
    """List the subscriptions that lie in what the key may see, by id, page by page."""
    after, limit = number_of(wanted["cursor"]), wanted["limit"]
    shown, last = page(webhooks.listed(sight(), services().clock(), after, limit + 1), limit)
    cursor = None if last is None else str(last.id)
    return linked({"webhooks": [_told(one) for one in shown], "next": cursor}, cursor)


@blueprint.post("/webhooks")
@blueprint.input(WebhookIn, arg_name="said")
@blueprint.output(WebhookSecretOut, status_code=201, description="The subscription is made")
@operation(
    about("Subscribe", answers={404: NO_UNIT, 409: FULL}, once=True, example=SECRET, links=LINKS)
)
def add_webhook(said: dict[str, Any]) -> Any:
    """Subscribe to events. The secret in the answer is shown here and never again.

    An event is sent as `POST` to the address, signed by the Standard Webhooks scheme. Whatever is
    not taken with a 2xx is tried again for three days, ever more seldom; then it is dead, and can
    be sent again by hand.
    """

    def add() -> Done:
        wish, now = _wish(said), services().clock()
        try:
            number, secret = webhooks.add(wish, now, caller().actor)
        except TooMany as error:
            raise _full(error) from None
        body = {**_told(subscription(number)), "secret": secret}
        return Done(body, 201, f"/api/v1/webhooks/{number}")

    return once(add)


@blueprint.get("/webhooks/<int:number>")
@blueprint.output(WebhookOut)
@operation(about("A subscription", answers=GONE, lasting=True, example=HOOK))
def get_webhook(number: int) -> Any:
    """Return one subscription, without its secret."""
    return _told(subscription(number))


@blueprint.put("/webhooks/<int:number>")
@blueprint.input(WebhookChangeIn, arg_name="said")
@blueprint.output(WebhookOut)
@operation(
    about(
        "Change a subscription",
        answers={
            404: "There is no such webhook or unit in what the key may see",
            409: "It has another version by now: somebody else has changed it; or another made it; "
            "or the branch that it would go to has no place for one more",
        },
        once=True,
        example={**HOOK, "version": 2},
    )
)
def change_webhook(number: int, said: dict[str, Any]) -> Any:
    """Change a subscription as a whole; its secret stays."""

    def change() -> Done:
        own(number)
        wish = _wish(said)
        try:
            webhooks.change(number, said["version"], wish, services().clock(), caller().actor)
        except Stale:
            raise Problem(
                409,
                f"version: is {subscription(number).version} by now; read it again, then change it",
            ) from None
        except TooMany as error:
            raise _full(error) from None
        return Done(_told(subscription(number)))

    return once(change)


@blueprint.delete("/webhooks/<int:number>")
@blueprint.output({}, status_code=204, description="It is gone")
@operation(about("End a subscription", answers={**GONE, 409: OTHERS}, once=True))
def remove_webhook(number: int) -> Any:
    """End a subscription; what was not delivered by now is not sent any more."""

    def remove() -> Done:
        own(number)
        webhooks.remove(number, services().clock(), caller().actor)
        return Done({}, 204)

    _, status, headers = once(remove)
    return Response(status=status, headers=headers)


@blueprint.post("/webhooks/<int:number>/secret")
@blueprint.output(WebhookSecretOut)
@operation(about("A new secret", answers={**GONE, 409: OTHERS}, once=True, example=SECRET))
def renew_webhook_secret(number: int) -> Any:
    """Give a subscription a new secret, shown here and never again.

    For a day both sign what is sent, the new one first: the receiver has time to change over.
    """

    def renew() -> Done:
        own(number)
        secret = webhooks.renew_secret(number, services().clock(), caller().actor)
        return Done({**_told(subscription(number)), "secret": secret})

    return once(renew)


def subscription(number: int) -> Listed:
    """Return a subscription that the key may see; raises the problem 404 where there is none."""
    found = webhooks.one(min(number, HIGHEST), sight(), services().clock())
    if found is None:
        raise Problem(404, "there is no such webhook")
    return found


def own(number: int) -> Listed:
    """Return a subscription of the key's own.

    To change another's would be to act in its name, to end it to keep others from being told.

    Raises:
        Problem: 404, there is none; 409, another made it.
    """
    found = subscription(number)
    if found.created_by != caller().actor:
        raise Problem(409, "only who made this subscription may change, use or end it")
    return found


def _full(error: TooMany) -> Problem:
    if error.whose == "key":
        return Problem(409, f"this API key has {MOST} subscriptions already; end one")
    return Problem(
        409,
        f"this branch has {MOST - FOR_PEOPLE} subscriptions or more already, and the last "
        f"{FOR_PEOPLE} places are kept for people; let who made one that nobody needs end it",
    )


def _wish(said: Mapping[str, Any]) -> Wish:
    try:
        check(parsed(said["url"]), services().settings.webhooks)
    except TargetError as error:
        raise wrong("body", "url", str(error)) from None
    events = tuple(event for event in SUBSCRIBABLE if event in said["events"])
    for scope in sorted(frozenset().union(*(TELLS[event] for event in events))):
        demand(scope)  # nobody is told unasked what they may not read
    return Wish(said["url"], events, _unit(said["unit"]), said["active"], said["note"] or "")


def _unit(code: str | None) -> int | None:
    """Return the row of a branch's top: of the one asked for, else of the key's own."""
    if code is None:
        return caller().unit
    unit = access.tree().by_code(code)
    if unit is None or not sight().covers(unit.id):
        raise Problem(404, f"there is no unit {code}")
    return unit.id


def _told(one: Listed) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "events": list(one.events),
        "unit": one.unit,
        "active": one.active,
        "note": one.note or None,
        "created_at": moment(one.created_at),
        "created_by": one.created_by,
        "version": one.version,
        "stopped": one.stopped,
    }
