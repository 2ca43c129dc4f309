"""Table ``[tickets]``: when a rating is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.policy import Tickets
from wire.policy import TABLES

if TYPE_CHECKING:
    from device.settings.tables import Table

_KEYS = TABLES["tickets"]


def read(table: Table) -> Tickets:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Tickets()
    open_s = _KEYS["open_after_closed_s"]
    return Tickets(
        without=table.parsed("without", normal.without, _KEYS["without"]),
        open_after_closed_s=table.parsed("open_after_closed_s", normal.open_after_closed_s, open_s),
        sources=table.parsed("sources", normal.sources, _KEYS["sources"]),
    )
