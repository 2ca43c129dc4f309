"""Lists that somebody sent and has yet to confirm: in the database, one for each person.

Nothing of them is a file on the disk, and the server that shows a list is sure to find it again.
"""

import hashlib
import secrets
from dataclasses import dataclass

from fleet_server.store.database import writing
from fleet_server.store.models import ImportDraft
from fleet_server.store.records import raw_bytes

LIFE_MS = 3_600_000
"""How long a list waits to be confirmed."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A list as it was sent."""

    token: str
    name: str
    sha256: str
    content: bytes


def keep(actor: str, name: str, content: bytes, now: int) -> str:
    """Keep a list, in the place of the one that this person sent before; return its token."""
    token = secrets.token_urlsafe(24)
    with writing():
        drop(actor, now)
        ImportDraft.create(
            token=token, actor=actor, name=name, content=content, expires_at=now + LIFE_MS,
            sha256=hashlib.sha256(content).hexdigest(),
        )  # fmt: skip
    return token


def find(actor: str, token: str, now: int) -> Draft | None:
    """Return a list that this person sent, while it is kept."""
    row = ImportDraft.get_or_none(
        ImportDraft.token == token, ImportDraft.actor == actor, ImportDraft.expires_at > now
    )
    if row is None:
        return None
    return Draft(row.token, row.name, row.sha256, raw_bytes(row.content))


def drop(actor: str, now: int) -> None:
    """Forget a person's list, and all that were kept for too long; in a write transaction."""
    mine, old = ImportDraft.actor == actor, ImportDraft.expires_at <= now
    ImportDraft.delete().where(mine | old).execute()
