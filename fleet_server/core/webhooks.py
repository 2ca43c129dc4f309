"""Webhooks by the Standard Webhooks scheme: how a delivery is signed, and when it is tried again.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hmac
from collections.abc import Iterable, Mapping
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Literal, get_args

from fleet_server.core.api_scopes import ApiScope

Event = Literal[
    "rating.unsatisfied",
    "terminal.state_changed",
    "matter.opened",
    "participation.under_target",
    "signal.opened",
    "alarm.raised",
    "alarm.over",
    "case.opened",
    "case.overdue",
    "case.closed",
    "complaint.filed",
    "report.ready",
    "ping",
]
"""*rating.unsatisfied*: how many of the ratings given out on a counter's day were unsatisfied, in
the blocks of `core.choices`; *participation.under_target*: a counter that asked too few;
*signal.opened*: a sign of cheating. All are told once the day is over. Of confined cases nothing is
told. *report.ready*: a report is kept; its figures are not told."""

EVENTS: tuple[Event, ...] = get_args(Event)
SUBSCRIBABLE: tuple[Event, ...] = tuple(event for event in EVENTS if event != "ping")
"""A ping is sent on demand, to whoever asked for it."""

MOST = 20
"""Subscriptions of one key, and of one branch: each event is sent to each of them."""
FOR_PEOPLE = 5
"""Of those of a branch, so many are kept for people: keys can't fill all places."""

TELLS: Mapping[Event, frozenset[ApiScope]] = {
    "rating.unsatisfied": frozenset({"choices:read"}),
    "terminal.state_changed": frozenset({"terminals:read"}),
    "matter.opened": frozenset({"matters:read"}),
    "participation.under_target": frozenset({"figures:read"}),
    "signal.opened": frozenset({"signals:read"}),
    "alarm.raised": frozenset({"matters:read", "choices:read"}),
    "alarm.over": frozenset({"matters:read", "choices:read"}),
    "case.opened": frozenset({"cases:read"}),
    "case.overdue": frozenset({"cases:read"}),
    "case.closed": frozenset({"cases:read"}),
    "complaint.filed": frozenset({"cases:read"}),
    "report.ready": frozenset({"reports:read"}),
    "ping": frozenset(),
}
"""What a key must be able to read to be told of an event; alarms say how many were unsatisfied."""


def tellable(scopes: frozenset[ApiScope]) -> frozenset[Event]:
    """Return the events that a key with some scopes may be told of."""
    return frozenset(event for event in EVENTS if TELLS[event] <= scopes)


SECRET_PREFIX = "whsec_"  # noqa: S105 - what a secret begins with, not one
SECRET_BYTES = 32

FIRST_RETRY_MS = 10_000
LONGEST_WAIT_MS = 6 * 3600 * 1_000
GIVE_UP_MS = 3 * 24 * 3600 * 1_000
"""A delivery that nobody has taken for so long is dead; a person can send it again."""

OVERLAP_MS = 24 * 3600 * 1_000
"""For how long a secret that was replaced still signs beside the new one."""

Network = IPv4Network | IPv6Network

NAT64 = IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 behind a gateway (RFC 6052): the last four bytes say which."""


def secret_text(secret: bytes) -> str:
    """Return a secret as its receiver stores it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def secret_bytes(text: str) -> bytes:
    """Return the bytes of a secret that `secret_text` wrote.

    Raises:
        ValueError: it is none.
    """
    try:
        return base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("not a secret of a webhook") from None


def signature(secrets: Iterable[bytes], event_id: str, timestamp_s: int, body: bytes) -> str:
    """Return the ``webhook-signature`` header, one signature for each secret.

    Args:
        secrets: the secret, and the one that it replaced while both are valid.
        event_id: the ``webhook-id`` header.
        timestamp_s: the ``webhook-timestamp`` header, Unix seconds of this attempt.
        body: the body as it is sent.
    """
    signed = b".".join((event_id.encode(), str(timestamp_s).encode(), body))
    digests = (hmac.new(secret, signed, sha256).digest() for secret in secrets)
    return " ".join("v1," + base64.b64encode(digest).decode() for digest in digests)


def next_try(
    attempts: int, first_at: int, now_ms: int, chance: float, longest: int = LONGEST_WAIT_MS
) -> int | None:
    """Return when a delivery that failed is tried again, or None if it is dead.

    The wait doubles from ten seconds up to the longest, and is then shortened by chance by up to
    half, so that what failed together is not tried together.

    Args:
        attempts: how many have failed, at least 1.
        first_at: when the event was, Unix milliseconds.
        now_ms: now.
        chance: a random number from 0 up to 1.
        longest: the longest wait, in milliseconds.
    """
    if now_ms - first_at >= GIVE_UP_MS:
        return None
    wait = min(longest, FIRST_RETRY_MS << min(attempts - 1, 20))
    return now_ms + int(wait * (1 - chance / 2))


INTERNET = IPv6Network("2000::/3")
"""All of IPv6 that is given out as addresses of the open Internet (RFC 4291).

Outside lie those of a machine, a link or a site, and ways to write IPv4 that a gateway may still
understand: ``::1.2.3.4``, ``64:ff9b:1::/48`` (RFC 8215), ``fec0::/10`` (RFC 3879)."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, and not of a network inside."""
    found = _plain(address)
    if found is None or not found.is_global or found.is_multicast:
        return False
    return isinstance(found, IPv4Address) or found in INTERNET


def is_in(address: str, networks: Iterable[Network]) -> bool:
    """Whether an IP address lies in one of some networks."""
    found = _plain(address)
    return found is not None and any(
        found.version == network.version and found in network for network in networks
    )


def _plain(address: str) -> IPv4Address | IPv6Address | None:
    """Return an address; one of IPv4 that is wrapped into IPv6 as what it is."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return found
    if found in NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    return found.ipv4_mapped or found.sixtofour or found
