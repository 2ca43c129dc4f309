"""Which languages the screen has: a folder of compiled gettext catalogues for each."""

from __future__ import annotations

import gettext
from pathlib import Path

from device.errors import DeviceError

DOMAIN = "messages"
FOLDER = Path(__file__).parent / "translations"


def catalogues(folder: Path = FOLDER) -> list[str]:
    """Return the codes of the languages that have a compiled catalogue; none before make assets."""
    found = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return sorted(each.parent.parent.name for each in found)


def translation(language: str, folder: Path = FOLDER) -> gettext.NullTranslations:
    """Return the catalogue of a language.

    Raises:
        DeviceError: It has no compiled one; the text names those that have.
    """
    known = catalogues(folder)
    if language not in known:
        raise DeviceError(
            f"no texts in the language {language[:20]!r}; there are "
            f"{', '.join(known) or 'none, run: make assets'}"
        )
    return gettext.translation(DOMAIN, str(folder), [language])
