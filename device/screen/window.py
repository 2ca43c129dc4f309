"""The SDL adapter of the port ``Screen``: a window on a desktop, or no display at all.

SDL sends a finger as a finger *and* as a mouse; both translations are switched off before SDL
starts, so one touch is one touch. So is SDL's way of showing a picture by OpenGL: where the machine
has to do that in software, it costs 75 MB and five threads for a picture that changes seldom.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

os.environ["SDL_TOUCH_MOUSE_EVENTS"] = "0"
os.environ["SDL_MOUSE_TOUCH_EVENTS"] = "0"
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import pygame

from device.core.policy import Look
from device.core.policy import Texts as OwnTexts
from device.errors import DeviceError
from device.screen import connection
from device.screen.backlight import find_backlight
from device.screen.canvas import Dress
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
    from device.screen.painter import Painted
    from device.settings import ScreenSettings

_MOUSE = "mouse"


def has_display() -> bool:
    """Return True where a window can be opened, and nobody chose SDL's dummy driver."""
    if os.environ.get("SDL_VIDEODRIVER") == "dummy":
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


class SdlScreen:
    """Shows views in an SDL window and reads touches from it.

    Args:
        settings: The panel.
        visible: False draws into memory only, with SDL's dummy driver.
        title: Of the window.
        backlights: Where the panel's light would be; None is where Linux has it.

    Raises:
        DeviceError: SDL cannot open a window, the logo cannot be used, or texts are missing.
    """

    def __init__(
        self,
        settings: ScreenSettings,
        *,
        visible: bool,
        title: str,
        backlights: Path | None = None,
    ) -> None:
        if not visible:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        self._settings = settings
        self._logo = load_logo(settings.logo) if settings.logo else None
        self._painter = self._painter_in(Look(), OwnTexts())
        self._backlight = find_backlight(backlights) if backlights else find_backlight()
        self._touchable = visible and settings.touch
        self._pointer = Pointer()
        self._shown: tuple[View, Target | None] | None = None
        self._painted: Painted | None = None
        self._closed = False
        try:
            pygame.display.init()
            pygame.display.set_caption(title)
            self._window = pygame.display.set_mode((settings.width_px, settings.height_px))
        except pygame.error as error:
            raise DeviceError(f"screen: SDL cannot open a window: {error}") from None
        pygame.mouse.set_visible(visible and not settings.touch)

    def show(self, view: View) -> None:
        """Put ``view`` into the window; does nothing when it is already there."""
        if self._shown is not None and not _same_targets(view, self._shown[0]):
            self._pointer.cancel()
        wanted = (view, self._pointer.held)
        if wanted == self._shown:
            return
        self._painted = self._painter.paint(self._lit(view), wanted[1])
        turned = self._painted.surface
        if self._settings.rotation:
            turned = pygame.transform.rotate(turned, -self._settings.rotation)
        self._window.blit(turned, (0, 0))
        pygame.display.flip()
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
        taken = [self._handle(event) for event in pygame.event.get()]
        if self._shown is not None:
            self.show(self._shown[0])
        return [target for target in taken if target is not None]

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel, in SDL's word."""
        return pygame.display.get_driver()

    def wakes(self) -> list[int] | None:
        """Return the window's descriptor, if somebody can touch; None where there is none."""
        if not self._touchable:
            return []
        found = connection.descriptor()
        return None if found is None else [found]

    def closed(self) -> bool:
        """Return True when a person closed the window."""
        return self._closed

    def close(self) -> None:
        """Close the window."""
        pygame.display.quit()

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

    def _handle(self, event: pygame.Event) -> Target | None:
        if event.type == pygame.QUIT:
            self._closed = True
        elif not self._settings.touch:
            return None
        elif event.type in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
            size = self._window.get_size()
            place = (int(event.x * size[0]), int(event.y * size[1]))
            return self._follow(event.type, (event.touch_id, event.finger_id), place)
        elif event.type == pygame.MOUSEMOTION or _is_left_button(event):
            return self._follow(event.type, _MOUSE, event.pos)
        return None

    def _follow(self, kind: int, finger: object, place: tuple[int, int]) -> Target | None:
        target = self._target(place)
        if kind in (pygame.FINGERDOWN, pygame.MOUSEBUTTONDOWN):
            self._pointer.down(finger, target)
        elif kind in (pygame.FINGERUP, pygame.MOUSEBUTTONUP):
            return self._pointer.up(finger, target)
        else:
            self._pointer.move(finger, target)
        return None

    def _target(self, place: tuple[int, int]) -> Target | None:
        upright = _upright(place, self._window.get_size(), self._settings.rotation)
        targets = self._painted.targets if self._painted else {}
        for target, box in targets.items():
            if box.collidepoint(upright):
                return target
        return None


def _is_left_button(event: pygame.Event) -> bool:
    clicked = event.type in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP)
    return clicked and bool(event.button == pygame.BUTTON_LEFT)


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
