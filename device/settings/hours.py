"""Table ``[hours]``: opening hours, brightness, and when a service day ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device.core.policy import Hours, Span
from wire.policy import TABLES

if TYPE_CHECKING:
    from device.settings.tables import Table

_KEYS = TABLES["hours"]


def read(table: Table) -> Hours:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Hours()
    return Hours(
        opening=table.parsed("opening", normal.opening, _opening),
        brightness=table.parsed("brightness", normal.brightness, _KEYS["brightness"]),
        day_ends=table.parsed("day_ends", normal.day_ends, _KEYS["day_ends"]),
    )


def _opening(value: Any) -> tuple[Span, ...]:
    return tuple(Span(*span) for span in _KEYS["opening"](value))
