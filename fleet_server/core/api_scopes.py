"""What an API key may do: scopes, and how they are written.

A key holds some scopes, in one branch of the tree or in the whole fleet, until it expires.
"""

from collections.abc import Iterable
from typing import Literal, cast, get_args

ApiScope = Literal[
    "tickets:write",
    "tickets:qr",
    "contacts:write",
    "figures:read",
    "ratings:read",
    "choices:read",
    "terminals:read",
    "matters:read",
    "signals:read",
    "cases:read",
    "units:read",
    "reports:read",
    "webhooks:write",
    "metrics:read",
]
"""*tickets:write* tells what happens to tickets; *tickets:qr* is answered with the addresses by
which these are rated later, whose holder can rate for their citizens; *contacts:write* tells how
citizens can be reached, and that they no longer agree to it; *figures:read* participation, with
choices only as pages show them; *ratings:read* each rating without its choice; *choices:read* adds
the choice, and each such read is in the audit log; *terminals:read*, *matters:read*,
*signals:read* (of cheating), *units:read* (units and counters) list these; *cases:read*
cases, never which rating one is about; *reports:read* reports that are kept, with their
files; *webhooks:write* subscribes to events; *metrics:read* figures for Prometheus, of the whole
fleet only."""

SCOPES: tuple[ApiScope, ...] = get_args(ApiScope)

USUAL: frozenset[ApiScope] = frozenset({"tickets:write"})
"""What a key gets if nobody says what it is for: a queue system's."""

WHOLE_ONLY: frozenset[ApiScope] = frozenset({"metrics:read"})
"""What a key of a branch can't have."""

NEEDS: dict[ApiScope, ApiScope] = {
    "tickets:qr": "tickets:write",
    "choices:read": "ratings:read",
}
"""A scope that means nothing without another."""

SOON_MS = 30 * 24 * 3600 * 1_000
"""A key that expires within this time is pointed out."""

Standing = Literal["valid", "soon", "expired", "revoked"]


class ScopeError(ValueError):
    """These scopes can't be given; the message says which and why."""


def checked_scopes(names: Iterable[str], *, branch: bool) -> frozenset[ApiScope]:
    """Return scopes from their names.

    Args:
        names: what was asked for.
        branch: the key is for a branch of the tree, not for the whole fleet.

    Raises:
        ScopeError: one is unknown, lacks another, or can't be had in a branch; or there is none.
    """
    wanted = frozenset(names)
    for name in sorted(wanted):
        if name not in SCOPES:
            raise ScopeError(f"{name!r:.40} is not a scope; there are: {', '.join(SCOPES)}")
    found = cast("frozenset[ApiScope]", wanted)
    if not found:
        raise ScopeError(f"a key needs at least one scope: {', '.join(SCOPES)}")
    for scope, other in NEEDS.items():
        if scope in found and other not in found:
            raise ScopeError(f"{scope} means nothing without {other}; give both")
    if branch and found & WHOLE_ONLY:
        raise ScopeError("metrics:read is of the whole fleet; a key of a branch can't have it")
    return found


def written(scopes: Iterable[ApiScope]) -> str:
    """Return scopes as they are stored and shown, in the order of `SCOPES`."""
    held = frozenset(scopes)
    return " ".join(scope for scope in SCOPES if scope in held)


def read(text: str) -> frozenset[ApiScope]:
    """Return the scopes that were stored; what this version does not know gives no right."""
    return frozenset(scope for scope in SCOPES if scope in text.split())


def standing(expires_at: int | None, revoked_at: int | None, now_ms: int) -> Standing:
    """Say how a key stands. Its last valid moment is the one before ``expires_at``."""
    if revoked_at is not None:
        return "revoked"
    if expires_at is None:
        return "valid"
    if expires_at <= now_ms:
        return "expired"
    return "soon" if expires_at - now_ms <= SOON_MS else "valid"
