"""One-time tokens: 256 random bits, of which the server keeps only the SHA-256."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return a new token, 43 characters of base64url."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return the SHA-256 of a token in hexadecimal, as the registry keeps it.

    A token has 256 random bits, so no slow hash is needed.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, held: str) -> bool:
    """Return whether a token is the one with this digest, in a time that does not tell."""
    return hmac.compare_digest(digest(token), held)
