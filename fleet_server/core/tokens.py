"""The token in a QR on a ticket: it leads to the page on which that ticket, and no other, is rated.

1. A token holds the visit, its end, and a MAC (HMAC-SHA-256, cut to 16 bytes) over both under a
   secret of the server. Nobody can make one or bind it to another visit, and nothing is stored.
2. It is no secret of the citizen's: whoever holds the ticket may rate it, as at the counter. One
   ticket has one rating whoever comes (`channels`), so a token may be used again until it ends.
3. It is checked as a whole: how it is written, then the MAC, in constant time and with each secret
   that is still valid, and only then its end. What is not written as this server writes it is
   malformed, so that one token has one spelling.

Times are Unix milliseconds; an end is a full minute.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

GOOD_FOR_DAYS = 7
"""How many days after its own a ticket may be rated (a setting's default)."""

LEAST_KEY = 16
_MAC_BYTES = 16
_MINUTE_MS = 60_000
_FORM = re.compile(r"([A-Za-z0-9_-]{2,256})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{22})", re.ASCII)

Reason = Literal["malformed", "forged", "expired"]


class TokenError(Exception):
    """A token that is not, or no longer, good; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason, which the page puts into words."""
        super().__init__(reason)
        self.reason: Reason = reason


def make(key: bytes, visit: str, ends_at: int) -> str:
    """Return the token of a visit, as it stands in an address.

    Args:
        key: the newest secret, at least 16 bytes.
        visit: id of the visit.
        ends_at: until when it may be used; rounded up to a minute.

    Raises:
        ValueError: the secret is too short, or the end lies before 1970.
    """
    if len(key) < LEAST_KEY:
        raise ValueError("the key has at least 16 bytes")
    minutes = -(-ends_at // _MINUTE_MS)
    if minutes < 1:
        raise ValueError("a token ends after 1970")
    return f"{_text(visit.encode())}.{minutes}.{_mac(key, visit, minutes)}"


def check(token: str, keys: Sequence[bytes], now_ms: int) -> str:
    """Return the visit that a token is for.

    Args:
        token: what stands in the address.
        keys: the secrets that are valid, the newest first.
        now_ms: now.

    Raises:
        TokenError: it is not good.
    """
    found = _FORM.fullmatch(token)
    if found is None:
        raise TokenError("malformed")
    visit, minutes = _visit(found[1]), int(found[2])
    good = [hmac.compare_digest(_mac(key, visit, minutes), found[3]) for key in keys]
    if not any(good):
        raise TokenError("forged")
    if now_ms >= minutes * _MINUTE_MS:
        raise TokenError("expired")
    return visit


def _mac(key: bytes, visit: str, minutes: int) -> str:
    signed = f"hailong-qr-1\n{minutes}\n{visit}".encode()
    return _text(hmac.new(key, signed, sha256).digest()[:_MAC_BYTES])


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _visit(text: str) -> str:
    try:
        visit = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise TokenError("malformed") from None
    if _text(visit.encode()) != text:
        raise TokenError("malformed")
    return visit
