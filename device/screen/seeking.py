"""An output that is looked for until it is found, and again when it is lost.

A terminal begins before its graphics driver may be there, and drivers change hands while a board
starts. Displays are pulled out. Buttons must not care: whatever fails here is logged once and tried
again every two seconds.
"""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING

from device.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pygame

    from device.screen.outputs import Device

_log = logging.getLogger(__name__)
_LOOK_EVERY_MS = 2_000


class SoughtOutput:
    """Implements `Output` by whatever is found.

    Args:
        find: Opens an output; raises `DeviceError` where there is none, `OSError` where it refuses.
        panel: Width and height of the panel as it is made.
        up_ms: Tells monotonic milliseconds.
    """

    def __init__(
        self, find: Callable[[], Device], panel: tuple[int, int], up_ms: Callable[[], int]
    ) -> None:
        self._find = find
        self._panel = panel
        self._up_ms = up_ms
        self._found: Device | None = None
        self._picture: pygame.Surface | None = None
        self._fault: str | None = None
        self._looked_at = up_ms()
        self._seek()

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel; ``none`` while nothing does."""
        return self._found.driver if self._found else "none"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the display; of the panel, while there is none."""
        return self._found.size if self._found else self._panel

    def put(self, picture: pygame.Surface) -> None:
        """Show a picture, as soon as there is something to show it on."""
        self._picture = picture
        if self._found is not None:
            try:
                self._found.put(picture)
            except OSError as error:
                self._lose(error)

    def look(self) -> None:
        """Every two seconds see whether what was found still is, or look for it."""
        now = self._up_ms()
        if now - self._looked_at < _LOOK_EVERY_MS:
            return
        self._looked_at = now
        if self._found is None:
            self._seek()
            return
        try:
            self._found.look()
        except OSError as error:
            self._lose(error)

    def close(self) -> None:
        """Give the display back."""
        if self._found is not None:
            self._found.close()

    def _seek(self) -> None:
        try:
            self._found = self._find()
        except DeviceError as error:
            self._say(str(error))
        except OSError as error:
            self._say(_why(error))
        else:
            self._fault = None
            if self._picture is not None:
                self.put(self._picture)

    def _lose(self, error: OSError) -> None:
        self.close()
        self._found = None
        self._say(_why(error))

    def _say(self, fault: str) -> None:
        if fault != self._fault:
            _log.error("screen: nobody sees anything: %s; trying again every two seconds", fault)
        self._fault = fault


def _why(error: OSError) -> str:
    if error.errno in (errno.EACCES, errno.EBUSY):
        return f"{error.strerror}: another program, such as a desktop, has the display"
    return error.strerror or str(error)
