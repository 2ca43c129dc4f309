"""Editing what two people may have open at the same time: the second is told, and loses nothing."""

from collections.abc import Mapping
from typing import Any

from fleet_server.store.models.table import Table


class Stale(Exception):
    """Somebody else has changed the row since it was read."""


def edit(table: type[Table], key: object, version: int, values: Mapping[str, Any]) -> None:
    """Change a row that has a ``version``, if it is still the one that was read.

    To be called in a write transaction.

    Raises:
        Stale: it is another by now, or gone.
    """
    fields: Any = table
    changed = (
        table.update(version=fields.version + 1, **values)
        .where(table._meta.primary_key == key, fields.version == version)
        .execute()
    )
    if not changed:
        raise Stale
