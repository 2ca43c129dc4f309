"""A small OpenID Connect provider over real HTTP, that can be told to lie.

Its keys are made with joserfc; what it says is in `Provider.claims` and may be bent by a test.
"""

import base64
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "hailong", "a secret that only the two know"

Bend = Callable[[dict[str, Any]], None]


@dataclass
class Provider:
    """The provider: who signs in there, and how its tokens are bent.

    Attributes:
        person: what it says of whoever comes.
        bend: changes the claims of a token before it is signed.
        signed_in_at: when the person last showed who they are, in Unix seconds.
        sign: makes a token of claims; by default with the provider's own key.
    """

    now: Callable[[], int]
    person: dict[str, Any] = field(default_factory=dict)
    bend: Bend = lambda _claims: None
    sign: Callable[["Provider", dict[str, Any]], str] | None = None
    signed_in_at: int | None = None
    issuer_told: str | None = None
    without_token: bool = False
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "1"}))
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer_told or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["ES256", "HS256", "none"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser is sent back to, with a code."""
        self.asked.append(query)
        if self.signed_in_at is None or "login" in query.get("prompt", ""):
            self.signed_in_at = self.now()
        code = token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        wanted = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != f"Basic {wanted}" or not proven(asked, form):
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": token_urlsafe(8), "token_type": "Bearer", "expires_in": 60}
        return 200, answer if self.without_token else {**answer, "id_token": self._token(asked)}

    def _token(self, asked: dict[str, str]) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": self.now(),
            "exp": self.now() + 300,
            "nonce": asked["nonce"],
            "auth_time": self.signed_in_at,
            **self.person,
        }
        self.bend(claims)
        return self.sign(self, claims) if self.sign else signed(self, claims)

    def _handler(provider) -> type[BaseHTTPRequestHandler]:  # beside the handler's
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, query = urlsplit(self.path).path, urlsplit(self.path).query
                if path == "/.well-known/openid-configuration":
                    self._json(200, provider.metadata())
                elif path == "/keys":
                    self._json(200, {"keys": [provider.key.as_dict(private=False)]})
                else:
                    self.send_response(302)
                    plain = {key: value[0] for key, value in parse_qs(query).items()}
                    self.send_header("Location", provider.authorize(plain))
                    self.end_headers()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {key: value[0] for key, value in parse_qs(body).items()}
                self._json(*provider.token(form, self.headers.get("Authorization", "")))

            def _json(self, status: int, data: dict[str, Any]) -> None:
                body = json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_words: object) -> None:
                pass

        return Handler


def signed(provider: Provider, claims: dict[str, Any]) -> str:
    """Return a token as an honest provider signs it."""
    return jwt.encode({"alg": "ES256", "kid": "1"}, claims, provider.key)


def by_another_key(_provider: Provider, claims: dict[str, Any]) -> str:
    """Return a token that somebody else has signed under the provider's key's name."""
    return jwt.encode({"alg": "ES256", "kid": "1"}, claims, ECKey.generate_key("P-256"))


def by_public_key_as_secret(provider: Provider, claims: dict[str, Any]) -> str:
    """Return a token whose "signature" everybody can make: the public key taken as a secret."""
    public = json.dumps(provider.key.as_dict(private=False)).encode()
    return jwt.encode({"alg": "HS256", "kid": "1"}, claims, OctKey.import_key(public))


def by_client_secret(_provider: Provider, claims: dict[str, Any]) -> str:
    """Return a token signed by the secret that is shared."""
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET.encode()))


def unsigned(_provider: Provider, claims: dict[str, Any]) -> str:
    """Return a token that says of itself that it needs no signature."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def _part(data: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


def proven(asked: dict[str, str], form: dict[str, str]) -> bool:
    """Tell whether who brings the code is who began (PKCE)."""
    digest = sha256(form.get("code_verifier", "").encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=") == asked.get("code_challenge")
