"""The tables of the policy: what ``terminal.toml`` and the fleet's configuration may both say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device.core.policy import Policy
from device.settings import tickets
from device.tables import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

READERS: dict[str, Callable[[Table], Any]] = {
    "tickets": tickets.read,
}
"""By the name of the table, which is also the attribute of `Policy`."""


def read(tables: Mapping[str, Mapping[str, Any]], version: int = 0) -> Policy:
    """Return the policy that these tables make; what they do not name has its default.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    parts = {}
    for name, reader in READERS.items():
        table = Table(name, tables.get(name, {}))
        parts[name] = reader(table)
        table.finish()
    return Policy(**parts, version=version)
