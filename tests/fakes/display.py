"""An X server without a monitor, real pointer events into it, and a look at its pixels.

with running_display(tmp_path, 800, 480) as display:
    program.env |= display.env
    display.pointer("mousemove", 100, 100, "click", 1)
    display.colour((100, 100))
"""

import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.fakes.wait import eventually

Place = tuple[int, int]
_HEADER = struct.Struct(">25I")


class Picture(NamedTuple):
    """What the screen shows: its size, and the pixels as red, green, blue."""

    width: int
    height: int
    rgb: bytes

    def colour(self, place: Place) -> str:
        """Return the colour of a pixel, such as ``#006847``."""
        at = 3 * (place[1] * self.width + place[0])
        return f"#{self.rgb[at : at + 3].hex()}"

    def save(self, path: Path) -> None:
        """Write it to a file, for a person to look at."""
        import pygame

        size = (self.width, self.height)
        pygame.image.save(pygame.image.frombytes(self.rgb, size, "RGB"), path)


class Display:
    """An Xvfb as large as the panel, so that a window of the panel's size covers it.

    Args:
        folder: Where its framebuffer is kept.
        width: Of the screen in pixels; ``height`` likewise.
    """

    def __init__(self, folder: Path, width: int, height: int) -> None:
        self._framebuffer = folder / "Xvfb_screen0"
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", f"{width}x{height}x24",
             "-fbdir", str(folder), "-nolisten", "tcp", "-noreset"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdout is not None
        with self._process.stdout as said:
            number = said.readline().decode().strip()
        assert number, "Xvfb did not start"
        self.env = {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}

    def pointer(self, *words: str | int) -> None:
        """Move and press the pointer by words of xdotool; done when the server has them."""
        subprocess.run(
            ["xdotool", *map(str, words)], env=self.env, check=True, capture_output=True, timeout=30
        )

    def picture(self) -> Picture:
        """Return what the screen shows now."""
        data = self._framebuffer.read_bytes()
        header = _HEADER.unpack_from(data)
        width, height, per_line, colours = header[4], header[5], header[12], header[19]
        pixels = memoryview(data)[header[0] + 12 * colours :]
        rows = [pixels[y * per_line : y * per_line + 4 * width] for y in range(height)]
        bgrx = b"".join(rows)
        rgb = bytearray(3 * width * height)
        for to, source in ((0, 2), (1, 1), (2, 0)):
            rgb[to::3] = bgrx[source::4]
        return Picture(width, height, bytes(rgb))

    def close(self) -> None:
        """End the server."""
        self._process.terminate()
        self._process.wait(10)


@contextmanager
def running_display(folder: Path, width: int, height: int) -> Iterator[Display]:
    """Run a display for the time of a test."""
    folder.mkdir(exist_ok=True)
    display = Display(folder, width, height)
    try:
        eventually(lambda: display.picture().width == width, 10, "a screen")
        yield display
    finally:
        display.close()
