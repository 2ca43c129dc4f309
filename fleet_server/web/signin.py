"""Sign-in: passwords under Argon2, sessions that end, and a brake on guessing."""

import re
import unicodedata
from datetime import timedelta
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from flask import Flask, abort, current_app, g, request, session
from flask_babel import lazy_gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import PasswordUtil, Security, current_user, hash_password, logout_user
from flask_security.forms import LoginForm
from wtforms import EmailField, PasswordField
from wtforms.validators import Length

from fleet_server.store.users import datastore

SESSION_LIFE = timedelta(hours=12)
"""Counted from the sign-in: a working day, whatever was clicked meanwhile."""

HASHING = {"argon2__rounds": 3, "argon2__memory_cost": 65_536, "argon2__parallelism": 2}
"""The cost of Argon2id: 64 MiB, three passes, twice what RFC 9106 and OWASP ask at least."""

AT_ONCE = 2
"""Passwords checked at the same time. The limits below count a try when it has failed: without this
a burst of them would take 64 MiB each before the first was counted."""

PATIENCE_S = 2.0
"""How long a sign-in waits for its turn."""

TRIES_FOR_ACCOUNT = "5 per minute; 50 per hour"
TRIES_FROM_ADDRESS = "30 per minute; 300 per hour"
AGE_KEY = "signed_in_at"
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")


def normalised_text(value: str | None) -> str:
    """Return a text from a form without what is invisible around it."""
    return unicodedata.normalize("NFC", value or "").strip()


class SignInForm(LoginForm):
    """E-mail and password; every failure has the same words, so that nothing is given away."""

    email = EmailField(
        lazy_gettext("E-mail"), filters=[normalised_text], validators=[Length(max=254)]
    )
    password = PasswordField(lazy_gettext("Password"), validators=[Length(max=1024)])
    remember = None

    def validate(self, **kwargs: Any) -> bool:
        """Check the sign-in, and replace whatever was wrong with one message."""
        self.password.data = self.password.data or ""
        if super().validate(**kwargs):
            return True
        for field in self:
            field.errors = []
        self.form_errors = [
            lazy_gettext("This e-mail and password don't fit together. Please check both.")
        ]
        return False


def config(secret: str, salt: str, secure: bool) -> dict[str, object]:
    """Return the settings of session, CSRF and Flask-Security.

    Args:
        secret: signs sessions and CSRF tokens.
        salt: goes into every password's hash.
        secure: pages are reached over https, so cookies may demand it.
    """
    return {
        "SECRET_KEY": secret,
        "SESSION_COOKIE_NAME": "hailong",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFE,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "WTF_CSRF_TIME_LIMIT": None,  # the session's end is the token's end
        "WTF_CSRF_SSL_STRICT": secure,
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "RATELIMIT_STORAGE_URI": "memory://",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": HASHING,
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        "SECURITY_PASSWORD_SALT": salt,
        "SECURITY_LOGIN_USER_TEMPLATE": "signin.html",
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_FRESHNESS": timedelta(minutes=-1),  # nothing asks for the password again yet
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": normalised_email, "case_insensitive": True}}
        ],
    }


def init_app(app: Flask) -> Limiter:
    """Add sign-in, sign-out and the brake on guessing."""
    Security(app, datastore(), login_form=SignInForm)
    app.login_manager.request_loader(_no_tokens)  # type: ignore[attr-defined]  # set by Security
    app.before_request(_end_old_session)
    limiter = Limiter(get_remote_address, app=app, headers_enabled=False)
    view: Any = _in_turn(app.view_functions["security.login"])
    for tries, key in ((TRIES_FOR_ACCOUNT, _account), (TRIES_FROM_ADDRESS, get_remote_address)):
        limit = limiter.limit(tries, key_func=key, methods=["POST"], deduct_when=_failed)
        view = limit(view)
    app.view_functions["security.login"] = view
    return limiter


def _in_turn(view: Any) -> Any:
    """Let few passwords be checked at once; whoever has waited too long is told to come again."""
    room = BoundedSemaphore(AT_ONCE)

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


def hashed(password: str) -> str:
    """Return what is stored of a password; needs an app context for the salt."""
    return str(hash_password(PasswordUtil(current_app).normalize(password)))


def normalised_email(value: object) -> str | None:
    """Return an e-mail address as it is stored, or None if it can be none.

    Names such as ``nam@office.local`` are fine: nothing is sent there, it is who somebody is.
    """
    text = normalised_text(str(value))
    return text if EMAIL.fullmatch(text) and text.isprintable() else None


def _no_tokens(_request: object) -> None:
    """Find nobody: people have sessions, programs have API keys.

    The library's own loader reads every body as JSON, without a limit, to look for a token.
    """


def _account() -> str:
    # By address too: else anybody could lock somebody else out by guessing on purpose.
    return f"{get_remote_address()} {request.form.get('email', '').strip().lower()[:254]}"


def _failed(response: Any) -> bool:
    return bool(response.status_code != 302)


def _end_old_session() -> None:
    """End a session whose sign-in is too long ago; remember when a new one began."""
    if not current_user.is_authenticated:
        session.pop(AGE_KEY, None)
        return
    began = session.setdefault(AGE_KEY, g.now)
    session.permanent = True
    if not 0 <= g.now - began < SESSION_LIFE / timedelta(milliseconds=1):
        logout_user()
        session.pop(AGE_KEY, None)
