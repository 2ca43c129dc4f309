"""What terminals should hear: wished by whoever knows, signed and published by ingest.

Of each kind the last wish alone counts; commands, of which each counts, are in `commands`.

A wish is a row, written in the transaction that made it necessary. Ingest notices it within 100 ms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fleet_server.store.database import rows
from fleet_server.store.models import Downlink, Terminal
from wire.topics import parse, topic

Kind = Literal["ticket", "config"]
Leaf = Literal["ticket", "config", "command", "receipt"]
RECEIPT = "receipt"
"""The kind of a row that holds a receipt, which is signed already."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One row: what a terminal should hear, and the signed object once there is one.

    Attributes:
        changed: grows with each wish.
        signed: the wish that ``token`` stands for.
    """

    id: int
    topic: str
    kind: Leaf
    dev: str
    body: Mapping[str, Any]
    changed: int
    signed: int
    token: str | None


@dataclass(frozen=True, slots=True)
class Configured:
    """The last configuration wished for a terminal.

    Attributes:
        answer: What the terminal said of this very one (``applied``, ``reason``); None before.
    """

    version: int
    settings: Mapping[str, Any]
    answer: Mapping[str, Any] | None


_COLUMNS = (
    Downlink.id,
    Downlink.topic,
    Downlink.kind,
    Downlink.dev,
    Downlink.body,
    Downlink.changed,
    Downlink.signed,
    Downlink.token,
)


def want(dev: str, kind: Kind, body: Mapping[str, Any]) -> None:
    """Wish that terminal ``dev`` hears this; it replaces the last wish of its kind.

    To be called in a write transaction.

    Args:
        dev: terminal id.
        kind: the leaf of the topic.
        body: the fields of `wire.down.CurrentTicket` or `Config`, without ``dev``,
            ``n`` and ``iat``, which ingest adds when it signs.
    """
    Downlink.insert(topic=topic(dev, kind), kind=kind, dev=dev, body=dict(body)).on_conflict(
        conflict_target=[Downlink.topic],
        update={Downlink.body: dict(body), Downlink.changed: Downlink.changed + 1},
    ).execute()


def deliver(where: str, token: str) -> None:
    """Have ingest publish a receipt that another process signed. In a write transaction."""
    row = {"kind": RECEIPT, "dev": parse(where).dev, "body": {}, "token": token}
    Downlink.insert(topic=where, signed=1, **row).on_conflict(
        conflict_target=[Downlink.topic],
        update={
            Downlink.token: token,
            Downlink.changed: Downlink.changed + 1,
            Downlink.signed: Downlink.changed + 1,
        },
    ).execute()


def due(_now: int) -> list[Wish]:
    """Return the wishes that are not published yet, in the order of their rows."""
    query = Downlink.select(*_COLUMNS).where(Downlink.changed > Downlink.published)
    return [Wish(*row) for row in rows(query.order_by(Downlink.id))]


def lasting() -> list[Wish]:
    """Return all that a broker should hold retained, for a broker that may have lost it.

    Receipts are not among them: newer ones may have been published without a row.
    """
    query = Downlink.select(*_COLUMNS).where(Downlink.kind != RECEIPT)
    return [Wish(*row) for row in rows(query.order_by(Downlink.id))]


def sealed(wish: Wish, n: int, token: str) -> None:
    """Keep the signed object of a wish. To be called in a write transaction."""
    Downlink.update(n=n, token=token, signed=wish.changed).where(Downlink.id == wish.id).execute()


def published(wishes: Iterable[Wish], _now: int) -> None:
    """Remember what the broker was given. A later wish of the same topic stays due."""
    for wish in wishes:
        Downlink.update(published=wish.changed).where(Downlink.id == wish.id).execute()


def sign_again(dev: str) -> None:
    """Let a terminal's objects be signed with higher numbers. To be called in a write transaction.

    Not its ticket: an old one must not come back in the place of one that the terminal knows.
    """
    Downlink.update(published=0, signed=0).where(
        Downlink.dev == dev, Downlink.kind == "config"
    ).execute()


def answered(dev: str, kind: Kind, n: int, answer: Mapping[str, Any]) -> bool:
    """Keep a terminal's answer to object ``n``; False if another was sent since."""
    return bool(
        Downlink.update(acked=n, answer=dict(answer))
        .where(Downlink.dev == dev, Downlink.kind == kind, Downlink.n == n)
        .execute()
    )


def awaited() -> list[tuple[str, int, Mapping[str, Any]]]:
    """Return terminal, number and body of the configurations that were published, not answered."""
    query = Downlink.select(Downlink.dev, Downlink.n, Downlink.body).where(
        Downlink.kind == "config",
        Downlink.published == Downlink.changed,
        Downlink.acked.is_null() | (Downlink.acked != Downlink.n),
    )
    return [(dev, n, body) for dev, n, body in rows(query.order_by(Downlink.id))]


def configuration(dev: str) -> Configured | None:
    """Return the configuration wished for a terminal, and what it answered."""
    row = Downlink.get_or_none(Downlink.dev == dev, Downlink.kind == "config")
    if row is None:
        return None
    answer = row.answer if row.acked == row.n and row.signed == row.changed else None
    return Configured(int(row.body["version"]), row.body["settings"], answer)


def configure(dev: str, settings: Mapping[str, Any], known: int) -> int:
    """Wish that a terminal is configured so; return the version, above all before.

    To be called in a write transaction.

    Args:
        dev: terminal id.
        settings: tables of the terminal's policy.
        known: the version that the terminal says it applied; a restored server may have forgotten.
    """
    last = configuration(dev)
    version = max(last.version if last else 0, known) + 1
    want(dev, "config", {"version": version, "settings": dict(settings)})
    return version


def audience() -> list[str]:
    """Return the terminals that hear the key list: all that are not retired."""
    query = Terminal.select(Terminal.id).where(Terminal.retired_at.is_null()).order_by(Terminal.id)
    return [terminal for (terminal,) in rows(query)]
