"""When a session of the pages has ended."""

LIFE_MS = 12 * 3_600_000
"""Counted from the sign-in: a working day, whatever was clicked meanwhile."""


def over(began_at: int, seen_at: int, now: int, idle_ms: int) -> bool:
    """Tell whether a session is over: too old, idle for too long, or begun in the future."""
    return not 0 <= now - began_at < LIFE_MS or now - seen_at >= idle_ms
