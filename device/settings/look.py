"""Table ``[look]``: languages, letters, contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device.core.policy import Look
from device.screen.catalogues import catalogues
from wire.errors import WireError
from wire.policy import TABLES

if TYPE_CHECKING:
    from device.settings.tables import Table

_KEYS = TABLES["look"]


def read(table: Table) -> Look:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Look()
    return Look(
        languages=table.parsed("languages", normal.languages, _languages),
        letters=table.parsed("letters", normal.letters, _KEYS["letters"]),
        contrast=table.parsed("contrast", normal.contrast, _KEYS["contrast"]),
    )


def _languages(value: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = _KEYS["languages"](value)
    known = catalogues()
    for language in found if known else ():
        if language not in known:
            raise WireError(f"has no texts for {language}; there are {', '.join(known)}")
    return found
