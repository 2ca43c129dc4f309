"""Table ``[scanner]``: a USB barcode or QR scanner at the counter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """Table ``[scanner]``: a scanner that types what it reads.

    Attributes:
        device: The input device, best by its name in ``/dev/input/by-id``; empty: there is none.
        pattern: What a ticket number looks like (the whole of it).
        letters: What stands before the running number of a scanned dossier.
    """

    device: str = ""
    pattern: re.Pattern[str] = re.compile(r"[A-Z]{0,4}[-./]?[0-9]{1,6}")
    letters: str = "S-"


def read(table: Table, folder: Path) -> ScannerSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = ScannerSettings()
    device = "" if table.empty else table.text("device", max_chars=1000)
    try:
        pattern = re.compile(table.text("pattern", normal.pattern.pattern))
    except re.error as error:
        raise table.error("pattern", f"must be a regular expression: {error}") from None
    letters = table.text("letters", normal.letters, max_chars=8)
    if not re.fullmatch(r"[A-Z0-9./-]+", letters):
        raise table.error("letters", "must be of A-Z, 0-9, '-', '.' and '/'")
    return ScannerSettings(str(folder / device) if device else "", pattern, letters)
