"""The tables of the policy: what ``terminal.toml`` and the fleet's configuration may both say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from device.core.policy import Policy
from device.settings import asking, hours, look, texts, tickets
from device.settings.tables import SettingsError, Table
from wire.errors import WireError
from wire.policy import check

if TYPE_CHECKING:
    from collections.abc import Callable

Tables = Mapping[str, Mapping[str, Any]]

READERS: dict[str, Callable[[Table], Any]] = {
    "tickets": tickets.read,
    "asking": asking.read,
    "look": look.read,
    "texts": texts.read,
    "hours": hours.read,
}
"""By the name of the table, which is also the attribute of `Policy`."""


def read(tables: Tables, version: int = 0) -> Policy:
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


def read_from_afar(own: Tables, settings: Mapping[str, Any], version: int) -> Policy:
    """Return the policy of the terminal's ``own`` tables with the fleet's laid over them.

    A whole key replaces a key. Only these tables can be named: whatever else a terminal has
    (its journal, its key, its way to the server) is out of reach of a configuration.

    Raises:
        SettingsError: A table or key is unknown or wrong; the text names it.
    """
    try:
        check(settings)
    except WireError as error:
        raise SettingsError(str(error)) from None
    return read(
        {name: {**own.get(name, {}), **settings.get(name, {})} for name in READERS}, version
    )
