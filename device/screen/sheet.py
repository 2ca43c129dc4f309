"""A sheet of screens with captions, for the README: all panels in one scale."""

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

_PER_MM = 1.7  # pixels of the sheet
_GAP = 16
_TITLE, _CAPTION = 17, 13
_GROUND, _INK = "#dfe5ea", "#101820"
_USUAL, _ENGLISH = Look(), Look(languages=("en", "vi"))
_LARGE, _HIGH = Look(letters="large"), Look(contrast="high")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the sheet."""

    caption: str
    screen: str
    panel: str
    upright: bool = False
    look: Look = _USUAL


@dataclass(frozen=True, slots=True)
class Row:
    """Pictures beside each other, under a title."""

    title: str
    pictures: tuple[tuple[str, pygame.Surface], ...]

    @property
    def size(self) -> tuple[int, int]:
        """Pixels across and down, with title and captions."""
        wide = sum(picture.get_width() + _GAP for _, picture in self.pictures) - _GAP
        high = max(picture.get_height() for _, picture in self.pictures)
        return wide, high + 2 * (_TITLE + _CAPTION)


_TEN, _SEVEN, _WIDE_SEVEN, _FIVE = "10in-1280x800", "7in-800x480", "7in-1024x600", "5in-800x480"
SHOTS: dict[str, tuple[Shot, ...]] = {
    "10 inch": (
        Shot("Rating", "rate", _TEN),
        Shot("Reasons: time is nearly up", "reasons-chosen", _TEN),
        Shot("A hospital's items, English in front", "items", _TEN, look=_ENGLISH),
    ),
    "7 inch": (
        Shot("Correction", "correction", _SEVEN),
        Shot("Thanks", "thanks", _SEVEN),
        Shot("This ticket is rated", "recorded", _SEVEN),
        Shot("Wait", "wait", _SEVEN, look=_ENGLISH),
    ),
    "7 inch: large letters, high contrast, idle": (
        Shot("Large letters", "rate", _WIDE_SEVEN, look=_LARGE),
        Shot("High contrast", "rate", _WIDE_SEVEN, look=_HIGH),
        Shot("Items, not in the fleet", "items-joining", _WIDE_SEVEN, look=_HIGH),
        Shot("Idle", "idle", _WIDE_SEVEN),
    ),
    "7 inch: for technicians": (
        Shot("Self-test", "self-test", _SEVEN),
        Shot("Out of service", "out-of-service", _SEVEN),
        Shot("Copying onto a stick", "export", _SEVEN),
        Shot("Here I am", "identify", _SEVEN),
    ),
    "5 inch": (
        Shot("Rating, not in the fleet", "rate-joining", _FIVE),
        Shot("Way to the fleet", "network", _FIVE),
        Shot("Starting", "starting", _FIVE),
        Shot("Touch test", "self-test-corners", _FIVE),
    ),
    "5 inch: on the way to its place": (
        Shot("No enrolment file", "unplaced", _FIVE),
        Shot("A wrong entry in it", "unplaced-field", _FIVE),
        Shot("Not in the fleet yet", "joining", _FIVE),
        Shot("A card that is damaged", "unplaced-data", _FIVE),
    ),
    "Upright: 10, 7 and 5 inch": (
        Shot("Rating", "rate", _TEN, upright=True),
        Shot("Reasons", "reasons", _SEVEN, upright=True),
        Shot("Items", "items", _WIDE_SEVEN, upright=True, look=_ENGLISH),
        Shot("Rating", "rate", _FIVE, upright=True),
        Shot("Reasons", "reasons", _FIVE, upright=True),
        Shot("Thanks", "thanks", _FIVE, upright=True),
    ),
}


def draw_sheet(target: Path) -> None:
    """Draw the sheet into a PNG file.

    Raises:
        DeviceError: The file cannot be written.
    """
    rows = [
        Row(title, tuple((shot.caption, _drawn(shot)) for shot in shots))
        for title, shots in SHOTS.items()
    ]
    save(compose(rows), target)


def compose(rows: Sequence[Row]) -> pygame.Surface:
    """Return rows of pictures under each other, with their titles and captions."""
    wide = max(row.size[0] for row in rows) + 2 * _GAP
    high = sum(row.size[1] + _GAP for row in rows) + _GAP
    sheet = pygame.Surface((wide, high))
    sheet.fill(_GROUND)
    top = _GAP
    for row in rows:
        sheet.blit(font("Bold", _TITLE).render(row.title, True, _INK), (_GAP, top))
        left, under = _GAP, top + 2 * _TITLE
        for caption, picture in row.pictures:
            sheet.blit(picture, (left, under))
            words = font("Medium", _CAPTION).render(caption, True, _INK)
            sheet.blit(words, (left, under + picture.get_height() + 2))
            left += picture.get_width() + _GAP
        top += row.size[1] + _GAP
    return sheet


def save(surface: pygame.Surface, target: Path) -> None:
    """Write a surface as a PNG file, and the folder it lies in.

    Raises:
        DeviceError: It cannot be written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        pygame.image.save(surface, target)
    except (OSError, pygame.error) as error:
        raise DeviceError(f"{target} cannot be written: {error}") from None


def _drawn(shot: Shot) -> pygame.Surface:
    width, height, inches = PANELS[shot.panel]
    panel = panel_of(ScreenSettings(width, height, inches, 90 if shot.upright else 0))
    dress = Dress(panel, theme_of(shot.look), Words(shot.look.languages))
    view = examples(language=shot.look.languages[0])[shot.screen]
    drawn = Painter(dress).paint(view).surface
    scale = _PER_MM / panel.per_mm
    return pygame.transform.smoothscale(
        drawn, (round(panel.width * scale), round(panel.height * scale))
    )
