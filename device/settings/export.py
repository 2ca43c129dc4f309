"""Table ``[export]``: where a technician's stick appears, and which one may have the journal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wire.errors import WireError

if TYPE_CHECKING:
    from device.settings.tables import Table

_SHA256 = re.compile(r"[0-9a-f]{64}|")


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Table ``[export]``: where a technician's stick appears, and which one may have the journal.

    The journal names the choice of each visit: no clerk's own stick may have it.

    Attributes:
        folder: Each stick is a folder right under it.
        code_sha256: SHA-256 in hexadecimal of the code that a stick's marker must hold; empty
            switches exports off.
    """

    folder: Path = Path("/media")
    code_sha256: str = ""


def read(table: Table, folder: Path) -> ExportSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    place = folder / table.text("folder", "/media", max_chars=1000)
    return ExportSettings(place, table.parsed("code_sha256", "", _digest))


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise WireError("must be 64 hexadecimal digits, as hailong-terminal journal stick prints")
    return value
