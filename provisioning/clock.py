"""The tool's only clock. Everything else is given the time as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the wall-clock time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the adapter
