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


def check(row: Any, version: int | None) -> None:
    """Refuse to go on with a row that is another than the one that was read.

    To be called in the write transaction of the change.

    Args:
        row: as it is now.
        version: as it was read; None where nobody has read it, as in a command.

    Raises:
        Stale: it is another by now.
    """
    if version is not None and row.version != version:
        raise Stale
