"""Deliveries of events to webhooks: what is due, claiming it, and what became of it.

A delivery is claimed by a conditional update of its time: whoever's update hits the row sends it.
If the sender dies meanwhile, it is due again when the claim is over; so an event may arrive more
than once, and its id tells the receiver.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from peewee import fn

from fleet_server.core.webhooks import Event, next_try
from fleet_server.store import audit_log, webhooks
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Webhook, WebhookDelivery, WebhookEvent
from fleet_server.store.webhooks import Working

CLAIM_MS = 60_000
"""For how long a claim holds: longer than any attempt."""

LONGEST_ERROR = 300
LOOKED_AT = 64
"""Due deliveries that are looked at for one claim."""


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery that was claimed."""

    id: int
    webhook: int
    url: str
    event: str
    body: str
    since: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: an HTTP status, or an error where none was answered."""

    status: int | None
    error: str | None
    took_ms: int

    @property
    def is_taken(self) -> bool:
        """Whether the receiver has it."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery as it is shown."""

    id: int
    event: str
    type: str
    at: int
    state: str
    attempts: int
    next_at: int | None
    tried_at: int | None
    status: int | None
    error: str | None
    took_ms: int | None


def claim(now: int, limit: int, each: int, calls: Mapping[int, int]) -> list[Due]:
    """Claim deliveries that are due, the oldest first.

    Args:
        now: Unix milliseconds.
        limit: how many at most.
        each: how many calls one webhook may get at the same time.
        calls: how many it gets already.
    """
    if limit <= 0:
        return []
    under_way = Counter(calls)
    claimed: list[Due] = []
    free = [one for one in webhooks.working(now) if under_way[one.id] < each]
    for *row, next_at in _due(now, free):
        due = Due(*row)
        if len(claimed) < limit and under_way[due.webhook] < each and _take(due.id, next_at, now):
            under_way[due.webhook] += 1
            claimed.append(due)
    return claimed


def _due(now: int, free: Iterable[Working]) -> list[tuple[Any, ...]]:
    # What may not be told any more waits, and holds up nothing else.
    hooks: dict[frozenset[Event], list[int]] = defaultdict(list)
    for one in free:
        hooks[one.may].append(one.id)
    if not hooks:
        return []
    told = [WebhookEvent.type.in_(sorted(may)) & Webhook.id.in_(ids) for may, ids in hooks.items()]
    due = (WebhookDelivery.state == "waiting") & (WebhookDelivery.next_at <= now)
    query = (
        WebhookDelivery.select(
            WebhookDelivery.id, WebhookDelivery.webhook, Webhook.url, WebhookEvent.id,
            WebhookEvent.body, WebhookDelivery.since, WebhookDelivery.attempts,
            WebhookDelivery.next_at,
        )
        .join(Webhook)
        .switch(WebhookDelivery)
        .join(WebhookEvent)
        .where(due, reduce(or_, told))
        .order_by(WebhookDelivery.next_at, WebhookDelivery.id)
        .limit(LOOKED_AT)
    )  # fmt: skip
    return rows(query)


def _take(delivery: int, next_at: int, now: int) -> bool:
    with writing():
        hit = (
            WebhookDelivery.update(next_at=now + CLAIM_MS)
            .where(
                WebhookDelivery.id == delivery,
                WebhookDelivery.state == "waiting",
                WebhookDelivery.next_at == next_at,
            )
            .execute()
        )
    return bool(hit)


def note(due: Due, outcome: Outcome, now: int, chance: float) -> None:
    """Note what became of an attempt, and when the next one is.

    Args:
        due: what was claimed.
        outcome: what became of it.
        now: Unix milliseconds.
        chance: a random number from 0 up to 1.
    """
    attempts = due.attempts + 1
    later = None if outcome.is_taken else next_try(attempts, due.since, now, chance)
    state = "delivered" if outcome.is_taken else "waiting" if later is not None else "dead"
    with writing():
        WebhookDelivery.update(
            state=state,
            attempts=attempts,
            next_at=now if later is None else later,
            tried_at=now,
            status=outcome.status,
            error=outcome.error[:LONGEST_ERROR] if outcome.error else None,
            took_ms=outcome.took_ms,
        ).where(WebhookDelivery.id == due.id).execute()


def again(delivery: int, webhook: int, now: int, actor: str) -> bool:
    """Send a delivery again from the beginning; False if there is no such one.

    In a write transaction. One that was taken is sent again too: perhaps its receiver lost it.
    """
    hit = (
        WebhookDelivery.update(state="waiting", since=now, attempts=0, next_at=now)
        .where(WebhookDelivery.id == delivery, WebhookDelivery.webhook == webhook)
        .execute()
    )
    if hit:
        details = {"delivery": delivery}
        audit_log.note(actor, "webhook.send_again", f"webhook:{webhook}", details, at=now)
    return bool(hit)


def listed(
    webhook: int, state: str | None = None, before: int = 0, limit: int | None = None
) -> list[Listed]:
    """Return deliveries of a webhook, the newest first, before one; 0 begins with the newest."""
    query = (
        WebhookDelivery.select(
            WebhookDelivery.id, WebhookEvent.id, WebhookEvent.type, WebhookEvent.at,
            WebhookDelivery.state, WebhookDelivery.attempts, WebhookDelivery.next_at,
            WebhookDelivery.tried_at, WebhookDelivery.status, WebhookDelivery.error,
            WebhookDelivery.took_ms,
        )
        .join(WebhookEvent)
        .where(WebhookDelivery.webhook == webhook)
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    )  # fmt: skip
    if state is not None:
        query = query.where(WebhookDelivery.state == state)
    if before:
        query = query.where(WebhookDelivery.id < before)
    return [_listed(row) for row in rows(query)]


def _listed(row: tuple[Any, ...]) -> Listed:
    found = list(row)
    if found[4] != "waiting":
        found[6] = None  # nothing is to come
    return Listed(*found)


def counts(hooks: Collection[int]) -> dict[tuple[int, str], int]:
    """Return how many deliveries each of some webhooks has in each state."""
    query = WebhookDelivery.select(
        WebhookDelivery.webhook, WebhookDelivery.state, fn.COUNT(WebhookDelivery.id)
    ).where(WebhookDelivery.webhook.in_(list(hooks)))
    query = query.group_by(WebhookDelivery.webhook, WebhookDelivery.state)
    return {(webhook, state): number for webhook, state, number in rows(query)}


def failing_since(webhook: int) -> int | None:
    """Return since when each try of a webhook has failed, in Unix milliseconds.

    None where the last was taken, or nothing was tried since.
    """
    of_it = WebhookDelivery.webhook == webhook
    taken = WebhookDelivery.select(fn.MAX(WebhookDelivery.tried_at)).where(
        of_it, WebhookDelivery.state == "delivered"
    )
    failed = of_it & (WebhookDelivery.state != "delivered") & (WebhookDelivery.attempts > 0)
    [(first,)] = rows(
        WebhookDelivery.select(fn.MIN(WebhookDelivery.since)).where(
            failed, WebhookDelivery.since > fn.COALESCE(taken, 0)
        )
    )
    return None if first is None else int(first)


def by_state() -> dict[str, int]:
    """Return how many deliveries there are in each state."""
    query = WebhookDelivery.select(WebhookDelivery.state, fn.COUNT(WebhookDelivery.id))
    return dict(rows(query.group_by(WebhookDelivery.state)))
