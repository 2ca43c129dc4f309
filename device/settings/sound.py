"""Table ``[sound]``: the loudspeaker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table


@dataclass(frozen=True, slots=True)
class SoundSettings:
    """Table ``[sound]``: the loudspeaker.

    Attributes:
        fitted: True when there is one.
        volume: Per cent.
        folder: Folder of the office's own files, which stand in for ours by their names.
    """

    fitted: bool = False
    volume: int = 70
    folder: Path | None = None


def read(table: Table, folder: Path) -> SoundSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = SoundSettings()
    own = table.text("folder", "sounds", max_chars=1000)
    return SoundSettings(
        fitted=table.flag("fitted", normal.fitted),
        volume=table.number("volume", normal.volume, 0, 100),
        folder=(folder / own).absolute(),
    )
