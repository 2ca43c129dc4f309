"""Table ``[tickets]``: when a rating is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from device.core.policy import Tickets, Without
from device.core.sources import SOURCES
from wire.errors import WireError
from wire.fields import listing, one_of

if TYPE_CHECKING:
    from device.settings.tables import Table
    from wire.records import TicketOrigin

_SOURCES = listing(one_of(*SOURCES), len(SOURCES), shortest=1)


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
        sources=table.parsed("sources", normal.sources, _sources),
    )


def _sources(value: Any) -> tuple[TicketOrigin, ...]:
    found: tuple[TicketOrigin, ...] = _SOURCES.read(value)
    if len(set(found)) != len(found):
        raise WireError("names a source twice")
    return found
