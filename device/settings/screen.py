"""Table ``[screen]``: the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:
    from pathlib import Path

    from device.settings.tables import Table

Rotation = Literal[0, 90, 180, 270]
OutputName = Literal["auto", "window", "drm", "fb"]
_NO_LOGO = "none"


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """Table ``[screen]``: the panel.

    Attributes:
        width_px: Pixels across, as the panel is mounted by its maker.
        height_px: Pixels down.
        diagonal_in: Visible diagonal in inches; gives the millimetres.
        rotation: Degrees clockwise by which the panel is turned on the counter.
        touch: True when the panel takes touches.
        viewing_mm: Distance from the eye, for the smallest letters.
        fitted: False for a terminal that has only its buttons.
        output: Where pixels go: a window, a DRM buffer, ``/dev/fb0``; ``auto`` is the first of them
            that there is.
        logo: The office's own logo, a PNG, JPG or SVG file of at most 2 MB; None for none.
    """

    width_px: int = 800
    height_px: int = 480
    diagonal_in: float = 7.0
    rotation: Rotation = 0
    touch: bool = True
    viewing_mm: int = 400
    fitted: bool = True
    output: OutputName = "auto"
    logo: Path | None = None


def read(table: Table, folder: Path) -> ScreenSettings:
    """Read the table; paths in it are relative to ``folder``.

    Raises:
        SettingsError: A key is wrong; the text names it.
    """
    normal = ScreenSettings()
    logo = table.text("logo", _NO_LOGO, max_chars=1000)
    return ScreenSettings(
        width_px=table.number("width_px", normal.width_px, 240, 4096),
        height_px=table.number("height_px", normal.height_px, 240, 4096),
        diagonal_in=table.decimal("diagonal_in", normal.diagonal_in, 3.5, 60),
        rotation=cast("Rotation", table.one_of("rotation", 0, (0, 90, 180, 270))),
        touch=table.flag("touch", normal.touch),
        viewing_mm=table.number("viewing_mm", normal.viewing_mm, 200, 3000),
        fitted=table.flag("fitted", normal.fitted),
        output=cast("OutputName", table.one_of("output", normal.output, get_args(OutputName))),
        logo=None if logo == _NO_LOGO else folder / logo,
    )
