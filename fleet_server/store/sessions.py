"""Who is signed in at which browser, so that each session can be seen and ended by itself."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from fleet_server.store.accounts import User, WebSession
from fleet_server.store.database import rows, writing

SEEN_EVERY_MS = 60_000
"""How exactly the last request is noted."""

ADDRESS_MAX, BROWSER_MAX = 64, 200


@dataclass(frozen=True, slots=True)
class Session:
    """One session; times in Unix milliseconds."""

    id: int
    user: int
    began_at: int
    seen_at: int
    address: str
    browser: str


_COLUMNS = (
    WebSession.id,
    WebSession.user,
    WebSession.began_at,
    WebSession.seen_at,
    WebSession.address,
    WebSession.browser,
)


def begin(user: int, address: str, browser: str, now: int) -> str:
    """Note a new session and return the secret that its cookie carries."""
    token = secrets.token_urlsafe(24)
    with writing():
        WebSession.insert(
            user=user,
            token_sha256=_digest(token),
            began_at=now,
            seen_at=now,
            address=address[:ADDRESS_MAX],
            browser=browser[:BROWSER_MAX],
        ).execute()
    return token


def find(token: str) -> Session | None:
    """Return the session of a cookie, or None if it has ended."""
    query = WebSession.select(*_COLUMNS).where(WebSession.token_sha256 == _digest(token))
    found = rows(query)
    return Session(*found[0]) if found else None


def seen(session: Session, now: int) -> None:
    """Note that a session was used."""
    if now - session.seen_at >= SEEN_EVERY_MS:
        with writing():
            WebSession.update(seen_at=now).where(WebSession.id == session.id).execute()


def of(user: int) -> list[Session]:
    """Return the sessions of a person, the one used last first."""
    query = WebSession.select(*_COLUMNS).where(WebSession.user == user)
    return [
        Session(*row)
        for row in rows(query.order_by(WebSession.seen_at.desc(), WebSession.id.desc()))
    ]


def end(session: int, user: int) -> bool:
    """End a session, if it is the person's; False if it had ended. In a write transaction."""
    chosen = (WebSession.id == session) & (WebSession.user == user)
    return bool(WebSession.delete().where(chosen).execute())


def end_all(user: int, but: int | None = None) -> int:
    """End all sessions of a person, but one if given; return how many. In a write transaction."""
    chosen: Any = WebSession.user == user
    if but is not None:
        chosen &= WebSession.id != but
    else:
        # What the cookies of the library carry too: a session that this table never knew ends.
        User.update(fs_uniquifier=secrets.token_hex(16)).where(User.id == user).execute()
    return int(WebSession.delete().where(chosen).execute())


def _digest(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
