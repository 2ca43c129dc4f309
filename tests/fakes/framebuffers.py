"""Linux's frame buffer device: its answers to ioctl, its memory a plain file."""

import errno
from pathlib import Path
from typing import Any

from device.screen.framebuffer import Field, Fixed, Variable

_TRUE = ((16, 8), (8, 8), (0, 8))
_LAYOUTS = {16: ((11, 5), (5, 6), (0, 5))}


class FakeFramebuffer:
    """One frame buffer.

    Args:
        path: Where its device appears.
        size: Width and height in pixels.
        bits: Of a pixel.
        pad: Bytes that a line is longer than its pixels.
        from_line: The first line that is seen.
    """

    def __init__(
        self, path: Path, size: tuple[int, int], bits: int = 32, pad: int = 0, from_line: int = 0
    ) -> None:
        self.path = path
        self.size = size
        self.bits = bits
        self.stride = size[0] * bits // 8 + pad
        self.from_line = from_line
        self.gone = False
        self.layout = _LAYOUTS.get(bits, _TRUE)
        path.write_bytes(b"\xee" * self.stride * (size[1] + from_line))

    def ioctl(self, _descriptor: int, number: int, argument: Any, mutate: bool) -> int:
        """Answer as the kernel."""
        assert mutate
        if self.gone:
            raise OSError(errno.ENODEV, "No such device")
        if number == 0x4600:
            assert isinstance(argument, Variable)
            argument.width, argument.height = self.size
            argument.y, argument.bits = self.from_line, self.bits
            red, green, blue = (Field(*each) for each in self.layout)
            argument.red, argument.green, argument.blue = red, green, blue
            return 0
        assert (number, type(argument)) == (0x4602, Fixed)
        argument.stride = self.stride
        return 0

    def colour(self, place: tuple[int, int]) -> tuple[int, int, int]:
        """Return what is seen at a place: red, green and blue, each from 0 to 255."""
        x, y = place
        at, size = (y + self.from_line) * self.stride + x * self.bits // 8, self.bits // 8
        with self.path.open("rb") as file:
            file.seek(at)
            pixel = int.from_bytes(file.read(size), "little")
        red, green, blue = (_colour(pixel, *where) for where in self.layout)
        return red, green, blue


def _colour(pixel: int, offset: int, length: int) -> int:
    most = (1 << length) - 1
    return (pixel >> offset & most) * 255 // most
