"""Events for webhooks: written in the transaction that they tell of, and one row to send for each.

Where nobody has subscribed to an event, nothing is written. Who may hear of it is decided then and
there, by the branch that a subscription is for and by what whoever answers for it may read.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fleet_server.core.webhooks import Event
from fleet_server.store import places, webhooks
from fleet_server.store.models import WebhookEvent
from fleet_server.store.sql import ask, insert
from wire.fields import format_time
from wire.ids import new_id


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: codes for people, and the row of the unit for who may hear of it."""

    unit_id: int | None = None
    unit: str | None = None
    counter: str | None = None


NOWHERE = Place()


def tell(
    event: Event,
    data: Mapping[str, Any],
    now: int,
    place: Place = NOWHERE,
    natural_key: str | None = None,
    also: tuple[Place, ...] = (),
) -> None:
    """Let everybody who subscribed to an event hear of it. In a write transaction.

    Args:
        event: what kind.
        data: what is told; nothing that a single visit's choice could be read from.
        now: Unix milliseconds.
        place: where it is; a subscription of a branch hears only of what lies in it.
        natural_key: where given, the event is told once: another of this key is left out.
        also: other places that it concerns; each subscription hears of it once.
    """
    hearing = _hearing(event, [one.unit_id for one in (place, *also)], now)
    if hearing and not _is_told(natural_key):
        send(event, data, hearing, now, natural_key)


def send(
    event: Event,
    data: Mapping[str, Any],
    hooks: list[int],
    now: int,
    natural_key: str | None = None,
) -> str:
    """Let some subscriptions hear of an event; return its id. In a write transaction."""
    event_id = f"evt_{new_id()}"
    told = {"type": event, "timestamp": format_time(now), "data": dict(data)}
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    columns = ("id", "type", "at", "natural_key", "body")
    insert("webhook_event", columns, [(event_id, event, now, natural_key, body)])
    fields = ("webhook_id", "event_id", "state", "since", "attempts", "next_at")
    insert(
        "webhook_delivery",
        fields,
        [(webhook, event_id, "waiting", now, 0, now) for webhook in hooks],
    )
    return event_id


def is_awaited(event: Event) -> bool:
    """Whether anybody has subscribed to an event."""
    active = ask("SELECT events FROM webhook WHERE active")
    return any(event in events.split() for (events,) in active)


def _hearing(event: Event, units: Sequence[int | None], now: int) -> list[int]:
    working = webhooks.working(now)
    hooks = [(one.id, one.unit) for one in working if event in one.events & one.may]
    if all(top is None for _, top in hooks):
        return [hook for hook, _ in hooks]
    tree = places.tree()
    above = {node.id for unit in units if unit is not None for node in tree.path(unit)}
    return [hook for hook, top in hooks if top is None or top in above]


def _is_told(natural_key: str | None) -> bool:
    if natural_key is None:
        return False
    query = WebhookEvent.select().where(WebhookEvent.natural_key == natural_key)
    return bool(query.exists())


def place_of(terminal: str | None) -> Place:
    """Return where a terminal is: at a counter, or kept by a unit, or nowhere."""
    if terminal is None:
        return NOWHERE
    found = ask(
        "SELECT u.id, u.code, c.code FROM terminal t LEFT JOIN counter c ON c.id = t.counter_id "
        "LEFT JOIN unit u ON u.id = COALESCE(c.unit_id, t.unit_id) WHERE t.id = ?",
        terminal,
    )
    return Place(*found[0]) if found else NOWHERE


def place_at(unit: int | None) -> Place:
    """Return a unit as a place, by its id; nowhere, for what is the whole fleet's."""
    found = ask("SELECT id, code FROM unit WHERE id = ?", unit)
    return Place(*found[0]) if found else NOWHERE


def unit_of(code: str) -> Place:
    """Return a unit as a place; nowhere, if there is none of this code any more."""
    found = ask("SELECT id, code FROM unit WHERE code = ?", code)
    return Place(*found[0]) if found else NOWHERE
