"""A sheet of screens with captions, for the README."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from device.core.policy import Look
from device.errors import DeviceError
from device.screen.canvas import Dress
from device.screen.examples import PANELS, examples
from device.screen.fonts import font
from device.screen.painter import Painter
from device.screen.panel import panel_of
from device.screen.theme import theme_of
from device.screen.words import Words
from device.settings import ScreenSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MM = 2  # pixels for each millimetre of a panel: all are shown in one scale
_GAP = 16
_CAPTION = 15
_GROUND, _INK = "#f4f6f8", "#101820"
_WIDE = 1240


_USUAL = Look()


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the sheet."""

    caption: str
    screen: str
    panel: str = "7in-800x480"
    portrait: bool = False
    look: Look = _USUAL


_LARGE, _HIGH = Look(letters="large"), Look(contrast="high")
_ENGLISH = Look(languages=("en", "vi"))
SHOTS = (
    Shot("Rating, 10 inch", "rate", "10in-1280x800"),
    Shot("Reasons, near the end", "reasons-chosen", "10in-1280x800"),
    Shot("A hospital's items", "items", "10in-1280x800", look=_ENGLISH),
    Shot("Correction", "correction"),
    Shot("Thanks", "thanks"),
    Shot("Recorded", "recorded"),
    Shot("Wait", "wait", look=_ENGLISH),
    Shot("Large letters", "rate", look=_LARGE),
    Shot("High contrast", "rate", look=_HIGH),
    Shot("High contrast, reasons", "reasons-chosen", look=_HIGH),
    Shot("Idle", "idle"),
    Shot("Self-test", "self-test"),
    Shot("Out of service", "out-of-service"),
    Shot("Copy onto a stick", "export"),
    Shot("Here I am", "identify"),
    Shot("Rating, 5 inch", "rate", "5in-800x480"),
    Shot("Reasons, 5 inch", "reasons", "5in-800x480"),
    Shot("Items, 5 inch", "items", "5in-800x480"),
    Shot("Starting, 5 inch", "starting", "5in-800x480"),
    Shot("Corners, 5 inch", "self-test-corners", "5in-800x480"),
    Shot("Rating, 10 inch upright", "rate", "10in-1280x800", portrait=True),
    Shot("Items, 7 inch upright", "items", "7in-800x480", portrait=True),
    Shot("Rating, 7 inch upright", "rate", "7in-1024x600", portrait=True, look=_ENGLISH),
    Shot("Reasons, 5 inch upright", "reasons", "5in-800x480", portrait=True),
    Shot("Rating, 5 inch upright", "rate", "5in-800x480", portrait=True),
)


def draw_sheet(target: Path) -> None:
    """Draw the sheet into a PNG file.

    Raises:
        DeviceError: The file cannot be written.
    """
    sheet = compose([(shot.caption, _drawn(shot)) for shot in SHOTS], _WIDE)
    try:
        pygame.image.save(sheet, target)
    except (OSError, pygame.error) as error:
        raise DeviceError(f"{target} cannot be written: {error}") from None


def compose(pictures: Sequence[tuple[str, pygame.Surface]], width: int) -> pygame.Surface:
    """Return pictures in rows, as many to a row as fit, each with its caption under it."""
    places, row, x, y = [], 0, _GAP, _GAP
    for _, picture in pictures:
        if x > _GAP and x + picture.get_width() + _GAP > width:
            x, y, row = _GAP, y + row + _CAPTION * 2 + _GAP, 0
        places.append((x, y))
        x, row = x + picture.get_width() + _GAP, max(row, picture.get_height())
    sheet = pygame.Surface((width, y + row + _CAPTION * 2 + _GAP))
    sheet.fill(_GROUND)
    for (caption, picture), (left, top) in zip(pictures, places, strict=True):
        sheet.blit(picture, (left, top))
        words = font("Medium", _CAPTION).render(caption, True, _INK)
        sheet.blit(words, (left, top + picture.get_height() + _CAPTION // 3))
    return sheet


def _drawn(shot: Shot) -> pygame.Surface:
    width, height, inches = PANELS[shot.panel]
    rotation = 90 if shot.portrait else 0
    panel = panel_of(ScreenSettings(width, height, inches, rotation))  # type: ignore[arg-type]  # 0 and 90 are rotations
    dress = Dress(panel, theme_of(shot.look), Words(shot.look.languages))
    view = examples(language=shot.look.languages[0])[shot.screen]
    drawn = Painter(dress).paint(view).surface
    size = (round(panel.width / panel.per_mm * _MM), round(panel.height / panel.per_mm * _MM))
    return pygame.transform.smoothscale(drawn, size)
