"""One-time links: how somebody new, or without a password, gets one without a mail server.

The code is shown once to whoever made it, who hands it over. It works once, for some hours; a
newer one takes the place of the older.
"""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, cast

from fleet_server.store.accounts import OneTimeLink, User
from fleet_server.store.database import rows

Purpose = Literal["invite", "reset"]

LIFE_MS: dict[Purpose, int] = {"invite": 7 * 86_400_000, "reset": 24 * 3_600_000}
"""How long a link works."""

LONGEST = 100


@dataclass(frozen=True, slots=True)
class Link:
    """A link that works."""

    id: int
    user: int
    email: str
    purpose: Purpose
    expires_at: int


def make(user: int, purpose: Purpose, actor: str, now: int) -> str:
    """Make a link's code and return it; earlier ones end. In a write transaction."""
    code = secrets.token_urlsafe(24)
    end(user)
    OneTimeLink.insert(
        user=user,
        purpose=purpose,
        code_sha256=_digest(code),
        created_at=now,
        expires_at=now + LIFE_MS[purpose],
        actor=actor,
    ).execute()
    return code


def find(code: str, now: int) -> Link | None:
    """Return the link of a code; None if there is none, or it was used or has expired."""
    if len(code) > LONGEST:
        return None
    query = OneTimeLink.select(
        OneTimeLink.id, User.id, User.email, OneTimeLink.purpose, OneTimeLink.expires_at
    ).join(User)
    found = rows(
        query.where(
            OneTimeLink.code_sha256 == _digest(code),
            OneTimeLink.used_at.is_null(),
            OneTimeLink.expires_at > now,
            User.active == True,  # noqa: E712  # a column
        )
    )
    if not found:
        return None
    number, user, email, purpose, expires_at = found[0]
    return Link(number, user, email, cast(Purpose, purpose), expires_at)


def use(link: Link, now: int) -> bool:
    """Mark a link as used; False if somebody was faster. In a write transaction."""
    waiting = (OneTimeLink.id == link.id) & OneTimeLink.used_at.is_null()
    return bool(OneTimeLink.update(used_at=now).where(waiting).execute())


def end(user: int) -> None:
    """Let the links of a person work no more. In a write transaction."""
    OneTimeLink.delete().where(OneTimeLink.user == user, OneTimeLink.used_at.is_null()).execute()


def _digest(code: str) -> str:
    return sha256(code.encode("utf-8", "replace")).hexdigest()
