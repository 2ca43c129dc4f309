"""Subscriptions: who wants to hear of which events, and where from."""

import secrets
from dataclasses import dataclass
from typing import Any, Literal

from peewee import JOIN

from fleet_server.core.roles import Scope
from fleet_server.core.vouching import KEY, Stopped
from fleet_server.core.webhooks import (
    FOR_PEOPLE,
    MOST,
    OVERLAP_MS,
    SECRET_BYTES,
    Event,
    secret_bytes,
    secret_text,
    tellable,
)
from fleet_server.store import audit_log, vouching
from fleet_server.store.database import rows
from fleet_server.store.editing import edit
from fleet_server.store.models import Unit, Webhook
from fleet_server.store.pages.within import within
from fleet_server.store.sql import ask
from fleet_server.store.vouching import Made


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscription is to be; ``unit`` is the row of its branch's top, None for all."""

    url: str
    events: tuple[str, ...]
    unit: int | None
    active: bool
    note: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A subscription without its secret; ``stopped``: why nobody answers for it."""

    id: int
    url: str
    events: tuple[str, ...]
    unit_id: int | None
    unit: str | None
    active: bool
    note: str
    created_at: int
    created_by: str
    version: int
    former_until: int | None
    stopped: Stopped | None = None

    @property
    def subject(self) -> str:
        """How the audit log names it."""
        return f"webhook:{self.id}"


class TooMany(Exception):
    """There is no place for one more; ``whose``: of the *key*, or of the *branch*."""

    def __init__(self, whose: Literal["key", "branch"]) -> None:
        """Keep whose."""
        super().__init__(whose)
        self.whose = whose


def add(wish: Wish, now: int, actor: str) -> tuple[int, str]:
    """Make a subscription; return its id and its secret. In a write transaction.

    Raises:
        TooMany: the key or the branch has enough.
    """
    if (
        actor.startswith(KEY)
        and Webhook.select().where(Webhook.created_by == actor).count() >= MOST
    ):
        raise TooMany("key")
    _check_room(wish.unit, actor)
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    row = Webhook.create(
        url=wish.url, events=" ".join(wish.events), unit=wish.unit, active=wish.active,
        note=wish.note, secret=secret, created_at=now, created_by=actor,
    )  # fmt: skip
    audit_log.note(actor, "webhook.add", f"webhook:{row.id}", _told(wish), at=now)
    return int(row.id), secret


def change(webhook: int, version: int, wish: Wish, now: int, actor: str) -> None:
    """Change a subscription that is as somebody read it. In a write transaction.

    Who changes it answers for it from now on: it must not go on in its maker's name to an address
    that its maker has never seen. So it is with `renew_secret`.

    Raises:
        Stale: somebody else has changed it since.
        TooMany: it would go to a branch that has enough.
    """
    if Webhook.select().where(Webhook.id == webhook, _at(wish.unit)).count() == 0:
        _check_room(wish.unit, actor)
    values = {
        "url": wish.url,
        "events": " ".join(wish.events),
        "unit": wish.unit,
        "active": wish.active,
        "note": wish.note,
        "created_by": actor,
    }
    edit(Webhook, webhook, version, values)
    audit_log.note(actor, "webhook.change", f"webhook:{webhook}", _told(wish), at=now)


def _check_room(unit: int | None, actor: str) -> None:
    most = MOST - FOR_PEOPLE if actor.startswith(KEY) else MOST
    if Webhook.select().where(_at(unit)).count() >= most:
        raise TooMany("branch")


def _at(unit: int | None) -> Any:
    return Webhook.unit.is_null() if unit is None else Webhook.unit == unit


def _told(wish: Wish) -> dict[str, object]:
    return {
        "url": wish.url,
        "events": list(wish.events),
        "unit": wish.unit,
        "active": wish.active,
    }


def renew_secret(webhook: int, now: int, actor: str) -> str:
    """Give a subscription a new secret; the former one signs too for `OVERLAP_MS`.

    In a write transaction.
    """
    secret = secret_text(secrets.token_bytes(SECRET_BYTES))
    Webhook.update(
        former_secret=Webhook.secret,
        former_until=now + OVERLAP_MS,
        secret=secret,
        created_by=actor,
    ).where(Webhook.id == webhook).execute()
    audit_log.note(actor, "webhook.renew_secret", f"webhook:{webhook}", at=now)
    return secret


def remove(webhook: int, now: int, actor: str) -> None:
    """Remove a subscription with its deliveries. In a write transaction."""
    Webhook.delete().where(Webhook.id == webhook).execute()
    audit_log.note(actor, "webhook.remove", f"webhook:{webhook}", at=now)


def take_over(webhook: int, actor: str, now: int) -> None:
    """Let somebody answer for a subscription from now on. In a write transaction."""
    _row, details = vouching.take_over(Webhook, webhook, actor)
    audit_log.note(actor, "webhook.take_over", f"webhook:{webhook}", details, at=now)


def listed(scope: Scope, now: int, after: int = 0, limit: int | None = None) -> list[Listed]:
    """Return the subscriptions that lie in a scope as they stand now, by id."""
    query = _rows().where(Webhook.id > after).order_by(Webhook.id).limit(limit)
    return _read(within(query, scope, Webhook.unit), now)


def one(webhook: int, scope: Scope, now: int) -> Listed | None:
    """Return a subscription as it stands now, if it lies in a scope."""
    found = _read(within(_rows().where(Webhook.id == webhook), scope, Webhook.unit), now)
    return found[0] if found else None


def _read(query: Any, now: int) -> list[Listed]:
    held = [_listed(row) for row in rows(query)]
    return vouching.judged(held, lambda one: Made(one.created_by, one.unit_id, one.created_at), now)


@dataclass(frozen=True, slots=True)
class Working:
    """A subscription that is sent to.

    ``may``: the events that whoever answers for it may be told of now; ``unit`` as in `Wish`.
    """

    id: int
    events: frozenset[str]
    may: frozenset[Event]
    unit: int | None


def working(now: int) -> list[Working]:
    """Return the subscriptions that are active, and that somebody answers for."""
    held = ask("SELECT id, events, unit_id, created_by, created_at FROM webhook WHERE active")
    made = [Made(by, unit, at) for _, _, unit, by, at in held]
    return [
        Working(hook, frozenset(events.split()), tellable(vouching.scopes(one)), unit)
        for (hook, events, unit, *_by), one, reason in zip(
            held, made, vouching.stopped(made, now), strict=True
        )
        if reason is None
    ]


def keys_of(webhook: int, now: int) -> list[bytes]:
    """Return what signs a subscription's deliveries: its secret, and one that it replaced."""
    query = Webhook.select(Webhook.secret, Webhook.former_secret, Webhook.former_until)
    found = rows(query.where(Webhook.id == webhook))
    if not found:
        return []
    secret, former, until = found[0]
    held = [secret, former] if former is not None and now < until else [secret]
    return [secret_bytes(text) for text in held]


def _rows() -> Any:
    return Webhook.select(
        Webhook.id, Webhook.url, Webhook.events, Webhook.unit, Unit.code, Webhook.active,
        Webhook.note, Webhook.created_at, Webhook.created_by, Webhook.version,
        Webhook.former_until,
    ).join(Unit, JOIN.LEFT_OUTER)  # fmt: skip


def _listed(row: tuple[Any, ...]) -> Listed:
    number, url, events, *rest = row
    return Listed(number, url, tuple(events.split()), *rest)
