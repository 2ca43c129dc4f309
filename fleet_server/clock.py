"""The server's only clock. Everything else is given the time as an argument."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Return the wall-clock time in Unix milliseconds."""
    return time.time_ns() // 1_000_000


def now() -> datetime:
    """Return the wall-clock time in UTC, for certificates."""
    return datetime.now(UTC)


def monotonic_s() -> float:
    """Return seconds on a clock that never goes back, for intervals."""
    return time.monotonic()
