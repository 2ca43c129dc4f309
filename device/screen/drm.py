"""A panel on the kernel's own mode setting: a "dumb" buffer, mapped, shown by a CRTC.

No X, no Mesa, no GPU: the picture is copied into memory that the display reads. The first
connector with a display is used, in the mode of the panel's size; where the display has none, in
the one it prefers, with the picture scaled. A display that is pulled out and put in again gets its
picture back.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import mmap
import os
from array import array
from contextlib import ExitStack, suppress
from ctypes import Structure, addressof
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.errors import DeviceError
from device.screen import drm_calls as drm
from device.screen.pixels import PixelFormat

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pygame

_log = logging.getLogger(__name__)
_CARDS = Path("/dev/dri")
_BITS, _DEPTH = 32, 24
_MASKS = (0xFF0000, 0x00FF00, 0x0000FF)  # XRGB8888, which every driver has
_READS_BY_ITSELF = (errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
"""How a driver says that nobody need tell it what was drawn."""

Ioctl = Any
"""As `fcntl.ioctl`."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a picture gets to a display: the connector, what feeds it, and the timings."""

    connector: int
    crtc: int
    mode: drm.Mode


class Card:
    """One graphics card, open.

    Args:
        path: Of its device.
        ioctl: Calls the kernel.

    Raises:
        OSError: It cannot be opened, or it can set no modes.
    """

    def __init__(self, path: Path, ioctl: Ioctl = fcntl.ioctl) -> None:
        self.path = path
        self._ioctl = ioctl
        self.descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            self._crtcs, self._connectors = self._resources()
        except OSError:
            self.close()
            raise

    @property
    def connectors(self) -> int:
        """How many sockets for displays there are."""
        return len(self._connectors)

    def call(self, number: int, argument: Structure) -> None:
        """Call the kernel; the answer is in the argument.

        Raises:
            OSError: The kernel refuses.
        """
        self._ioctl(self.descriptor, number, argument, True)

    def ways(self, size: tuple[int, int]) -> list[Way]:
        """Return the ways to all connected displays, each in the mode that is best for a size.

        Raises:
            OSError: The kernel refuses.
        """
        found = []
        for connector in self._connectors:
            encoders, modes = self._connected(connector)
            crtc = self._crtc_for(encoders)
            if modes and crtc is not None:
                found.append(Way(connector, crtc, best_mode(modes, size)))
        return found

    def any_connected(self) -> bool:
        """Return whether there is a display anywhere; as `connected`."""
        return any(self.connected(connector) for connector in self._connectors)

    def connected(self, connector: int) -> bool:
        """Return whether there is a display, as far as the kernel knows without asking it.

        Raises:
            OSError: The kernel refuses.
        """
        # With room for one mode the kernel does not probe the wires, which takes long.
        modes = (drm.Mode * 1)()
        state = drm.Connector(id=connector, count_modes=1, modes=addressof(modes))
        self.call(drm.GET_CONNECTOR, state)
        return bool(state.connection == drm.CONNECTED)

    def close(self) -> None:
        """Give the card back."""
        os.close(self.descriptor)

    def _resources(self) -> tuple[list[int], list[int]]:
        counts = drm.Resources()
        self.call(drm.GET_RESOURCES, counts)
        crtcs, connectors = _numbers(counts.count_crtcs), _numbers(counts.count_connectors)
        asked = drm.Resources(
            crtcs=crtcs.buffer_info()[0],
            connectors=connectors.buffer_info()[0],
            count_crtcs=len(crtcs),
            count_connectors=len(connectors),
        )
        self.call(drm.GET_RESOURCES, asked)
        return list(crtcs[: asked.count_crtcs]), list(connectors[: asked.count_connectors])

    def _connected(self, connector: int) -> tuple[list[int], list[drm.Mode]]:
        """Return encoders and modes of a display; no modes where there is none."""
        probed = drm.Connector(id=connector)
        self.call(drm.GET_CONNECTOR, probed)
        encoders = _numbers(probed.count_encoders)
        modes = (drm.Mode * max(1, probed.count_modes))()
        asked = drm.Connector(
            id=connector,
            encoders=encoders.buffer_info()[0],
            count_encoders=len(encoders),
            modes=addressof(modes),
            count_modes=len(modes),
        )
        self.call(drm.GET_CONNECTOR, asked)
        if asked.connection != drm.CONNECTED:
            return [], []
        known = [mode for mode in modes[: asked.count_modes] if mode.width]
        return list(encoders[: asked.count_encoders]), known

    def _crtc_for(self, encoders: Iterable[int]) -> int | None:
        for number in encoders:
            encoder = drm.Encoder(id=number)
            self.call(drm.GET_ENCODER, encoder)
            for index, crtc in enumerate(self._crtcs):
                if encoder.possible_crtcs >> index & 1:
                    return crtc
        return None


def best_mode(modes: list[drm.Mode], size: tuple[int, int]) -> drm.Mode:
    """Return the mode of a size, the one that the display prefers, or the first."""

    def rank(mode: drm.Mode) -> tuple[bool, bool, bool]:
        progressive = not mode.flags & 1 << 4
        preferred = bool(mode.type & drm.MODE_PREFERRED)
        return ((mode.width, mode.height) == size, preferred, progressive)

    return max(modes, key=rank)


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


def open_card(folder: Path = _CARDS, ioctl: Ioctl = fcntl.ioctl) -> Card:
    """Return the first card with sockets for displays, one with a display before others.

    Raises:
        DeviceError: There is none that can be used; the text says why.
    """
    cards, faults = [], []
    for path in sorted(folder.glob("card*")):
        try:
            card = Card(path, ioctl)
        except OSError as error:
            faults.append(f"{path}: {error.strerror or error}")
            continue
        cards.append(card)
    best = max(cards, key=_usefulness, default=None)
    for card in cards:
        if card is not best or not card.connectors:
            card.close()
    if best is None or not best.connectors:
        raise DeviceError("; ".join(faults) or f"{folder}: no graphics card that sets modes")
    return best


def _usefulness(card: Card) -> int:
    with suppress(OSError):
        return 2 if card.ways((0, 0)) else int(card.connectors > 0)
    return 0


def _numbers(count: int) -> array[int]:
    return array("I", bytes(4 * max(1, count)))
