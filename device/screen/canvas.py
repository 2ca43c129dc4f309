"""A screen while it is being drawn: pixels, targets, and what became of every text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pygame

from device.screen.drawings import fill_rounded
from device.screen.lettering import Line, draw_stack, scale_to_fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.targets import Target
    from device.core.view import View
    from device.screen.fonts import Weight
    from device.screen.lettering import Align, Item, Lettered
    from device.screen.panel import Panel
    from device.screen.theme import Coat, Theme
    from device.screen.words import Words

Both = tuple[str, str]
_NAME_LEAST = 0.4
_NAME_ROWS = 3
_RADIUS_MM = 3.0
_HELD_MM = (0.8, 0.4)


@dataclass(frozen=True, slots=True)
class Dress:
    """What every screen of a terminal is drawn with."""

    panel: Panel
    theme: Theme
    words: Words
    logo: pygame.Surface | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """Lines and the room they are to be written in; ``of`` is the target they belong to."""

    items: Sequence[Item]
    box: pygame.Rect
    of: Target | None = None
    align: Align = "centre"


@dataclass(slots=True)
class Canvas:
    """One screen of one panel.

    Attributes:
        dress: Panel, colours and words.
        view: What is shown.
        coat: The colours of the ground.
        held: The target under a finger.
        surface: The pixels.
        targets: Where a touch means something.
        said: What became of every text, and the target it belongs to.
    """

    dress: Dress
    view: View
    coat: Coat
    held: Target | None = None
    surface: pygame.Surface = field(init=False)
    targets: dict[Target, pygame.Rect] = field(default_factory=dict)
    said: list[tuple[Lettered, Target | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the ground."""
        self.surface = pygame.Surface((self.panel.width, self.panel.height))
        self.surface.fill(self.coat.ground)

    @property
    def panel(self) -> Panel:
        """The panel."""
        return self.dress.panel

    @property
    def theme(self) -> Theme:
        """The colours and sizes."""
        return self.dress.theme

    def say(self, message: str) -> Both:
        """Return a text in the language in front and in the one behind it."""
        return self.dress.words.both(message, self.view.language)

    def phrase(
        self,
        text: Both,
        size: float = 1.0,
        *,
        weight: Weight = "SemiBold",
        coat: Coat | None = None,
        before_mm: float = 0,
    ) -> list[Line]:
        """Return a text's lines in two languages; ``size`` in multiples of the good letter."""
        coat = coat or self.coat
        front = Line(
            text[0],
            weight,
            self.letters(size),
            coat.text,
            self.panel.mm(before_mm),
            least=self.panel.least,
        )
        behind = self.hint(text[1], size * self.theme.second, coat=coat)
        return [front, behind] if text[1] else [front]

    def hint(
        self, text: str, size: float, *, coat: Coat | None = None, before_mm: float = 0
    ) -> Line:
        """Return a line of lesser rank."""
        return Line(
            text,
            "Medium",
            self.letters(size),
            (coat or self.coat).faint,
            self.panel.mm(before_mm),
            main=False,
            least=self.panel.least,
        )

    def name(
        self,
        text: str,
        size: float,
        *,
        weight: Weight = "Medium",
        colour: str | None = None,
        before_mm: float = 0,
        least: float = _NAME_LEAST,
        rows: int = _NAME_ROWS,
    ) -> Line:
        """Return the line of a name or number from elsewhere: cut rather than ever smaller.

        ``least`` is the part of its size to which it may shrink before it is cut, ``rows`` into how
        many rows it may be wrapped.
        """
        wanted = self.letters(size)
        return Line(
            text,
            weight,
            wanted,
            colour or self.coat.text,
            self.panel.mm(before_mm),
            main=weight != "Medium",
            least=max(self.panel.least, int(wanted * least)),
            rows=rows,
        )

    def letters(self, size: float) -> int:
        """Return a font's size in pixels from multiples of the good letter."""
        return max(self.panel.least, round(self.panel.text * size * self.theme.letters))

    def write(self, *writings: Writing, scale: float | None = None) -> None:
        """Write all of them with one scale, so that equals look equal; None works it out."""
        if not writings:
            return
        if scale is None:
            scale = min(scale_to_fit(each.items, *each.box.size) for each in writings)
        for each in writings:
            drawn = draw_stack(self.surface, each.items, each.box, scale, each.align)
            self.said += [(lettered, each.of) for lettered in drawn]

    def plate(self, box: pygame.Rect, coat: Coat, target: Target | None = None) -> None:
        """Draw a rounded plate; with a target, it can be touched, and shows when it is held."""
        radius = self.panel.mm(_RADIUS_MM)
        if target is not None:
            self.targets[target] = box.copy()
        if target is not None and target == self.held:
            box, radius = self._ring(box, radius, self.theme.held, _HELD_MM[0])
            box, radius = self._ring(box, radius, self.coat.ground, _HELD_MM[1])
        elif coat.rim:
            box, radius = self._ring(box, radius, coat.rim, self.theme.rim_mm)
        fill_rounded(self.surface, box, radius, coat.ground)

    def _ring(
        self, box: pygame.Rect, radius: int, colour: str, wide_mm: float
    ) -> tuple[pygame.Rect, int]:
        fill_rounded(self.surface, box, radius, colour)
        wide = max(2, self.panel.mm(wide_mm))
        return box.inflate(-2 * wide, -2 * wide), max(1, radius - wide)
