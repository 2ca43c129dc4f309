"""A panel on Linux's old frame buffer, ``/dev/fb0``: for a machine without mode setting.

Lines are written and not mapped: that is ten times as fast where the kernel keeps a shadow of the
memory. Each pixel has 16, 24 or 32 bits, as the kernel says.
"""

from __future__ import annotations

import fcntl
import logging
import os
from ctypes import Structure, c_char, c_uint16, c_uint32, c_ulong
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.errors import DeviceError
from device.screen.pixels import PixelFormat

if TYPE_CHECKING:
    import pygame

_log = logging.getLogger(__name__)
_DEVICE = Path("/dev/fb0")
_GET_VARIABLE = 0x4600
_GET_FIXED = 0x4602
_BITS = (16, 24, 32)


class Field(Structure):
    """``fb_bitfield``: where a colour lies in a pixel."""

    _fields_ = (("offset", c_uint32), ("length", c_uint32), ("msb_right", c_uint32))


class Variable(Structure):
    """``fb_var_screeninfo``: size, what of it is seen, and the colours."""

    _fields_ = (
        ("width", c_uint32),
        ("height", c_uint32),
        ("virtual", c_uint32 * 2),
        ("x", c_uint32),
        ("y", c_uint32),
        ("bits", c_uint32),
        ("grayscale", c_uint32),
        ("red", Field),
        ("green", Field),
        ("blue", Field),
        ("alpha", Field),
        ("others", c_uint32 * 20),
    )


class Fixed(Structure):
    """``fb_fix_screeninfo``: above all how long a line is."""

    _fields_ = (
        ("id", c_char * 16),
        ("start", c_ulong),
        ("length", c_uint32),
        ("type", c_uint32),
        ("type_aux", c_uint32),
        ("visual", c_uint32),
        ("steps", c_uint16 * 3),
        ("stride", c_uint32),
        ("mmio_start", c_ulong),
        ("others", c_uint32 * 4),
    )


class FramebufferOutput:
    """Implements `Device` on a frame buffer.

    Args:
        path: Of its device.
        ioctl: As `fcntl.ioctl`.

    Raises:
        DeviceError: There is none, or its pixels are of a kind that cannot be written.
    """

    def __init__(self, path: Path = _DEVICE, ioctl: Any = fcntl.ioctl) -> None:
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        except OSError as error:
            raise DeviceError(f"{path}: {error.strerror or error}") from None
        self._ioctl = ioctl
        seen, kept = Variable(), Fixed()
        try:
            ioctl(self._descriptor, _GET_VARIABLE, seen, True)
            ioctl(self._descriptor, _GET_FIXED, kept, True)
            self._format = _format_of(seen, kept)
        except (OSError, ValueError) as error:
            os.close(self._descriptor)
            raise DeviceError(f"{path}: {error}") from None
        self._start = seen.y * kept.stride + seen.x * seen.bits // 8
        _log.info("screen: %s shows %d×%d, %d bits a pixel", path, *self.size, seen.bits)

    @property
    def driver(self) -> str:
        """What brings the pixels to the panel."""
        return "fb"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the display in pixels."""
        return self._format.size

    def put(self, picture: pygame.Surface) -> None:
        """Write a picture.

        Raises:
            OSError: The frame buffer is gone, or refuses.
        """
        rest = self._format.lines_of(picture)
        place = self._start
        while rest:
            written = os.pwrite(self._descriptor, rest, place)
            place, rest = place + written, rest[written:]

    def look(self) -> None:
        """See whether the frame buffer is there still; a better driver may have taken its place.

        Raises:
            OSError: It is not.
        """
        self._ioctl(self._descriptor, _GET_VARIABLE, Variable(), True)

    def close(self) -> None:
        """Give the device back."""
        os.close(self._descriptor)


def _format_of(seen: Variable, kept: Fixed) -> PixelFormat:
    colours = (seen.red, seen.green, seen.blue)
    if seen.bits not in _BITS or any(not colour.length for colour in colours):
        raise ValueError(f"pixels of {seen.bits} bits cannot be written; {_BITS} can")
    red, green, blue = (((1 << each.length) - 1) << each.offset for each in colours)
    size = (seen.width, seen.height)
    found = PixelFormat(size, seen.bits, (red, green, blue), kept.stride)
    if not all(size) or kept.stride < found.line:
        raise ValueError(f"lines of {kept.stride} bytes do not hold {size[0]} pixels")
    return found
