"""Graphics cards: which there are, what is connected, and in which mode a display is used."""

from __future__ import annotations

import fcntl
import os
from array import array
from contextlib import suppress
from ctypes import Structure, addressof
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.errors import DeviceError
from device.screen.drm import calls as drm

if TYPE_CHECKING:
    from collections.abc import Iterable

_CARDS = Path("/dev/dri")
_INTERLACED = 1 << 4

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
        progressive = not mode.flags & _INTERLACED
        preferred = bool(mode.type & drm.MODE_PREFERRED)
        return ((mode.width, mode.height) == size, preferred, progressive)

    return max(modes, key=rank)


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
