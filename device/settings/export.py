"""Table ``[export]``: where a technician's stick appears."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.tables import Table


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """Table ``[export]``: where a technician's stick appears.

    Attributes:
        folder: Each stick is a folder right under it.
    """

    folder: Path = Path("/media")


def read(table: Table, folder: Path) -> ExportSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    return ExportSettings(folder / table.text("folder", "/media", max_chars=1000))
