"""Chooses where the pixels go and where the fingers come from, for the entry ``terminal.py``."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.screen.drm.card import open_card
from device.screen.drm.output import DrmOutput
from device.screen.evdev import EvdevTouches
from device.screen.framebuffer import FramebufferOutput
from device.screen.outputs import NoTouches
from device.screen.screen import PanelScreen
from device.screen.seeking import SoughtOutput
from device.screen.window import has_display, window_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.screen.outputs import Device
    from device.settings import ScreenSettings
    from device.settings.screen import OutputName


def open_screen(
    settings: ScreenSettings, title: str, up_ms: Callable[[], int], window: bool | None = None
) -> PanelScreen:
    """Open the panel; on a bare console it may be found later.

    Args:
        settings: The panel; its ``output`` says what is wanted.
        title: Of a window.
        up_ms: Tells monotonic milliseconds.
        window: True wants a window, False wants nobody to see anything, whatever the settings say.

    Raises:
        DeviceError: A window cannot be had, or the logo cannot be used.
    """
    wanted = settings.output
    desktop = has_display() or os.environ.get("SDL_VIDEODRIVER")
    if window is not None or wanted == "window" or (wanted == "auto" and desktop):
        visible = has_display() if window is None and wanted == "auto" else window is not False
        return window_screen(settings, visible=visible, title=title)
    panel = (settings.width_px, settings.height_px)
    output = SoughtOutput(partial(_find, wanted, panel), panel, up_ms)
    touches = EvdevTouches(up_ms) if settings.touch else NoTouches()
    return PanelScreen(settings, output, touches)


def _find(wanted: OutputName, panel: tuple[int, int]) -> Device:
    """Return a card, or a frame buffer where there is none.

    Raises:
        DeviceError: There is nothing of what is wanted; the text says why.
        OSError: A card refuses, because somebody else has it.
    """
    faults = []
    if wanted != "fb":
        try:
            return DrmOutput(open_card(), panel)
        except DeviceError as error:
            faults.append(str(error))
    if wanted != "drm":
        try:
            return FramebufferOutput()
        except DeviceError as error:
            faults.append(str(error))
    raise DeviceError(", ".join(faults))
