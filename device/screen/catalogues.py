"""Which languages the screen has: a folder of compiled gettext catalogues for each."""

from __future__ import annotations

from pathlib import Path

DOMAIN = "messages"
FOLDER = Path(__file__).parent / "translations"


def catalogues(folder: Path = FOLDER) -> list[str]:
    """Return the codes of the languages that have a compiled catalogue; none before make assets."""
    found = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return sorted(each.parent.parent.name for each in found)
