"""Table ``[look]``: languages, letters, contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from device.core.policy import Contrast, Letters, Look
from device.screen.catalogues import catalogues
from device.settings.words import LANGUAGE, MOST_LANGUAGES, distinct
from wire.errors import WireError
from wire.fields import listing

if TYPE_CHECKING:
    from device.settings.tables import Table

_LANGUAGES = listing(LANGUAGE, MOST_LANGUAGES, shortest=1)


def read(table: Table) -> Look:
    """Read the table.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = Look()
    letters = table.one_of("letters", normal.letters, ("normal", "large"))
    contrast = table.one_of("contrast", normal.contrast, ("normal", "high"))
    return Look(
        languages=table.parsed("languages", normal.languages, _languages),
        letters=cast("Letters", letters),
        contrast=cast("Contrast", contrast),
    )


def _languages(value: Any) -> tuple[str, ...]:
    found: tuple[str, ...] = _LANGUAGES.read(value)
    distinct(found)
    known = catalogues()
    for language in found if known else ():
        if language not in known:
            raise WireError(f"has no texts for {language}; there are {', '.join(known)}")
    return found
