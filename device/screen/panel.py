"""The panel in millimetres: how large a pixel is decides how large everything is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.settings import ScreenSettings

MIN_TARGET_MM = 20
_LETTER_DEGREES = 0.7  # EN 301 549 5.1.4: height of a capital H as seen by the eye
_ROOMY = 0.075
_CAP_HEIGHT = 0.7  # of Be Vietnam Pro, in ems


@dataclass(frozen=True, slots=True)
class Panel:
    """The picture as people see it, after rotation.

    Attributes:
        width: Pixels across.
        height: Pixels down.
        per_mm: Pixels per millimetre.
        letter: Size of a font in pixels whose capitals are just large enough.
    """

    width: int
    height: int
    per_mm: float
    letter: int

    @property
    def portrait(self) -> bool:
        """True when it is higher than wide: the choices then lie one under the other."""
        return self.height > self.width

    @property
    def text(self) -> int:
        """Size of the main font in pixels: the smallest good letter, larger where there is room."""
        return max(self.letter, round(min(self.width, self.height) * _ROOMY))

    def mm(self, millimetres: float) -> int:
        """Return millimetres as whole pixels."""
        return round(millimetres * self.per_mm)


def panel_of(settings: ScreenSettings) -> Panel:
    """Work out the panel from its settings."""
    width, height = settings.width_px, settings.height_px
    per_mm = math.hypot(width, height) / (settings.diagonal_in * 25.4)
    cap_mm = 2 * settings.viewing_mm * math.tan(math.radians(_LETTER_DEGREES / 2))
    if settings.rotation in (90, 270):
        width, height = height, width
    return Panel(width, height, per_mm, math.ceil(cap_mm / _CAP_HEIGHT * per_mm))
