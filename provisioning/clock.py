"""The tool's only clock. Everything else is given the time as an argument."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the wall-clock time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the adapter


def monotonic_s() -> float:
    """Return seconds that only ever go forward, for rates."""
    return time.monotonic()  # noqa: TID251 - this is the adapter
