"""The panel in millimetres: how large a pixel is decides how large everything is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.settings import ScreenSettings

MIN_TARGET_MM = 20
MIN_GAP_MM = 2
_LETTER_DEGREES = 0.7  # EN 301 549 5.1.4: height of a capital H as seen by the eye
_LEAST_DEGREES = 0.25  # about the print of a newspaper; nothing is smaller
_ROOMY = 0.075
CAP_HEIGHT = 0.7  # of Be Vietnam Pro, in ems


@dataclass(frozen=True, slots=True)
class Panel:
    """The picture as people see it, after rotation.

    Attributes:
        width: Pixels across.
        height: Pixels down.
        per_mm: Pixels per millimetre.
        viewing_mm: Distance from the eye.
    """

    width: int
    height: int
    per_mm: float
    viewing_mm: int

    @property
    def portrait(self) -> bool:
        """True when it is higher than wide: the choices then lie one under the other."""
        return self.height > self.width

    @property
    def letter(self) -> int:
        """Size of a font in pixels whose capitals have the height of the standard."""
        return self._size_of(_LETTER_DEGREES)

    @property
    def least(self) -> int:
        """Size of the smallest letters there are, in pixels."""
        return self._size_of(_LEAST_DEGREES)

    @property
    def text(self) -> int:
        """Size of the main font in pixels: the standard's letter, larger where there is room."""
        return max(self.letter, round(min(self.width, self.height) * _ROOMY))

    def mm(self, millimetres: float) -> int:
        """Return millimetres as whole pixels."""
        return round(millimetres * self.per_mm)

    def at_least(self, millimetres: float) -> int:
        """Return whole pixels that are no less than these millimetres."""
        return math.ceil(millimetres * self.per_mm)

    def degrees(self, size: int) -> float:
        """Return how high the capitals of a font of ``size`` pixels look to the eye."""
        cap_mm = size * CAP_HEIGHT / self.per_mm
        return math.degrees(2 * math.atan(cap_mm / 2 / self.viewing_mm))

    def _size_of(self, degrees: float) -> int:
        cap_mm = 2 * self.viewing_mm * math.tan(math.radians(degrees / 2))
        return math.ceil(cap_mm / CAP_HEIGHT * self.per_mm)


def panel_of(settings: ScreenSettings) -> Panel:
    """Work out the panel from its settings."""
    width, height = settings.width_px, settings.height_px
    per_mm = math.hypot(width, height) / (settings.diagonal_in * 25.4)
    if settings.rotation in (90, 270):
        width, height = height, width
    return Panel(width, height, per_mm, settings.viewing_mm)
