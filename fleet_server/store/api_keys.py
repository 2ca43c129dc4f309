"""Keys of the REST interface. A key is shown once; only its SHA-256 is held."""

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256

from fleet_server.store.database import rows, writing
from fleet_server.store.models import ApiKey

PREFIX = "hailong_"
"""What a key begins with, so that a scanner for lost secrets finds it."""

LONGEST = 200
USED_EVERY_MS = 60_000
"""How exactly the last use is noted."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The key that a request carries, as it is known here."""

    id: int
    name: str
    revoked: bool


def digest(key: str) -> str:
    """Return what is held of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def add(name: str, now_ms: int) -> str:
    """Make a key and return it; nobody can read it again.

    Raises:
        ValueError: there is a key of that name that is not revoked.
    """
    key = PREFIX + secrets.token_urlsafe(32)
    with writing():
        if ApiKey.select().where(ApiKey.name == name, ApiKey.revoked_at.is_null()).exists():
            raise ValueError(f"there is a key named {name} already; revoke it or take another name")
        ApiKey.insert(name=name, key_sha256=digest(key), created_at=now_ms).execute()
    return key


def revoke(name: str, now_ms: int) -> None:
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
    if found.revoked_at is None and now_ms - (found.last_used or 0) >= USED_EVERY_MS:
        with writing():
            ApiKey.update(last_used=now_ms).where(ApiKey.id == found.id).execute()
    return Holder(found.id, found.name, found.revoked_at is not None)


def named(name: str) -> int:
    """Return the id of the key of that name that is not revoked.

    Raises:
        ValueError: there is none.
    """
    found = ApiKey.get_or_none(ApiKey.name == name, ApiKey.revoked_at.is_null())
    if found is None:
        raise ValueError(f"there is no key named {name} that is not revoked")
    return int(found.id)


def listed() -> list[tuple[str, int, int | None, int | None]]:
    """Return name, creation, revocation and last use of each key."""
    query = ApiKey.select(ApiKey.name, ApiKey.created_at, ApiKey.revoked_at, ApiKey.last_used)
    return [(row[0], row[1], row[2], row[3]) for row in rows(query.order_by(ApiKey.id))]
