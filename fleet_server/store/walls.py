"""Links that open a wall screen: made, ended, and looked up. Of a token only its hash is kept."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from peewee import JOIN

from fleet_server.core.vouching import Stopped
from fleet_server.store import audit_log, vouching
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Unit, WallLink
from fleet_server.store.vouching import Made

TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the list of links shows it.

    Attributes:
        id: its number.
        name: where the screen hangs.
        unit: the branch that it shows, or None for everything.
        unit_name: that unit's name.
        created_at: Unix milliseconds.
        created_by: who made it.
        expires_at: Unix milliseconds; from then on it opens nothing.
        ended_at: when somebody ended it before.
        stopped: why nobody answers for it any more.
    """

    id: int
    name: str
    unit: int | None
    unit_name: str | None
    created_at: int
    created_by: str
    expires_at: int
    ended_at: int | None
    stopped: Stopped | None = None

    def opens(self, now: int) -> bool:
        """Tell whether it still opens its screen."""
        return self.is_valid(now) and self.stopped is None

    def is_valid(self, now: int) -> bool:
        """Tell whether it has neither expired nor been ended."""
        return self.ended_at is None and now < self.expires_at


def add(name: str, unit: int | None, expires_at: int, actor: str, now: int) -> str:
    """Make a link, and return its token, which is told only this once.

    Args:
        name: where the screen hangs.
        unit: the branch that it shows, or None for everything.
        expires_at: Unix milliseconds.
        actor: who makes it.
        now: Unix milliseconds.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with writing():
        row = WallLink.create(
            name=name,
            token_sha256=_digest(token),
            unit=unit,
            created_at=now,
            created_by=actor,
            expires_at=expires_at,
        )
        details = {"name": name, "unit": unit, "expires_at": expires_at}
        audit_log.note(actor, "wall.add", f"wall:{row.id}", details, at=now)
    return token


def end(link: int, actor: str, now: int) -> bool:
    """End a link; return False if it had ended before."""
    with writing():
        query = WallLink.update(ended_at=now).where(
            WallLink.id == link, WallLink.ended_at.is_null()
        )
        if not query.execute():
            return False
        audit_log.note(actor, "wall.end", f"wall:{link}", at=now)
        return True


def take_over(link: int, actor: str, now: int) -> None:
    """Let somebody answer for a link from now on, so that its screen goes on."""
    with writing():
        _row, details = vouching.take_over(WallLink, link, actor)
        audit_log.note(actor, "wall.take_over", f"wall:{link}", details, at=now)


def listed(now: int) -> list[Link]:
    """Return all links as they stand now, the newest first."""
    return _read(_links().order_by(WallLink.id.desc()), now)


def one(link: int, now: int) -> Link | None:
    """Return a link by its number."""
    return next(iter(_read(_links().where(WallLink.id == link), now)), None)


def by_token(token: str, now: int) -> Link | None:
    """Return the link that a token belongs to, whether it still opens anything or not."""
    wanted = WallLink.token_sha256 == _digest(token)
    return next(iter(_read(_links().where(wanted), now)), None)


def _read(query: Any, now: int) -> list[Link]:
    held = [Link(*row) for row in rows(query)]
    return vouching.judged(held, lambda one: Made(one.created_by, one.unit, one.created_at), now)


def _links() -> Any:
    columns = (
        WallLink.id, WallLink.name, WallLink.unit, Unit.name, WallLink.created_at,
        WallLink.created_by, WallLink.expires_at, WallLink.ended_at,
    )  # fmt: skip
    return WallLink.select(*columns).join(Unit, JOIN.LEFT_OUTER)


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
