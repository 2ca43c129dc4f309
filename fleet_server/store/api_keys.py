"""Keys of the REST interface. A key is shown once; only its SHA-256 is held."""

import hmac
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256

from peewee import JOIN

from fleet_server.core.api_scopes import (
    ApiScope,
    Standing,
    checked_scopes,
    read,
    standing,
    written,
)
from fleet_server.core.vouching import Stopped
from fleet_server.store import audit_log, vouching
from fleet_server.store.database import rows, writing
from fleet_server.store.models import ApiKey, Unit
from fleet_server.store.vouching import Made

PREFIX = "hailong_"
"""What a key begins with, so that a scanner for lost secrets finds it."""

LONGEST = 200
USED_EVERY_MS = 60_000
"""How exactly the last use is noted."""

COMMAND_LINE = "hailong-fleet"
"""Who made a key that nobody signed in for."""


class NameTakenError(ValueError):
    """There is a key of that name that is not revoked."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a key is to be.

    Attributes:
        name: who uses it.
        scopes: what it may do.
        unit: code of the unit at the top of its branch, or None for the whole fleet.
        expires_at: when it ends, Unix milliseconds, or None.
        created_by: who makes it.
    """

    name: str
    scopes: Collection[str]
    unit: str | None = None
    expires_at: int | None = None
    created_by: str = COMMAND_LINE


@dataclass(frozen=True, slots=True)
class Holder:
    """The key that a request carries, as it is known here; ``stopped``: nobody answers for it."""

    id: int
    name: str
    scopes: frozenset[ApiScope]
    unit: int | None
    standing: Standing
    stopped: Stopped | None = None

    @property
    def actor(self) -> str:
        """How the audit log names it."""
        return f"key:{self.name}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A key as it is shown to people; ``stopped``: why nobody answers for it."""

    id: int
    name: str
    scopes: frozenset[ApiScope]
    unit_id: int | None
    unit: str | None
    created_at: int
    created_by: str | None
    expires_at: int | None
    revoked_at: int | None
    last_used: int | None
    stopped: Stopped | None = None

    def standing(self, now_ms: int) -> Standing:
        """Say how it stands now."""
        return standing(self.expires_at, self.revoked_at, now_ms)


def digest(key: str) -> str:
    """Return what is held of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def add(new: NewKey, now_ms: int) -> str:
    """Make a key and return it; nobody can read it again.

    Raises:
        NameTakenError: there is a key of that name that is not revoked.
        ValueError: there is no such unit, the scopes don't fit, or it would have expired already.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    scopes = checked_scopes(new.scopes, branch=new.unit is not None)
    if new.expires_at is not None and new.expires_at <= now_ms:
        raise ValueError("a key must expire in the future")
    with writing():
        if ApiKey.select().where(ApiKey.name == new.name, ApiKey.revoked_at.is_null()).exists():
            raise NameTakenError(
                f"there is a key named {new.name} already; revoke it or take another name"
            )
        details = {"scopes": written(scopes), "unit": new.unit, "expires_at": new.expires_at}
        audit_log.note(new.created_by, "key.add", f"key:{new.name}", details, at=now_ms)
        ApiKey.insert(
            name=new.name, key_sha256=digest(key), created_at=now_ms, scopes=written(scopes),
            unit=_unit(new.unit), expires_at=new.expires_at, created_by=new.created_by,
        ).execute()  # fmt: skip
    return key


def _unit(code: str | None) -> int | None:
    if code is None:
        return None
    found = next(iter(rows(Unit.select(Unit.id).where(Unit.code == code))), None)
    if found is None:
        raise ValueError(f"there is no unit {code}")
    return int(found[0])


def revoke(name: str, now_ms: int, actor: str = COMMAND_LINE) -> None:
    """Revoke the key of that name.

    Raises:
        ValueError: there is none, or it is revoked already.
    """
    with writing():
        revoked = (
            ApiKey.update(revoked_at=now_ms)
            .where(ApiKey.name == name, ApiKey.revoked_at.is_null())
            .execute()
        )
        if not revoked:
            raise ValueError(f"there is no key named {name} that is not revoked")
        audit_log.note(actor, "key.revoke", f"key:{name}", at=now_ms)


def holder(key: str, now_ms: int) -> Holder | None:
    """Return whose key this is, or None; note that it was used.

    The key is looked up by its hash, so that the time taken tells nothing about it.
    """
    if len(key) > LONGEST:
        return None
    wanted = digest(key)
    found = next(iter(ApiKey.select().where(ApiKey.key_sha256 == wanted)), None)
    if found is None or not hmac.compare_digest(found.key_sha256, wanted):
        return None
    stands = standing(found.expires_at, found.revoked_at, now_ms)
    usable = stands in ("valid", "soon")
    stopped = vouching.stopped([_made(found)], now_ms)[0]
    if usable and stopped is None and now_ms - (found.last_used or 0) >= USED_EVERY_MS:
        with writing():
            ApiKey.update(last_used=now_ms).where(ApiKey.id == found.id).execute()
    return Holder(found.id, found.name, read(found.scopes), found.unit_id, stands, stopped)


def _made(key: Listed | ApiKey) -> Made:
    return Made(key.created_by or COMMAND_LINE, key.unit_id, key.created_at)


def take_over(number: int, actor: str, now_ms: int) -> None:
    """Let somebody answer for a key from now on, so that it goes on; the key stays the same."""
    with writing():
        row, details = vouching.take_over(ApiKey, number, actor)
        audit_log.note(actor, "key.take_over", f"key:{row.name}", details, at=now_ms)


def listed(now_ms: int) -> list[Listed]:
    """Return all keys as they stand now, the newest first."""
    query = (
        ApiKey.select(
            ApiKey.id, ApiKey.name, ApiKey.scopes, ApiKey.unit, Unit.code, ApiKey.created_at,
            ApiKey.created_by, ApiKey.expires_at, ApiKey.revoked_at, ApiKey.last_used,
        )
        .join(Unit, JOIN.LEFT_OUTER)
        .order_by(ApiKey.id.desc())
    )  # fmt: skip
    held = [Listed(row[0], row[1], read(row[2]), *row[3:]) for row in rows(query)]
    return vouching.judged(held, _made, now_ms)
