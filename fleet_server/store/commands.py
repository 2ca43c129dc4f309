"""Commands for terminals, and what became of each: rows of their own, kept as history.

Wished by whoever knows, signed and published by ingest, as in `downlink`; but none takes the place
of another.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fleet_server.store import audit_log, changes
from fleet_server.store.database import rows, writing
from fleet_server.store.downlink import Wish
from fleet_server.store.models import Command
from wire.topics import topic


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command as the history has it; times in Unix milliseconds.

    Attributes:
        outcome: None while nobody knows.
        actor: who gave it; empty where that was not kept yet.
    """

    id: int
    name: str
    arguments: Mapping[str, Any]
    ttl_s: int
    wished_at: int
    published_at: int | None
    answered_at: int | None
    outcome: str | None
    details: str | None
    actor: str

    def over_at(self) -> int:
        """Return when it expires, if it has not been begun by then."""
        return (self.published_at or self.wished_at) + self.ttl_s * 1000


_HISTORY = (
    Command.id,
    Command.name,
    Command.arguments,
    Command.ttl_s,
    Command.wished_at,
    Command.published_at,
    Command.answered_at,
    Command.outcome,
    Command.details,
    Command.actor,
)


def wish(
    dev: str, name: str, arguments: Mapping[str, Any], ttl_s: int, now: int, actor: str = "server"
) -> int:
    """Wish that terminal ``dev`` carries this out within ``ttl_s``; return the command's id."""
    given = dict(arguments)
    with writing():
        row = Command.create(
            dev=dev, name=name, arguments=given, ttl_s=ttl_s, wished_at=now, actor=actor
        )
        details = {"name": name, "arguments": given, "ttl_s": ttl_s}
        audit_log.note(actor, "terminal.command", f"terminal:{dev}", details, at=now)
        changes.note(f"terminal:{dev}")
    return int(row.id)


def due(now: int) -> list[Wish]:
    """Return the commands that are not published yet, oldest first; late ones have expired."""
    waiting = Command.select().where(Command.published_at.is_null(), Command.outcome.is_null())
    found: list[Wish] = []
    for row in list(waiting.order_by(Command.id)):
        if now < row.wished_at + row.ttl_s * 1000:
            found.append(_wish(row))
        else:
            with writing():
                _end(row, now, "expired", "it could not be sent in time")
    return found


def sealed(wish: Wish, n: int, token: str) -> None:
    """Keep the signed object of a command. To be called in a write transaction."""
    Command.update(n=n, token=token).where(Command.id == wish.id).execute()


def published(wishes: Iterable[Wish], now: int) -> None:
    """Remember what the broker was given. To be called in a write transaction.

    What could not be signed was given to nobody, and is refused.
    """
    for wish in wishes:
        row = Command.get_by_id(wish.id)
        if row.token is None:
            _end(row, now, "refused", "it cannot be signed; ingest's log says why")
        else:
            Command.update(published_at=now).where(Command.id == wish.id).execute()
        changes.note(f"terminal:{wish.dev}")


def answered(dev: str, n: int, outcome: str, details: str | None, now: int) -> bool:
    """Keep a terminal's answer to command ``n``, the first one; False if there is none to keep."""
    row = Command.get_or_none(Command.dev == dev, Command.n == n, Command.outcome.is_null())
    if row is not None:
        _end(row, now, outcome, details)
    return row is not None


def awaited() -> list[tuple[str, int, str]]:
    """Return terminal, number and name of the commands that were published and not answered."""
    open_ones = Command.published_at.is_null(False), Command.outcome.is_null()
    query = Command.select(Command.dev, Command.n, Command.name).where(*open_ones)
    return [(dev, n, name) for dev, n, name in rows(query.order_by(Command.id))]


def find(command_id: int) -> Commanded | None:
    """Return a command."""
    found = rows(Command.select(*_HISTORY).where(Command.id == command_id))
    return Commanded(*found[0]) if found else None


def history(dev: str, limit: int) -> list[Commanded]:
    """Return the last commands of a terminal, newest first."""
    query = Command.select(*_HISTORY).where(Command.dev == dev)
    return [Commanded(*row) for row in rows(query.order_by(Command.id.desc()).limit(limit))]


def _wish(row: Command) -> Wish:
    body = {"ttl_s": row.ttl_s, "name": row.name, "arguments": row.arguments}
    signed = 0 if row.token is None else 1
    return Wish(row.id, topic(row.dev, "command"), "command", row.dev, body, 1, signed, row.token)


def _end(row: Command, now: int, outcome: str, details: str | None) -> None:
    values = {"outcome": outcome, "details": details, "answered_at": now}
    Command.update(**values).where(Command.id == row.id).execute()
    changes.note(f"terminal:{row.dev}")
