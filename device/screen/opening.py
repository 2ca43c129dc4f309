"""Chooses where the pixels go and where the fingers come from, for the entry ``terminal.py``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.screen.outputs import NoTouches
from device.screen.screen import PanelScreen
from device.screen.window import has_display, window_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.screen.outputs import Output
    from device.settings import ScreenSettings

    Opener = Callable[[], Output]

_log = logging.getLogger(__name__)


def open_screen(
    settings: ScreenSettings, title: str, up_ms: Callable[[], int], window: bool | None = None
) -> PanelScreen:
    """Open the panel.

    Args:
        settings: The panel; its ``output`` says what is wanted.
        title: Of a window.
        up_ms: Tells monotonic milliseconds.
        window: True wants a window, False wants nobody to see anything, whatever the settings say.

    Raises:
        DeviceError: What is wanted cannot be had, or the logo cannot be used.
    """
    wanted = settings.output
    if window is not None or wanted == "window" or (wanted == "auto" and has_display()):
        return window_screen(settings, visible=window is not False, title=title)
    output = _first_of(settings, up_ms)
    if output is None:
        return window_screen(settings, visible=False, title=title)
    if not settings.touch:
        return PanelScreen(settings, output, NoTouches())
    from device.screen.evdev import EvdevTouches

    return PanelScreen(settings, output, EvdevTouches(up_ms))


def _first_of(settings: ScreenSettings, up_ms: Callable[[], int]) -> Output | None:
    """Return the output that is wanted; None where ``auto`` finds none."""
    ways: dict[str, Opener] = {"drm": lambda: _drm(settings, up_ms), "fb": _framebuffer}
    faults = []
    for name in ways if settings.output == "auto" else (settings.output,):
        try:
            return ways[name]()
        except DeviceError as error:
            faults.append(str(error))
    told = "; ".join(faults)
    if settings.output != "auto":
        raise DeviceError(f"screen: output {settings.output!r} cannot be used: {told}")
    _log.error("screen: nobody will see anything: no window, and %s", told)
    return None


def _drm(settings: ScreenSettings, up_ms: Callable[[], int]) -> Output:
    from device.screen.drm import DrmOutput, open_card

    return DrmOutput(open_card(), (settings.width_px, settings.height_px), up_ms)


def _framebuffer() -> Output:
    from device.screen.framebuffer import FramebufferOutput

    return FramebufferOutput()
