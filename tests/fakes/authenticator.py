"""A passkey in software: what a browser sends when somebody uses it (WebAuthn level 2)."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

from fleet_server.store.accounts import Passkey

PRESENT_AND_VERIFIED = 0x05
_OPTIONS = re.compile(r'data-passkey="([^"]+)"')
_ACTION = re.compile(r'action="(/login/passkey/[^"]+)"')


@dataclass
class Authenticator:
    """A key of ES256 that checks who holds it."""

    number: bytes = b"software passkey"
    origin: str = "http://127.0.0.1:8080"
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def register(self, user: int, usage: str = "first") -> None:
        """Put the key into the table, as if it had been set up."""
        point = self.key.public_key().public_numbers()
        x, y = point.x.to_bytes(32), point.y.to_bytes(32)
        Passkey.insert(
            user=user,
            credential_id=self.number,
            public_key=cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}),
            name="Software",
            lastuse_datetime=datetime(2026, 11, 22, tzinfo=UTC),
            usage=usage,
        ).execute()

    def use(self, options: dict[str, Any]) -> str:
        """Return the browser's answer to what the server asks."""
        said = {"type": "webauthn.get", "challenge": options["challenge"], "origin": self.origin}
        client = json.dumps(said).encode()
        about = sha256(options["rpId"].encode()).digest()
        data = about + bytes([PRESENT_AND_VERIFIED]) + (1).to_bytes(4)
        signed = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        number = bytes_to_base64url(self.number)
        return json.dumps({
            "id": number,
            "rawId": number,
            "type": "public-key",
            "response": {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signed),
            },
        })  # fmt: skip

    def answer(self, page: str) -> tuple[str, dict[str, str]]:
        """Return where a page that asks for a key has it sent, and the form."""
        options, action = _OPTIONS.search(page), _ACTION.search(page)
        assert options, page
        assert action, page
        return unescape(action[1]), {"credential": self.use(json.loads(unescape(options[1])))}
