"""Table ``[tickets]``: when a rating is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from device.core.policy import Tickets, Without

if TYPE_CHECKING:
    from device.tables import Table


def read(table: Table) -> Tickets:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Tickets()
    return Tickets(
        without=cast("Without", table.one_of("without", normal.without, ("wait", "unbound"))),
        open_after_closed_s=table.number(
            "open_after_closed_s", normal.open_after_closed_s, 0, 3600
        ),
    )
