"""Second factors: the authenticator app and passkeys, on top of Flask-Security's."""

import base64
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from flask import session
from flask_security import Totp, WebauthnUtil, current_user
from passlib.exc import UsedTokenError
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from fleet_server.core import second_factor as core
from fleet_server.core.second_factor import Standing
from fleet_server.store import users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.web.services import services

SINGLE = "single"
"""In the session: the person came by single sign-on, whose provider asks for second factors."""


class App(Totp):
    """Codes of an authenticator app; each works once."""

    def get_last_counter(self, user: Any) -> int | None:
        """Return the number of the code that the person used last."""
        query = User.select(User.tf_last_counter).where(User.id == user.id)
        found: int | None = query.scalar()
        return found

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        """Keep the number of a code.

        Raises:
            UsedTokenError: another request was faster with the same code.
        """
        newer = User.tf_last_counter.is_null() | (User.tf_last_counter < tmatch.counter)
        with writing():
            changed = (
                User.update(tf_last_counter=tmatch.counter)
                .where(User.id == user.id, newer)
                .execute()
            )
        if not changed:
            raise UsedTokenError


class Passkeys(WebauthnUtil):
    """Passkeys for the address that people type, also behind a proxy."""

    def origin(self) -> str:
        """Return scheme, host and port of the pages."""
        parts = urlsplit(services().settings.web.url)
        return f"{parts.scheme}://{parts.netloc}"

    def authenticator_selection(self, _user: Any, usage: str) -> AuthenticatorSelectionCriteria:
        """Ask any kind of key; one that stands alone must check who holds it.

        The key of the machine itself is fine too: an office has few separate ones.
        """
        first = usage == "first"
        return AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED
            if first
            else ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.REQUIRED
            if first
            else UserVerificationRequirement.PREFERRED,
        )

    def user_verification(self, _user: Any, usage: list[str]) -> UserVerificationRequirement:
        """A key that stands for the password and the second factor must check who holds it."""
        if "secondary" in usage:
            return UserVerificationRequirement.PREFERRED
        return UserVerificationRequirement.REQUIRED


def config(secret: str, issuer: str) -> dict[str, object]:
    """Return the settings of second factors.

    Args:
        secret: of the fleet; encrypts the app's secrets and the recovery codes.
        issuer: what the app calls this fleet.
    """
    codes = sha256(f"recovery codes {secret}".encode()).digest()
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # one code earlier or later
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/account/app",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/login/second",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/login/rescue",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "own_app.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "signin/code.html",
        "SECURITY_TWO_FACTOR_SELECT_TEMPLATE": "signin/second.html",
        "SECURITY_TOTP_SECRETS": {"1": secret},
        "SECURITY_TOTP_ISSUER": issuer,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(codes)],
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/account/codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/login/recovery",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "own_codes.html",
        "SECURITY_MULTI_FACTOR_RECOVERY_TEMPLATE": "signin/recovery.html",
        "SECURITY_INPUT_NORMALIZE_FORM": "NFC",
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": issuer,
        "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": True,
        "SECURITY_WAN_ALLOW_AS_MULTI_FACTOR": True,
        "SECURITY_WAN_ALLOW_AS_VERIFY": ["first", "secondary"],
        "SECURITY_WAN_ALLOW_USER_HINTS": False,
        "SECURITY_WAN_REGISTER_URL": "/account/passkeys",
        "SECURITY_WAN_DELETE_URL": "/account/passkeys/remove",
        "SECURITY_WAN_SIGNIN_URL": "/login/passkey",
        "SECURITY_WAN_VERIFY_URL": "/verify/passkey",
        "SECURITY_WAN_POST_REGISTER_VIEW": "/account",
        "SECURITY_WAN_REGISTER_TEMPLATE": "own_passkeys.html",
        "SECURITY_WAN_SIGNIN_TEMPLATE": "signin/passkey.html",
        "SECURITY_WAN_VERIFY_TEMPLATE": "signin/verify_passkey.html",
    }


def has_one(user: Any) -> bool:
    """Tell whether a person is asked for more than the password."""
    secondary = any(key.usage == "secondary" for key in user.webauthn)
    return secondary or bool(user.tf_totp_secret and user.tf_primary_method)


def due_at(user: Any, now: int) -> int | None:
    """Return from when a person needs a second factor, None if they need none."""
    rules = services().settings.sign_in
    grants = users.grants_of(user.id)
    return core.due_at(grants, rules.second_factor, user.second_factor_due, rules.days, now)


def standing(now: int) -> Standing:
    """Return what is asked of the person who is signed in."""
    if session.get(SINGLE):
        return "free"
    due = due_at(current_user, now)
    return "free" if due is None else core.standing(has_one(current_user), due, now)
