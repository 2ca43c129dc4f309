"""The JWTs of NATS' auth callout (ADR-26 of the NATS project): read the question, sign the answer.

NATS signs with NKeys: Ed25519 under a name of its own (``ed25519-nkey``), and a base32 coding of
the keys. Hence no JOSE library here.
"""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any

import nkeys
from cryptography import x509
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from fleet_server.callout.decide import Admitted, Client
from provisioning.broker.nats import ACCOUNT, permissions

MAX_QUESTION = 262_144
_HEADER = {"typ": "JWT", "alg": "ed25519-nkey"}


class BadQuestion(ValueError):
    """What came is not a question of a NATS server."""


@dataclass(frozen=True, slots=True)
class Question:
    """A server asks about a client.

    Attributes:
        server: public key of the server, to whom the answer is addressed.
        user: public key that the server made up for this connection.
        client: who is at the door.
    """

    server: str
    user: str
    client: Client


def read_question(token: bytes) -> Question:
    """Take a question apart and check its server's signature.

    Raises:
        BadQuestion: it is not one.
    """
    try:
        claims = _verified(token)
        asked = claims["nats"]
        info = asked["client_info"]
        return Question(
            server=_text(asked["server_id"]["id"]),
            user=_text(asked["user_nkey"]),
            client=Client(
                client_id=_text(info.get("mqtt_id", "")),
                speaks_mqtt=info.get("type") == "mqtt",
                certificate=_certificate(asked.get("client_tls")),
            ),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, BadSignatureError):
        raise BadQuestion("not a question of a NATS server") from None


def admit(question: Question, admitted: Admitted, account: nkeys.KeyPair, now_s: int) -> bytes:
    """Return the signed answer that lets the client in, with its permissions."""
    user = {
        "aud": ACCOUNT,
        "sub": question.user,
        "name": admitted.name,
        "exp": int(admitted.until.timestamp()),
        "nats": {**permissions(admitted.rules), "type": "user", "version": 2},
    }
    return _answer(question, {"jwt": _signed(user, account, now_s).decode()}, account, now_s)


def refuse(question: Question, reason: str, account: nkeys.KeyPair, now_s: int) -> bytes:
    """Return the signed answer that keeps the client out."""
    return _answer(question, {"error": reason}, account, now_s)


def _answer(
    question: Question, outcome: dict[str, str], account: nkeys.KeyPair, now_s: int
) -> bytes:
    claims = {
        "aud": question.server,
        "sub": question.user,
        "nats": {**outcome, "type": "authorization_response", "version": 2},
    }
    return _signed(claims, account, now_s)


def _signed(claims: dict[str, Any], account: nkeys.KeyPair, now_s: int) -> bytes:
    body = {**claims, "iss": account.public_key.decode(), "iat": now_s}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    body["jti"] = base64.b32encode(digest).decode().rstrip("=")
    signed = _coded(_HEADER) + b"." + _coded(body)
    return signed + b"." + _base64url(account.sign(signed))


def _verified(token: bytes) -> dict[str, Any]:
    if len(token) > MAX_QUESTION:
        raise ValueError("too long")
    signed, _, signature = token.rpartition(b".")
    header, _, body = signed.partition(b".")
    if json.loads(_decoded(header)).get("alg") != _HEADER["alg"]:
        raise ValueError("not signed with an NKey")
    claims: dict[str, Any] = json.loads(_decoded(body))
    VerifyKey(_server_key(_text(claims["iss"]))).verify(signed, _decoded(signature))
    return claims


def _server_key(text: str) -> bytes:
    raw = base64.b32decode(text + "=" * (-len(text) % 8))
    if len(raw) != 35 or raw[0] != nkeys.PREFIX_BYTE_SERVER:
        raise ValueError("not a server's key")
    if nkeys.crc16_checksum(raw[:-2]) != raw[-2:]:
        raise ValueError("checksum")
    return raw[1:33]


def _certificate(tls: Any) -> x509.Certificate | None:
    # Only the chains that the server has verified; "certs" is what the client merely sent.
    chains = (tls or {}).get("verified_chains") or []
    return x509.load_pem_x509_certificate(_text(chains[0][0]).encode()) if chains else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _coded(value: dict[str, Any]) -> bytes:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError("not base64url") from None
