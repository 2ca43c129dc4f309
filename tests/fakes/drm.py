"""A graphics card as the kernel shows it: its answers to ioctl, its memory a plain file.

card = FakeCard(folder / "card0", modes=[(1280, 800)])
output = DrmOutput(open_card(folder, card.ioctl), ...)
card.colour((10, 10))  # what somebody in front of the display sees
"""

import ctypes
import errno
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device.screen.drm import calls as drm

_CONNECTOR, _ENCODER, _CRTC = 31, 41, 51
_ROOM = 64 << 20


class FakeCard:
    """One card with one connector.

    Args:
        path: Where its device appears.
        modes: The sizes that its display can show; the first is the one that it prefers.
        pad: Bytes that a line of a buffer is longer than its pixels.
        reads_by_itself: False for a card that has to be told what was drawn.
        connectors: 0 for a card without sockets.
    """

    def __init__(
        self,
        path: Path,
        modes: Sequence[tuple[int, int]] = ((1280, 800),),
        pad: int = 0,
        reads_by_itself: bool = True,
        connectors: int = 1,
    ) -> None:
        path.parent.mkdir(exist_ok=True)
        with path.open("wb") as file:
            file.truncate(_ROOM)
        self.path = path
        self.modes = list(modes)
        self.connected = True
        self.refuses: dict[int, int] = {}
        self.told = 0
        self.probes = 0
        self.scanned_out = 0
        self._pad = pad
        self._reads_by_itself = reads_by_itself
        self._connectors = connectors
        self._seen = b""
        self.buffers: dict[int, Any] = {}
        self.fbs: dict[int, Any] = {}
        self._next = 100

    def ioctl(self, _descriptor: int, number: int, argument: Any, mutate: bool) -> int:
        """Answer as the kernel."""
        assert mutate
        if number in self.refuses:
            raise OSError(self.refuses[number], "refused")
        self._answers[number](self, argument)
        return 0

    @property
    def shows(self) -> tuple[int, int] | None:
        """The size of the picture that is shown; None where the display is dark or gone."""
        if self.scanned_out not in self.fbs or not self.connected:
            return None
        fb = self.fbs[self.scanned_out]
        return fb.width, fb.height

    def colour(self, place: tuple[int, int]) -> tuple[int, int, int]:
        """Return what is seen at a place: red, green and blue."""
        assert self.shows is not None
        fb = self.fbs[self.scanned_out]
        at = place[1] * fb.pitch + 4 * place[0]
        if self._reads_by_itself:
            with self.path.open("rb") as file:
                file.seek(self.buffers[fb.handle].offset + at)
                blue, green, red = file.read(3)
        else:
            blue, green, red = self._seen[at : at + 3]
        return red, green, blue

    def _get_resources(self, asked: drm.Resources) -> None:
        _give(asked.crtcs, asked.count_crtcs, [_CRTC])
        _give(asked.connectors, asked.count_connectors, [_CONNECTOR] * self._connectors)
        asked.count_crtcs, asked.count_connectors = 1, self._connectors

    def _get_connector(self, asked: drm.Connector) -> None:
        assert asked.id == _CONNECTOR
        self.probes += asked.count_modes == 0
        modes = [self._mode(*size) for size in self.modes] if self.connected else []
        if asked.modes and asked.count_modes >= len(modes):
            for index, mode in enumerate(modes):
                place = asked.modes + index * ctypes.sizeof(mode)
                ctypes.memmove(place, ctypes.addressof(mode), ctypes.sizeof(mode))
        _give(asked.encoders, asked.count_encoders, [_ENCODER])
        asked.count_modes, asked.count_encoders = len(modes), 1
        asked.connection = 1 if self.connected else 2

    def _mode(self, width: int, height: int) -> drm.Mode:
        preferred = drm.MODE_PREFERRED if (width, height) == self.modes[0] else 0
        return drm.Mode(width=width, height=height, type=preferred)

    def _get_encoder(self, asked: drm.Encoder) -> None:
        assert asked.id == _ENCODER
        asked.possible_crtcs = 1

    def _create_dumb(self, asked: drm.CreateDumb) -> None:
        asked.pitch = asked.width * asked.bits // 8 + self._pad
        asked.size = -(-asked.pitch * asked.height // 4096) * 4096
        asked.handle = self._new()
        self.buffers[asked.handle] = drm.MapDumb(asked.handle, 0, len(self.buffers) << 23)

    def _map_dumb(self, asked: drm.MapDumb) -> None:
        asked.offset = self.buffers[asked.handle].offset

    def _add_fb(self, asked: drm.FrameBuffer) -> None:
        assert (asked.bits, asked.depth) == (32, 24)
        asked.id = self._new()
        self.fbs[asked.id] = drm.FrameBuffer.from_buffer_copy(asked)

    def _set_crtc(self, asked: drm.Crtc) -> None:
        connector = ctypes.c_uint32.from_address(asked.connectors).value
        assert (asked.id, connector, asked.mode_valid) == (_CRTC, _CONNECTOR, 1)
        assert (asked.mode.width, asked.mode.height) in self.modes
        self.scanned_out = asked.fb

    def _dirty_fb(self, asked: drm.Dirty) -> None:
        if self._reads_by_itself:
            raise OSError(errno.ENOSYS, "Function not implemented")
        self.told += 1
        fb = self.fbs[asked.fb]
        with self.path.open("rb") as file:
            file.seek(self.buffers[fb.handle].offset)
            self._seen = file.read(fb.pitch * fb.height)

    def _remove_fb(self, asked: drm.Handle) -> None:
        del self.fbs[asked.handle]

    def _destroy_dumb(self, asked: drm.Handle) -> None:
        del self.buffers[asked.handle]

    def _new(self) -> int:
        self._next += 1
        return self._next - 1

    _answers = {  # noqa: RUF012 - never changed
        drm.GET_RESOURCES: _get_resources,
        drm.GET_CONNECTOR: _get_connector,
        drm.GET_ENCODER: _get_encoder,
        drm.CREATE_DUMB: _create_dumb,
        drm.MAP_DUMB: _map_dumb,
        drm.ADD_FB: _add_fb,
        drm.SET_CRTC: _set_crtc,
        drm.DIRTY_FB: _dirty_fb,
        drm.REMOVE_FB: _remove_fb,
        drm.DESTROY_DUMB: _destroy_dumb,
    }


def _give(pointer: int, room: int, numbers: Sequence[int]) -> None:
    """Write numbers to where a program has room for them, as the kernel does."""
    if pointer and room >= len(numbers):
        for index, number in enumerate(numbers):
            ctypes.c_uint32.from_address(pointer + 4 * index).value = number
