"""Table ``[asking]``: what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device.core.policy import HOSPITAL, REASONS, Asking, Item
from wire.errors import WireError
from wire.policy import TABLES

if TYPE_CHECKING:
    from device.settings.tables import Table

_KEYS = TABLES["asking"]
_KNOWN = {item.code for item in (*REASONS, *HOSPITAL)}
"""Codes that the catalogues have a text for."""


def read(table: Table) -> Asking:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Asking()
    mode = table.parsed("mode", normal.mode, _KEYS["mode"])
    usual = HOSPITAL if mode == "items" else normal.items
    return Asking(
        mode=mode,
        reasons=table.parsed("reasons", normal.reasons, _KEYS["reasons"]),
        items=table.parsed("items", usual, _items),
        answer_s=table.parsed("answer_s", normal.answer_s, _KEYS["answer_s"]),
        warning_s=table.parsed("warning_s", normal.warning_s, _KEYS["warning_s"]),
    )


def _items(value: Any) -> tuple[Item, ...]:
    found = tuple(Item(code, labels) for code, labels in _KEYS["items"](value))
    for number, item in enumerate(found, 1):
        if not item.labels and item.code not in _KNOWN:
            example = f'{{code = "{item.code}", vi = "…"}}'
            raise WireError(f"item {number}: {item.code} has no text; give it one, as {example}")
    return found
