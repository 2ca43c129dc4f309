"""Table ``[update]``: when the image may be updated, and how long a new one is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.core.updating_state import Patience

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table

FOLDER = "/var/lib/hailong-update"
"""Right under a folder of root's: nobody else can put a link, into which root writes, there."""


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """Table ``[update]``.

    Attributes:
        folder: Where the bundle lies, and what uplink and root side tell each other.
        quiet_s: For so long nobody was served or pressed, within the opening hours.
        patience: How long a new image is tried.
    """

    folder: Path
    quiet_s: int
    patience: Patience


def read(table: Table, folder: Path) -> UpdateSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    usual = Patience()
    return UpdateSettings(
        folder=(folder / table.text("folder", FOLDER, max_chars=1000)).absolute(),
        quiet_s=table.number("quiet_s", 600, 1, 86_400),
        patience=Patience(
            draw_ms=1000 * table.number("draw_s", usual.draw_ms // 1000, 1, 7_200),
            receipt_ms=1000 * table.number("receipt_s", usual.receipt_ms // 1000, 1, 604_800),
            unheard_ms=1000 * table.number("unheard_s", usual.unheard_ms // 1000, 1, 604_800),
            compare_ms=1000 * table.number("compare_s", usual.compare_ms // 1000, 1, 604_800),
        ),
    )
