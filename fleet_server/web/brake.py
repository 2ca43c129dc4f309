"""The brake on guessing passwords, codes, passkeys and links, and on pages that are open to all."""

from collections.abc import Callable
from functools import partial, wraps
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, abort, request, session
from flask_limiter import Limiter

from fleet_server.web.caller import who

AT_ONCE = 2
"""Passwords checked at the same time. The limits below count a try when it has failed: without this
a burst of them would take 64 MiB each before the first was counted."""

PATIENCE_S = 2.0
"""How long a sign-in waits for its turn."""

TRIES_FOR_ACCOUNT = "5 per minute; 50 per hour"
TRIES_FROM_ADDRESS = "30 per minute; 300 per hour"
TRIES_FOR_CODE = "5 per minute; 20 per hour"
"""For the second factor of one person, from anywhere: whoever gets here has the password, so the
person who is locked out for an hour has something to learn from it."""

SIGN_IN = "security.login"
PASSWORDS = (SIGN_IN, "security.verify", "security.change_password", "links.take")
"""Where a password is hashed."""

SECOND = ("security.two_factor_token_validation", "security.mf_recovery")
"""Where a sign-in is finished by a code. A passkey can't be guessed."""

OTHERS = ("oidc.back",)

MANY, FEW = "120 per minute; 2000 per hour", "20 per minute; 200 per hour"
"""Of what anybody may ask for; a whole office may stand behind one address."""

OPEN = {
    "later.show": MANY,
    "later.rate": MANY,
    "published.index": MANY,
    "published.one": MANY,
    "published.as_csv": FEW,
    "published.as_json": FEW,
}
"""Open data is worked out of all public units at each request that no cache answers."""

BY_PERSON = {"contacts.withdraw": "5 per minute"}
"""Of what somebody who is signed in could try through, such as numbers."""

ONE_BY_ONE = ("security.mf_recovery",)
"""Where two requests at the same moment could use the same thing twice."""


def init_app(app: Flask) -> Limiter:
    """Put the brakes onto the views; after all of them are registered."""
    limiter = Limiter(who, app=app, headers_enabled=False)
    room = BoundedSemaphore(AT_ONCE)
    for endpoint in PASSWORDS:
        _wrap(app, endpoint, partial(_in_turn, room=room))
        _limit(app, limiter, endpoint, TRIES_FOR_ACCOUNT, _account)
    for endpoint in SECOND:
        _limit(app, limiter, endpoint, TRIES_FOR_CODE, _half_signed_in)
    for endpoint in ONE_BY_ONE:
        alone = BoundedSemaphore(1)
        _wrap(app, endpoint, partial(_in_turn, room=alone))
    for endpoint in (*PASSWORDS, *SECOND, *OTHERS):
        _limit(app, limiter, endpoint, TRIES_FROM_ADDRESS, who)
    for endpoint, often in BY_PERSON.items():
        _wrap(app, endpoint, limiter.limit(often, key_func=_person, methods=["POST"]))
    for endpoint, often in OPEN.items():
        _wrap(app, endpoint, limiter.limit(often, key_func=who))
    return limiter


def failed(response: Any) -> bool:
    """Tell whether an answer means that what was tried was wrong: success sends somewhere else."""
    return bool(response.status_code not in (302, 303))


def _limit(app: Flask, limiter: Limiter, endpoint: str, tries: str, key: Callable[[], str]) -> None:
    limit = limiter.limit(
        tries, key_func=key, methods=["GET", "POST"], deduct_when=failed, exempt_when=_only_looks
    )
    _wrap(app, endpoint, limit)


def _only_looks() -> bool:
    return request.method != "POST" and request.endpoint != "oidc.back"


def _wrap(app: Flask, endpoint: str, around: Callable[[Any], Any]) -> None:
    view = app.view_functions.get(endpoint)
    if view is not None:
        app.view_functions[endpoint] = around(view)


def _in_turn(view: Any, room: BoundedSemaphore) -> Any:
    """Let few be checked at once; whoever has waited too long is told to come again."""

    @wraps(view)
    def waiting(*args: Any, **more: Any) -> Any:
        if request.method != "POST":
            return view(*args, **more)
        if not room.acquire(timeout=PATIENCE_S):
            abort(503)
        try:
            return view(*args, **more)
        finally:
            room.release()

    return waiting


def _account() -> str:
    # By address too: else anybody could lock somebody else out by guessing on purpose. Only the
    # sign-in has an e-mail: elsewhere a field of that name would give each try a count of its own.
    if request.endpoint == SIGN_IN:
        return f"{who()} {request.form.get('email', '').strip().lower()[:254]}"
    return f"{who()} {session.get('_user_id', '')}"


def _person() -> str:
    return str(session.get("_user_id") or who())


def _half_signed_in() -> str:
    return str(session.get("tf_user_id") or who())
