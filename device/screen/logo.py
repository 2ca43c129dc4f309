"""An office's own logo: read once, drawn where it takes nothing away from the words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pygame

from device.errors import DeviceError
from device.screen.drawings import fill_rounded
from device.screen.lettering import Line, Picture, scale_to_fit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from device.screen.canvas import Canvas
    from device.screen.lettering import Item

MOST_BYTES = 2 * 1024 * 1024
_MOST_PIXELS = 4096
_DRAWN_AT = (768, 384)  # pixels: larger than it is ever shown
_PAD = 8  # part of the height of its white plate that is left free around it
_HEADS_MM = (16, 13, 10, 8)
_IDLE_MM = 16
_WIDEST = 3  # times its height in the head


def load_logo(path: Path) -> pygame.Surface:
    """Return the picture of a PNG, JPG or SVG file on a white plate.

    Raises:
        DeviceError: The file cannot be read, is too large, or is no such picture.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DeviceError(
            f"screen.logo: {path} cannot be read: {error.strerror or error}"
        ) from None
    if len(data) > MOST_BYTES:
        raise DeviceError(f"screen.logo: {path} is larger than 2 MB; take a smaller picture")
    try:
        picture = _picture(data, path.suffix.lower())
    except pygame.error:
        raise DeviceError(f"screen.logo: {path} is no PNG, JPG or SVG picture") from None
    if max(picture.get_size()) > _MOST_PIXELS:
        raise DeviceError(
            f"screen.logo: {path} is more than {_MOST_PIXELS} pixels wide or high; make it smaller"
        )
    return _on_plate(picture)


def beside_head(canvas: Canvas, head: Sequence[Item], box: pygame.Rect) -> pygame.Rect:
    """Draw the logo at the left of a head, as large as its words allow; return their room.

    Words may shrink for it only down to the letter of the standard; else there is no logo.
    """
    logo = canvas.dress.logo
    if logo is None:
        return box
    for height_mm in _HEADS_MM:
        width, height = _fitted(logo, min(box.height, canvas.panel.mm(height_mm)))
        rest = box.copy()
        rest.width -= width + canvas.panel.mm(3)
        rest.right = box.right
        if rest.width > 0 and _still_good(canvas, head, box, rest):
            place = pygame.Rect(box.left, 0, width, height)
            place.centery = box.centery
            canvas.surface.blit(pygame.transform.smoothscale(logo, place.size), place)
            return rest
    return box


def _still_good(canvas: Canvas, head: Sequence[Item], box: pygame.Rect, rest: pygame.Rect) -> bool:
    usual, now = (scale_to_fit(head, *each.size) for each in (box, rest))
    main = min(item.size for item in head if isinstance(item, Line) and item.main)
    return now >= usual or main * now >= canvas.panel.letter


def over_idle(canvas: Canvas) -> list[Picture]:
    """Return the logo as the first of the lines of the idle screen."""
    logo = canvas.dress.logo
    if logo is None:
        return []
    dark = logo.copy()
    dark.fill((110, 110, 110, 255), special_flags=pygame.BLEND_RGBA_MULT)
    return [Picture(dark, _fitted(dark, canvas.panel.mm(_IDLE_MM))[1])]


def _picture(data: bytes, suffix: str) -> pygame.Surface:
    if suffix == ".svg":
        return pygame.image.load_sized_svg(io.BytesIO(data), _DRAWN_AT)
    return pygame.image.load(io.BytesIO(data), f"logo{suffix}")


def _on_plate(picture: pygame.Surface) -> pygame.Surface:
    """Return the picture, made smaller, on white: it was made for paper."""
    wide, high = picture.get_size()
    scale = min(1.0, _DRAWN_AT[0] / wide, _DRAWN_AT[1] / high)
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    deep = pygame.Surface(picture.get_size(), pygame.SRCALPHA)
    deep.blit(picture, (0, 0))
    pad = max(1, size[1] // _PAD)
    plate = pygame.Surface((size[0] + 2 * pad, size[1] + 2 * pad), pygame.SRCALPHA)
    plate.fill((255, 255, 255, 0))  # else its edges turn grey when it is made smaller
    fill_rounded(plate, plate.get_rect(), 2 * pad, "#ffffff")
    plate.blit(pygame.transform.smoothscale(deep, size), (pad, pad))
    return plate


def _fitted(logo: pygame.Surface, height: int) -> tuple[int, int]:
    wide, high = logo.get_size()
    height = min(height, height * _WIDEST * high // wide)
    return max(1, height * wide // high), max(1, height)
