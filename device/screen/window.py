"""An SDL window on a desktop, or SDL's memory where there is no display at all.

SDL sends a finger as a finger *and* as a mouse; both translations are switched off before SDL
starts, so one touch is one touch. So is SDL's way of showing a picture by OpenGL: where the machine
has to do that in software, it costs 75 MB and five threads for a picture that changes seldom.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

os.environ["SDL_TOUCH_MOUSE_EVENTS"] = "0"
os.environ["SDL_MOUSE_TOUCH_EVENTS"] = "0"
os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")

import pygame

from device.errors import DeviceError
from device.screen import connection
from device.screen.outputs import Touch
from device.screen.screen import PanelScreen

if TYPE_CHECKING:
    from pathlib import Path

    from device.screen.outputs import TouchKind
    from device.settings import ScreenSettings

_MOUSE = "mouse"


def has_display() -> bool:
    """Return True where a window can be opened, and nobody chose SDL's dummy driver."""
    if os.environ.get("SDL_VIDEODRIVER") == "dummy":
        return False
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def window_screen(
    settings: ScreenSettings, *, visible: bool, title: str, backlights: Path | None = None
) -> PanelScreen:
    """Return a screen in a window; raises as `SdlWindow` and `PanelScreen`."""
    window = SdlWindow(settings, visible=visible, title=title)
    return PanelScreen(settings, window, window, backlights)


class SdlWindow:
    """Implements `Output` and `Touches` by SDL.

    Args:
        settings: The panel.
        visible: False draws into memory only, with SDL's dummy driver.
        title: Of the window.

    Raises:
        DeviceError: SDL cannot open a window.
    """

    def __init__(self, settings: ScreenSettings, *, visible: bool, title: str) -> None:
        if not visible:
            os.environ["SDL_VIDEODRIVER"] = "dummy"
        self._touch = settings.touch
        self._touchable = visible and settings.touch
        self._closed = False
        try:
            pygame.display.init()
            pygame.display.set_caption(title)
            self._window = pygame.display.set_mode((settings.width_px, settings.height_px))
        except pygame.error as error:
            raise DeviceError(f"screen: SDL cannot open a window: {error}") from None
        pygame.mouse.set_visible(visible and not settings.touch)

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel, in SDL's word."""
        return pygame.display.get_driver()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the window."""
        return self._window.get_size()

    def put(self, picture: pygame.Surface) -> None:
        """Show a picture in the window."""
        self._window.blit(picture, (0, 0))
        pygame.display.flip()

    def look(self) -> None:
        """Do nothing: the desktop looks after its display."""

    def read(self) -> list[Touch]:
        """Return what fingers and the mouse did, and notice a closed window."""
        touches = [self._touch_of(event) for event in pygame.event.get()]
        return [touch for touch in touches if touch is not None and self._touch]

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

    def _touch_of(self, event: pygame.Event) -> Touch | None:
        if event.type == pygame.QUIT:
            self._closed = True
        elif event.type in _FINGER:
            finger = (event.touch_id, event.finger_id)
            return Touch(_FINGER[event.type], finger, event.x, event.y)
        elif event.type in _POINTER and _is_left(event):
            # The middle of the pixel, which no rounding takes for its neighbour.
            x, y = ((at + 0.5) / of for at, of in zip(event.pos, self.size, strict=True))
            return Touch(_POINTER[event.type], _MOUSE, x, y)
        return None


_FINGER: dict[int, TouchKind] = {
    pygame.FINGERDOWN: "down",
    pygame.FINGERMOTION: "move",
    pygame.FINGERUP: "up",
}
_POINTER: dict[int, TouchKind] = {
    pygame.MOUSEBUTTONDOWN: "down",
    pygame.MOUSEMOTION: "move",
    pygame.MOUSEBUTTONUP: "up",
}


def _is_left(event: pygame.Event) -> bool:
    return event.type == pygame.MOUSEMOTION or bool(event.button == pygame.BUTTON_LEFT)
