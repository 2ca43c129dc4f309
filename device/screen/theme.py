"""The themes of the screen: which colours are seen together, and how large letters are wanted.

Every coat's letters have the contrast of AA on its ground, and of AAA in high contrast; a test
computes it. Colour is never alone: faces, words, signs and places say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wire.records import CHOICES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from device.core.policy import Look
    from wire.records import Choice


@dataclass(frozen=True, slots=True)
class Coat:
    """Colours that are seen together.

    Attributes:
        ground: What the letters stand on.
        text: Main letters.
        faint: Letters of lesser rank.
        rim: Outline where there is one.
    """

    ground: str
    text: str
    faint: str
    rim: str | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """How everything looks.

    Attributes:
        day: A screen that is to be read.
        calm: Thanks: none of the colours of the choices, it must not hint at one.
        night: A screen that nobody is expected to look at.
        tile: An item; ``chosen`` when it is chosen.
        key: A key.
        alarm: What will soon be over; the other half of a flashing screen.
        choices: The three choices.
        held: Rim of what is under a finger.
        good: Sign of what is well, on ``day``.
        bad: Sign of what is not.
        rim_mm: Width of an outline.
        letters: How much larger than usual letters are wanted.
        second: Size of the second language; the first says the same at full size.
    """

    day: Coat
    calm: Coat
    night: Coat
    tile: Coat
    chosen: Coat
    key: Coat
    alarm: Coat
    choices: Mapping[Choice, Coat]
    held: str
    good: str
    bad: str
    rim_mm: float
    letters: float
    second: float

    @property
    def coats(self) -> tuple[Coat, ...]:
        """All coats that letters are written on."""
        shared = (self.day, self.calm, self.night, self.tile, self.chosen, self.key, self.alarm)
        return (*shared, *self.choices.values())


_WHITE, _BLACK = "#ffffff", "#000000"
_INK, _GREY, _SLATE, _MIST = "#101820", "#48555f", "#22313f", "#c9d4dc"
_YELLOW, _AMBER = "#ffe14d", "#ffcf40"
_LARGER = 1.3
_SECOND, _SECOND_BESIDE_LARGE = 0.65, 0.5


def theme_of(look: Look) -> Theme:
    """Return the theme that an office chose."""
    large = look.letters == "large"
    letters = _LARGER if large else 1.0
    second = _SECOND_BESIDE_LARGE if large else _SECOND
    return _high(letters, second) if look.contrast == "high" else _normal(letters, second)


def _normal(letters: float, second: float) -> Theme:
    colours = ("#006847", "#005499", "#a83200")
    return Theme(
        day=Coat(_WHITE, _INK, _GREY),
        calm=Coat(_SLATE, _WHITE, _MIST),
        night=Coat("#05080a", "#8b98a1", "#76828b"),
        tile=Coat("#eaf0f4", _INK, _GREY, rim="#73828e"),
        chosen=Coat(_SLATE, _WHITE, _MIST, rim=_INK),
        key=Coat(_WHITE, _SLATE, _GREY, rim=_SLATE),
        alarm=Coat(_AMBER, _INK, "#3a3520"),
        choices={
            choice: Coat(colour, _WHITE, _WHITE)
            for choice, colour in zip(CHOICES, colours, strict=True)
        },
        held=_INK,
        good="#006847",
        bad="#a83200",
        rim_mm=0.4,
        letters=letters,
        second=second,
    )


def _high(letters: float, second: float) -> Theme:
    plain = Coat(_BLACK, _WHITE, _YELLOW)
    outlined = Coat(_BLACK, _WHITE, _YELLOW, rim=_WHITE)
    return Theme(
        day=plain,
        calm=plain,
        night=Coat(_BLACK, "#c8c8c8", "#b4b4b4"),
        tile=outlined,
        chosen=Coat(_YELLOW, _BLACK, _BLACK, rim=_WHITE),
        key=Coat(_BLACK, _YELLOW, _WHITE, rim=_YELLOW),
        alarm=Coat(_YELLOW, _BLACK, _BLACK),
        choices=dict.fromkeys(CHOICES, outlined),
        held=_YELLOW,
        good=_WHITE,
        bad=_YELLOW,
        rim_mm=0.9,
        letters=letters,
        second=second,
    )
