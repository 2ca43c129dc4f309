"""The port ``Screen``: paints views, turns them as the panel hangs; touches become targets.

Where the pixels go and where the fingers come from are its two parts (``outputs.py``): an SDL
window on a desktop, the kernel's own devices on a bare console.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pygame

from device.core.policy import Look
from device.core.policy import Texts as OwnTexts
from device.screen.backlight import find_backlight
from device.screen.canvas import Dress
from device.screen.fitting import place_in
from device.screen.logo import load_logo
from device.screen.painter import Painter
from device.screen.panel import panel_of
from device.screen.pointer import Pointer
from device.screen.theme import theme_of
from device.screen.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.targets import Target
    from device.core.view import View
    from device.screen.outputs import Output, Touch, Touches
    from device.screen.painter import Painted
    from device.settings import ScreenSettings


class PanelScreen:
    """Shows views on a panel and reads touches from it.

    Args:
        settings: The panel.
        output: Where the pixels go.
        touches: Where the fingers come from.
        backlights: Where the panel's light would be; None is where Linux has it.

    Raises:
        DeviceError: The logo cannot be used, or texts are missing.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        output: Output,
        touches: Touches,
        backlights: Path | None = None,
    ) -> None:
        self._settings = settings
        self._output = output
        self._touches = touches
        self._logo = load_logo(settings.logo) if settings.logo else None
        self._painter = self._painter_in(Look(), OwnTexts())
        self._backlight = find_backlight(backlights) if backlights else find_backlight()
        self._pointer = Pointer()
        self._shown: tuple[View, Target | None] | None = None
        self._painted: Painted | None = None

    def show(self, view: View) -> None:
        """Put ``view`` on the panel; does nothing when it is already there."""
        if self._shown is not None and not _same_targets(view, self._shown[0]):
            self._pointer.cancel()
        wanted = (view, self._pointer.held)
        if wanted == self._shown:
            return
        self._painted = self._painter.paint(self._lit(view), wanted[1])
        turned = self._painted.surface
        if self._settings.rotation:
            turned = pygame.transform.rotate(turned, -self._settings.rotation)
        self._output.put(turned)
        self._shown = wanted
        self._painter.prepare(self._lit(view))

    def dress(self, look: Look, texts: OwnTexts) -> None:
        """Change how everything looks and which words the office has of its own, at once.

        Raises:
            DeviceError: A language has no texts; everything stays as it was.
        """
        self._painter = self._painter_in(look, texts)
        shown, self._shown = self._shown, None
        if shown is not None:
            self._pointer.cancel()
            self.show(shown[0])

    def touched(self) -> list[Target]:
        """Return the targets touched since the last call."""
        self._output.look()
        taken = [self._follow(touch) for touch in self._touches.read()]
        if self._shown is not None:
            self.show(self._shown[0])
        return [target for target in taken if target is not None]

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel."""
        return self._output.driver

    def wakes(self) -> list[int] | None:
        """Return the descriptors of touches, if somebody can touch; None where there are none."""
        return self._touches.wakes()

    def closed(self) -> bool:
        """Return True when a person closed the window."""
        return self._touches.closed()

    def close(self) -> None:
        """Give the panel back."""
        self._touches.close()
        self._output.close()

    def _painter_in(self, look: Look, texts: OwnTexts) -> Painter:
        words = Words(look.languages, texts)
        return Painter(Dress(panel_of(self._settings), theme_of(look), words, self._logo))

    def _lit(self, view: View) -> View:
        """Turn the panel's light where there is one: the picture is not darkened then."""
        if self._backlight is None:
            return view
        if not self._backlight.turn_to(view.brightness):
            self._backlight = None
            return view
        return replace(view, brightness=100)

    def _follow(self, touch: Touch) -> Target | None:
        if touch.kind == "cancel":
            self._pointer.cancel()
            return None
        target = self._target(touch)
        if touch.kind == "down":
            self._pointer.down(touch.finger, target)
        elif touch.kind == "up":
            return self._pointer.up(touch.finger, target)
        else:
            self._pointer.move(touch.finger, target)
        return None

    def _target(self, touch: Touch) -> Target | None:
        panel = (self._settings.width_px, self._settings.height_px)
        place = place_in(panel, self._output.size, (touch.x, touch.y))
        upright = _upright(place, panel, self._settings.rotation)
        targets = self._painted.targets if self._painted else {}
        for target, box in targets.items():
            if box.collidepoint(upright):
                return target
        return None


def _same_targets(view: View, other: View) -> bool:
    """Return whether a finger that went down on one view means the same on the other."""

    def meant(each: View) -> tuple[object, ...]:
        return (each.kind, each.ticket, each.choices, each.keys, each.items, each.page)

    return meant(view) == meant(other)


def _upright(place: tuple[int, int], size: tuple[int, int], rotation: int) -> tuple[int, int]:
    """Turn a place on the panel into the picture's own upright coordinates."""
    x, y = place
    width, height = size
    if rotation == 90:
        return y, width - 1 - x
    if rotation == 180:
        return width - 1 - x, height - 1 - y
    if rotation == 270:
        return height - 1 - y, x
    return x, y
