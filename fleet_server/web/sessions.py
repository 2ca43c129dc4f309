"""The sessions of people: each has a row of its own, which ends by itself or by hand.

Flask-Security's cookie says who somebody is; ours beside it says which session that is. What the
cookie of an ended session says is believed no more.
"""

import re
from typing import Any

from flask import Flask, g, request, session
from flask_security import (
    current_user,
    logout_user,
    password_changed,
    user_authenticated,
    user_failed_authn,
)

from fleet_server.core.sessions import over
from fleet_server.store import audit_log, sessions
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.web import cookieless, second_factor
from fleet_server.web.services import services

KEY = "session"
"""Where the cookie carries the secret of our row."""

MINUTE_MS = 60_000
WORTH_NOTING = (5, 25, 125, 625, 3125)
"""Wrong tries since the last sign-in after which the audit log says so; else it would be filled."""

SECOND = {
    "security.mf_recovery": "recovery_code",
    "security.wan_signin_response": "passkey",
}
"""By which second factor a sign-in was finished, by the view; else by the app's code."""

_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


def init_app(app: Flask) -> None:
    """Begin and end sessions with the library's sign-ins."""
    app.before_request(check)
    user_authenticated.connect(_begun, app)
    user_failed_authn.connect(_failed, app)
    password_changed.connect(_password_changed, app)


def check() -> None:
    """End a session that is over; note that one is used, unless the page refreshes itself."""
    if cookieless.is_asked():
        return
    if not current_user.is_authenticated:
        session.pop(KEY, None)
        return
    held = sessions.find(str(session.get(KEY, "")))
    idle_ms = services().settings.sign_in.idle_minutes * MINUTE_MS
    if held is None or held.user != current_user.id:
        _leave()
    elif over(held.began_at, held.seen_at, g.now, idle_ms):
        with writing():
            sessions.end(held.id, held.user)
        _leave()
    else:
        g.session = held
        if not request.headers.get("X-Live") and request.endpoint != "live.stream":
            sessions.seen(held, g.now)


def of(user: int) -> list[sessions.Session]:
    """Return the sessions of a person that are not over, the one used last first."""
    idle_ms = services().settings.sign_in.idle_minutes * MINUTE_MS
    return [one for one in sessions.of(user) if not over(one.began_at, one.seen_at, g.now, idle_ms)]


def current() -> int | None:
    """Return the number of the session that asks."""
    return g.session.id if "session" in g else None


def left(number: int, user: Any) -> None:
    """End the session of somebody who signed out."""
    with writing():
        sessions.end(number, user.id)
        _note(user, "session.end")


def browser_name(agent: str) -> str:
    """Return what people call a browser, such as *Firefox, Windows*; else its own words."""
    found = [
        next((name for mark, name in known.items() if re.search(rf"\b{mark}", agent)), None)
        for known in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(one for one in found if one) or agent.strip()[:40]


def _leave() -> None:
    logout_user()
    session.pop(KEY, None)


def _begun(_app: Any, user: Any, authn_via: list[str] | None = None, **_more: Any) -> None:
    """Begin a session with a secret of its own, so that none from before a sign-in is taken on."""
    via = authn_via or ["password", SECOND.get(request.endpoint or "", "code")]
    former = sessions.find(str(session.pop(KEY, "")))
    address = request.remote_addr or ""
    with writing():
        if former is not None:
            sessions.end(former.id, former.user)
        agent = request.headers.get("User-Agent", "")
        session[KEY] = sessions.begin(user.id, address, browser_name(agent), g.now)
        if via != ["change"]:
            _note_sign_in(user, via, address)
    session.permanent = True
    if "oidc" in via:
        session[second_factor.SINGLE] = True
    else:
        session.pop(second_factor.SINGLE, None)


def _note_sign_in(user: Any, via: list[str], address: str) -> None:
    held = User.get_by_id(user.id)
    due = second_factor.due_at(held, g.now)
    User.update(last_sign_in=g.now, failed_sign_ins=0, second_factor_due=due).where(
        User.id == user.id
    ).execute()
    details = {"via": via, "address": address, "failed_before": held.failed_sign_ins}
    _note(user, "session.begin", details)


def _failed(_app: Any, user: Any, auth_type: str, **_more: Any) -> None:
    """Count a wrong try of somebody who is known here; who is not leaves no trace to fill."""
    with writing():
        User.update(failed_sign_ins=User.failed_sign_ins + 1).where(User.id == user.id).execute()
        count = User.get_by_id(user.id).failed_sign_ins
        if count in WORTH_NOTING:
            details = {"count": count, "what": auth_type, "address": request.remote_addr or ""}
            audit_log.note("server", "session.failing", f"person:{user.email}", details, at=g.now)


def _password_changed(_app: Any, user: Any, **_more: Any) -> None:
    with writing():
        held = sessions.find(str(session.get(KEY, "")))
        sessions.end_all(user.id, but=held.id if held else 0)
        _note(user, "password.change")


def _note(user: Any, action: str, details: dict[str, object] | None = None) -> None:
    who = f"person:{user.email}"
    audit_log.note(who, action, who, details, at=g.now)
