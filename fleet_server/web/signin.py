"""Sign-in: passwords under Argon2, a second factor, sessions that end.

The views are Flask-Security's, the templates and words ours. What it changes is noted in the audit
log in the transaction of the change.
"""

import re
import unicodedata
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_babel import lazy_gettext
from flask_security import (
    PasswordUtil,
    Security,
    current_user,
    hash_password,
    tf_disabled,
    tf_profile_changed,
    wan_deleted,
    wan_registered,
)
from flask_security.forms import LoginForm
from wtforms import EmailField, PasswordField
from wtforms.validators import Length

from fleet_server.core.sessions import LIFE_MS
from fleet_server.store import audit_log
from fleet_server.store.database import writing
from fleet_server.store.users import datastore
from fleet_server.web import local, passwords, second_factor, sessions
from fleet_server.web.second_factor_forms import (
    AppForm,
    ConfirmForm,
    PasskeyForm,
    PasskeyUsedForm,
    RescueForm,
    SecondForm,
)
from fleet_server.web.words.signin import MESSAGES

SESSION_LIFE = timedelta(milliseconds=LIFE_MS)

FRESH = timedelta(minutes=30)
"""How long ago somebody must have shown who they are, at most, before they may do what is
dangerous; each such step gives as much time again."""

HASHING = {"argon2__rounds": 3, "argon2__memory_cost": 65_536, "argon2__parallelism": 2}
"""The cost of Argon2id: 64 MiB, three passes, twice what RFC 9106 and OWASP ask at least."""

EMAIL = re.compile(r"(?!.*=\?)[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]{1,189}")
"""Letters go there: nothing that a mail's header reads as two addresses, or as another text."""

CHANGING = (
    "security.change_password",
    "security.two_factor_setup",
    "security.two_factor_setup_validate",
    "security.two_factor_token_validation",
    "security.mf_recovery",
    "security.mf_recovery_codes",
    "security.wan_register_response",
    "security.wan_delete",
)
"""Views of the library that change something: each in one transaction with its note."""


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
        if super().validate(**kwargs) and local.may_sign_in(self.user):
            return True
        for field in self:
            field.errors = []
        self.form_errors = [
            lazy_gettext("This e-mail and password don't fit together. Please check both.")
        ]
        return False


def config(
    secret: str, salt: str, secure: bool, second: str = "", name: str = "Hailong"
) -> dict[str, object]:
    """Return the settings of session, CSRF and Flask-Security.

    Args:
        secret: signs sessions and CSRF tokens.
        salt: goes into every password's hash.
        secure: pages are reached over https, so cookies may demand it.
        second: encrypts what second factors need.
        name: of the fleet, for authenticator apps and passkeys.
    """
    return {
        "SECRET_KEY": secret,
        "SESSION_COOKIE_NAME": "hailong",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "PERMANENT_SESSION_LIFETIME": SESSION_LIFE,
        # An answer that was on its way, such as a style sheet's, must not bring back the cookie of
        # before a sign-in.
        "SESSION_REFRESH_EACH_REQUEST": False,
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
        "SECURITY_CHANGEABLE": True,
        "SECURITY_CHANGE_URL": "/account/password",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "own_password.html",
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_VERIFY_TEMPLATE": "signin/verify.html",
        "SECURITY_LOGIN_USER_TEMPLATE": "signin.html",
        "SECURITY_FRESHNESS": FRESH,
        "SECURITY_FRESHNESS_GRACE_PERIOD": FRESH,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": normalised_email, "case_insensitive": True}}
        ],
        **second_factor.config(second or secret, name),
        **MESSAGES,
    }


def init_app(app: Flask) -> None:
    """Add sign-in, second factors, sign-out and sessions."""
    security = Security(
        app,
        datastore(),
        login_form=SignInForm,
        two_factor_setup_form=AppForm,
        two_factor_select_form=SecondForm,
        two_factor_rescue_form=RescueForm,
        wan_register_form=PasskeyForm,
        wan_signin_response_form=PasskeyUsedForm,
        verify_form=ConfirmForm,
        password_util_cls=passwords.Passwords,
        totp_cls=second_factor.App,
        webauthn_util_cls=second_factor.Passkeys,
    )
    security.verify_context_processor(lambda: {"may_confirm": local.may_sign_in(current_user)})
    security.want_json(lambda _request: False)  # programs have API keys and their own interface
    app.login_manager.request_loader(_no_tokens)  # type: ignore[attr-defined]  # set by Security
    app.view_functions["security.two_factor_rescue"] = lambda: abort(404)  # it would send mail
    code = "security.two_factor_token_validation"
    app.view_functions[code] = _half_signed_in_only(app.view_functions[code])
    sessions.init_app(app)
    codes = "security.mf_recovery_codes"
    app.view_functions[codes] = _noting_codes(app.view_functions[codes])
    for endpoint in CHANGING:
        app.view_functions[endpoint] = _in_one(app.view_functions[endpoint])
    app.view_functions["security.logout"] = _noting_sign_out(app.view_functions["security.logout"])
    for signal, tell in (
        (tf_profile_changed, _app_set),
        (tf_disabled, _app_gone),
        (wan_registered, _passkey_set),
        (wan_deleted, _passkey_gone),
    ):
        signal.connect(tell, app)


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


def _in_one(view: Any) -> Any:
    """Run what a view changes, and the note of it, in one transaction."""

    @wraps(view)
    def whole(*args: Any, **more: Any) -> Any:
        if request.method != "POST":
            return view(*args, **more)
        with writing():
            return view(*args, **more)

    return whole


def _half_signed_in_only(view: Any) -> Any:
    """Send who is signed in to their account: the library would sign them out for a mere look."""

    @wraps(view)
    def asked() -> Any:
        if current_user.is_authenticated:
            return redirect(url_for("account.show"))
        return view()

    return asked


def _noting_codes(view: Any) -> Any:
    @wraps(view)
    def noted() -> Any:
        answer = view()
        if request.method == "POST" and isinstance(answer, str):
            _note(current_user, "second_factor.codes")
        return answer

    return noted


def _noting_sign_out(view: Any) -> Any:
    @wraps(view)
    def noted(*args: Any, **more: Any) -> Any:
        who = current_user._get_current_object()
        held = sessions.current()
        answer = view(*args, **more)
        if held is not None and not current_user.is_authenticated:
            sessions.left(held, who)
        return answer

    return noted


def _app_set(_app: Any, user: Any, **_more: Any) -> None:
    _note(user, "second_factor.app")


def _app_gone(_app: Any, user: Any, **_more: Any) -> None:
    _note(user, "second_factor.app_gone")


def _passkey_set(_app: Any, user: Any, name: str, **_more: Any) -> None:
    _note(user, "second_factor.passkey", name=name)


def _passkey_gone(_app: Any, user: Any, name: str, **_more: Any) -> None:
    _note(user, "second_factor.passkey_gone", name=name)


def _note(user: Any, action: str, **details: object) -> None:
    who = f"person:{user.email}"
    audit_log.note(who, action, who, details, at=g.now)
