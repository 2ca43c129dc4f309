"""The first row of a query."""

from typing import Any

from fleet_server.store.database import rows


def first(query: Any) -> tuple[Any, ...] | None:
    """Return the first row that a query selects, as a tuple, or None where there is none."""
    return next(iter(rows(query.limit(1))), None)
