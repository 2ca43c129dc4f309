"""The way to the provider: Authlib's client, with what it leaves to us made strict.

Authorisation code with PKCE and a nonce. What a token must say is fixed here: the issuer of the
settings, this server as its audience, a signature by a key of the provider.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from joserfc.errors import JoseError

from fleet_server.errors import FleetError
from fleet_server.settings import OidcSection

NAME = "single"
TIMEOUT_S = 10
ALGORITHMS = frozenset(
    ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA", "Ed25519"]
)
"""Signatures that are believed: by the provider's key, never by a secret that is shared."""

AGAIN = {"prompt": "login", "max_age": 0}
"""Have the person sign in there once more. Who sits at the browser can take that out of the
address: only ``auth_time`` tells, which ``max_age`` obliges to send (OpenID Connect Core,
3.1.2.1)."""

LEEWAY_S = 60
FAR_S = 10**11
SUBJECT_MAX = 255


class RefusedError(Exception):
    """The provider can't be reached, or what it says is not to be believed; words for the log."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What is believed of somebody.

    Attributes:
        subject: who it is, for good: issuer and the provider's name of them.
        email: empty unless the provider says that it has checked it.
        shown_at: when they last showed there who they are, in Unix seconds; 0 if it is not said.
    """

    subject: str
    email: str
    name: str
    shown_at: int


class Provider:
    """The provider that the settings name."""

    def __init__(self, app: Flask, section: OidcSection, secret: Path) -> None:
        """Register the client; nothing is asked of the provider yet.

        Raises:
            FleetError: the secret is missing.
        """
        self._issuer, self._client_id = section.issuer, section.client_id
        self._client = OAuth(app).register(
            NAME,
            client_id=section.client_id,
            client_secret=_read(secret),
            server_metadata_url=f"{section.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": TIMEOUT_S,
            },
        )

    def begin(self, back: str, again: bool) -> Any:
        """Return the answer that sends the browser to the provider.

        Args:
            back: address to which it sends the browser back.
            again: have the person show anew who they are, and the token say when that was.

        Raises:
            RefusedError: the provider can't be reached or is another.
        """
        try:
            self._check_metadata()
            return self._client.authorize_redirect(back, **(AGAIN if again else {}))
        except (AuthlibBaseError, requests.RequestException, ValueError, KeyError) as error:
            raise RefusedError(str(error)) from None

    def finish(self) -> Claims:
        """Take the code that the browser brought back, and return who it is.

        Raises:
            RefusedError: anything about it is not as it must be.
        """
        try:
            self._check_metadata()
            token = self._client.authorize_access_token(
                claims_options={
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "nonce": {"essential": True},
                },
                leeway=LEEWAY_S,
            )
        except (AuthlibBaseError, JoseError, requests.RequestException) as error:
            raise RefusedError(f"{type(error).__name__}: {error}") from None
        except (ValueError, KeyError, TypeError, RuntimeError) as error:
            raise RefusedError(f"not an answer of a provider: {error}") from None
        return self._claims(token.get("userinfo"))

    def leave_at(self, back: str) -> str | None:
        """Return the address at which people sign out of the provider, if it has one."""
        try:
            self._check_metadata()
            found = self._client.create_logout_url(back, client_id=self._client_id)
        except (
            RefusedError,
            AuthlibBaseError,
            requests.RequestException,
            RuntimeError,
            ValueError,
        ):
            return None
        return str(found["url"])

    def _check_metadata(self) -> None:
        metadata = self._client.load_server_metadata()
        if metadata.get("issuer") != self._issuer:
            raise RefusedError("the provider names another issuer than the settings")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [
            one for one in offered if one in ALGORITHMS
        ]

    def _claims(self, told: Mapping[str, Any] | None) -> Claims:
        subject = (told or {}).get("sub")
        if told is None or not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_MAX:
            raise RefusedError("no token, or one that names nobody")
        checked = told.get("email_verified") is True
        return Claims(
            subject=f"{self._issuer} {subject}",
            email=str(told.get("email") or "") if checked else "",
            name=str(told.get("name") or "")[:80],
            shown_at=_seconds(told.get("auth_time")),
        )


def _seconds(told: object) -> int:
    return int(told) if isinstance(told, int | float) and 0 < told < FAR_S else 0


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError as error:
        raise FleetError(
            f"{path}: can't be read ({error.strerror}); write there the secret that the provider "
            "of [oidc] gave to this server, or take the section out of fleet.toml"
        ) from None
