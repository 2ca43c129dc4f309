"""Which languages have texts; loads nothing of the screen, so a configuration can be checked."""

from __future__ import annotations

from pathlib import Path

DOMAIN = "messages"
FOLDER = Path(__file__).parent / "translations"


def languages(folder: Path = FOLDER) -> list[str]:
    """Return the codes of the languages that have a compiled catalogue."""
    found = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return sorted(each.parent.parent.name for each in found)
