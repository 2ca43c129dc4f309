"""How long to wait before the next attempt. Pure."""

from __future__ import annotations


def backoff_ms(failures: int, jitter: float, base_ms: int, cap_ms: int) -> int:
    """Return a wait with full jitter: anything up to ``base_ms`` doubled for each failure."""
    return int(jitter * min(cap_ms, base_ms * 2 ** min(failures, 30)))
