"""A "dumb" buffer: memory that a card shows and we map. The picture is copied into it.

The first connector with a display is used, in the mode of the panel's size; where the display has
none, in the one it prefers, with the picture scaled. A display that is pulled out and put in again
gets its picture back.
"""

from __future__ import annotations

import errno
import logging
import mmap
from array import array
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from device.screen.drm import calls as drm
from device.screen.pixels import PixelFormat

if TYPE_CHECKING:
    import pygame

    from device.screen.drm.card import Card, Way

_log = logging.getLogger(__name__)
_BITS, _DEPTH = 32, 24
_MASKS = (0xFF0000, 0x00FF00, 0x0000FF)  # XRGB8888, which every driver has
_READS_BY_ITSELF = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
"""How a driver says that nobody need tell it what was drawn."""


class DumbBuffer:
    """Memory that a card shows, in the size of a mode.

    Args:
        card: The card.
        size: Width and height in pixels.

    Raises:
        OSError: The kernel refuses.
    """

    def __init__(self, card: Card, size: tuple[int, int]) -> None:
        with ExitStack() as undo:
            made = drm.CreateDumb(width=size[0], height=size[1], bits=_BITS)
            card.call(drm.CREATE_DUMB, made)
            undo.callback(_drop, card, drm.DESTROY_DUMB, made.handle)
            self.format = PixelFormat(size, _BITS, _MASKS, made.pitch)
            shown = drm.FrameBuffer(0, *size, made.pitch, _BITS, _DEPTH, made.handle)
            card.call(drm.ADD_FB, shown)
            self.fb = shown.id
            undo.callback(_drop, card, drm.REMOVE_FB, self.fb)
            place = drm.MapDumb(handle=made.handle)
            card.call(drm.MAP_DUMB, place)
            self._map = mmap.mmap(card.descriptor, made.size, offset=place.offset)
            undo.callback(self._map.close)
            self._undo = undo.pop_all()

    def write(self, picture: pygame.Surface) -> None:
        """Copy a picture into the memory."""
        lines = self.format.lines_of(picture)
        self._map[: len(lines)] = lines

    def close(self) -> None:
        """Give the memory back; a display that shows it goes dark."""
        self._undo.close()


def _drop(card: Card, number: int, handle: int) -> None:
    with suppress(OSError):
        card.call(number, drm.Handle(handle))


class DrmOutput:
    """Implements `Device` on a card; without a display it waits for one.

    Args:
        card: The card; closed with this, also where this fails.
        panel: Width and height of the panel as it is made.

    Raises:
        OSError: The kernel refuses.
    """

    def __init__(self, card: Card, panel: tuple[int, int]) -> None:
        self._card = card
        self._panel = panel
        self._way: Way | None = None
        self._buffer: DumbBuffer | None = None
        self._picture: pygame.Surface | None = None
        try:
            self._connect()
        except OSError:
            self.close()
            raise
        if self._way is None:
            _log.error("screen: no display is connected to %s", card.path)

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel."""
        return "drm"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the mode; of the panel, while there is no display."""
        return self._buffer.format.size if self._buffer else self._panel

    def put(self, picture: pygame.Surface) -> None:
        """Show a picture; without a display it is kept for the next one.

        Raises:
            OSError: The kernel refuses.
        """
        self._picture = picture
        if self._buffer is not None:
            self._buffer.write(picture)
            self._tell(self._buffer.fb)

    def look(self) -> None:
        """See whether the display came or went.

        Raises:
            OSError: The card is gone, or somebody else has it.
        """
        if self._way is None:
            if self._card.any_connected():
                self._connect()
        elif not self._card.connected(self._way.connector):
            self._disconnect()
            _log.error("screen: the display is gone from %s", self._card.path)

    def close(self) -> None:
        """Give memory and card back: the console is seen again."""
        self._disconnect()
        self._card.close()

    def _connect(self) -> None:
        ways = self._card.ways(self._panel)
        if not ways:
            return
        self._way = ways[0]
        self._show(self._way)
        if self._picture is not None:
            self.put(self._picture)

    def _show(self, way: Way) -> None:
        size = (way.mode.width, way.mode.height)
        self._buffer = DumbBuffer(self._card, size)
        connectors = array("I", [way.connector])
        crtc = drm.Crtc(
            connectors=connectors.buffer_info()[0],
            count_connectors=1,
            id=way.crtc,
            fb=self._buffer.fb,
            mode_valid=1,
            mode=way.mode,
        )
        self._card.call(drm.SET_CRTC, crtc)
        _log.info("screen: %s shows %d×%d", self._card.path, *size)
        if size != self._panel:
            wanted = "{}×{}".format(*self._panel)
            _log.warning("screen: the display has no mode %s; the picture is scaled", wanted)

    def _disconnect(self) -> None:
        if self._buffer is not None:
            self._buffer.close()
        self._way = self._buffer = None

    def _tell(self, fb: int) -> None:
        """Have the picture brought out, where a card does not read the memory by itself."""
        try:
            self._card.call(drm.DIRTY_FB, drm.Dirty(fb=fb))
        except OSError as error:
            if error.errno not in _READS_BY_ITSELF:
                raise
