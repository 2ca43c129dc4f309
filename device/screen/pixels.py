"""Pixels in the order in which a display wants them in memory."""

from __future__ import annotations

from dataclasses import dataclass

import pygame

from device.screen.fitting import fitted


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """How a display keeps its pixels.

    Attributes:
        size: Width and height in pixels.
        bits: Of a pixel: 16, 24 or 32.
        masks: Which of them are red, green and blue.
        stride: Bytes from one line to the next.
    """

    size: tuple[int, int]
    bits: int
    masks: tuple[int, int, int]
    stride: int

    @property
    def line(self) -> int:
        """Bytes of one line that are pixels."""
        return self.size[0] * self.bits // 8

    def lines_of(self, picture: pygame.Surface) -> memoryview:
        """Return the bytes of a picture: lines that are ``stride`` apart.

        The last line may end before its stride. A picture that has the display's size and format
        already is not copied.
        """
        whole = fitted(picture, self.size)
        masks = (*self.masks, 0)
        if whole.get_bitsize() != self.bits or whole.get_masks() != masks:
            converted = pygame.Surface(self.size, 0, self.bits, masks)
            converted.blit(whole, (0, 0))
            whole = converted
        buffer = whole.get_buffer()
        pixels = memoryview(buffer).cast("B")  # type: ignore[arg-type] # it has the protocol
        pitch = whole.get_pitch()
        if pitch == self.stride:
            return pixels
        gap = bytes(self.stride - self.line)
        starts = range(0, pitch * self.size[1], pitch)
        return memoryview(gap.join(pixels[start : start + self.line] for start in starts))
