"""Table ``[asking]``: what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from device.core.policy import (
    HOSPITAL,
    MOST_ITEMS,
    REASONS,
    Asking,
    AskReasons,
    Item,
    Mode,
)
from device.settings.words import distinct, words
from wire.errors import WireError
from wire.fields import matching
from wire.ids import COUNTER_CODE

if TYPE_CHECKING:
    from device.settings.tables import Table

_CODE = matching(COUNTER_CODE, "a code of 1 to 32 letters, digits, '.', '_' or '-'")
_LONGEST_LABEL = 60
_KNOWN = {item.code for item in (*REASONS, *HOSPITAL)}
"""Codes that the catalogues have a text for."""


def read(table: Table) -> Asking:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Asking()
    mode = cast("Mode", table.one_of("mode", normal.mode, ("rating", "items")))
    reasons = table.one_of("reasons", normal.reasons, ("every", "unsatisfied", "never"))
    usual = HOSPITAL if mode == "items" else normal.items
    return Asking(
        mode=mode,
        reasons=cast("AskReasons", reasons),
        items=table.parsed("items", usual, _items),
        answer_s=table.number("answer_s", normal.answer_s, 5, 300),
        warning_s=table.number("warning_s", normal.warning_s, 0, 120),
    )


def _items(value: Any) -> tuple[Item, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_ITEMS:
        raise WireError(f"must be a list of 1 to {MOST_ITEMS} items")
    found = []
    for number, each in enumerate(value, 1):
        try:
            found.append(_item(each))
        except WireError as error:
            raise WireError(f"item {number}: {error}") from None
    distinct(tuple(item.code for item in found))
    return tuple(found)


def _item(value: Any) -> Item:
    """Read a code alone, or one with labels: ``{code = "parking", vi = "…", en = "…"}``."""
    labels = dict(value) if isinstance(value, dict) else {"code": value}
    code: str = _CODE.read(labels.pop("code", None))
    if not labels and code not in _KNOWN:
        raise WireError(f'{code} has no text; give it one, as {{code = "{code}", vi = "…"}}')
    return Item(code, words(labels, _LONGEST_LABEL) if labels else ())
