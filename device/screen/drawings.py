"""Faces, signs and rounded panels as small SVG texts, made to the pixel size that is needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pygame

from device.screen.palette import CHOICE_COLOURS

if TYPE_CHECKING:
    from wire.records import Choice

_EYES = '<ellipse cx="33" cy="42" rx="6.5" ry="8.5"/><ellipse cx="67" cy="42" rx="6.5" ry="8.5"/>'
_STROKE = 'fill="none" stroke="{colour}" stroke-width="8" stroke-linecap="round"'
_MOUTHS: dict[Choice, str] = {
    "very_satisfied": '<path d="M20 57 Q50 63 80 57 Q80 87 50 87 Q20 87 20 57 Z"/>',
    "satisfied": f'<path d="M27 65 Q50 85 73 65" {_STROKE}/>',
    # A plain sad mouth; eyebrows would look hostile.
    "unsatisfied": f'<path d="M27 78 Q50 55 73 78" {_STROKE}/>',
}
_SIGNS = {
    "tick": f'<circle cx="50" cy="50" r="50" fill="#ffffff"/>'
    f'<path d="M27 52 L43 68 L74 35" stroke-linejoin="round" {_STROKE}/>',
    "clock": f'<circle cx="50" cy="50" r="45" {_STROKE}/>'
    f'<path d="M50 25 L50 52 L67 62" stroke-linejoin="round" {_STROKE}/>',
    "stop": f'<path d="M50 8 L95 90 L5 90 Z" stroke-linejoin="round" {_STROKE}/>'
    f'<path d="M50 38 L50 60" {_STROKE}/><circle cx="50" cy="76" r="5.5"/>',
}


def face(choice: Choice, size: int) -> pygame.Surface:
    """Return the white face of a choice, ``size`` pixels wide, cut out in the choice's colour."""
    colour = CHOICE_COLOURS[choice]
    mouth = _MOUTHS[choice].replace("{colour}", colour)
    white = '<circle cx="50" cy="50" r="50" fill="#ffffff"/>'
    return _svg(f'{white}<g fill="{colour}">{_EYES}{mouth}</g>', 100, 100, (size, size))


def sign(name: str, size: int, colour: str) -> pygame.Surface:
    """Return the sign ``tick``, ``clock`` or ``stop``, ``size`` pixels wide."""
    body = _SIGNS[name].replace("{colour}", colour)
    return _svg(f'<g fill="{colour}">{body}</g>', 100, 100, (size, size))


def rounded(size: tuple[int, int], radius: int, colour: str) -> pygame.Surface:
    """Return a filled rounded rectangle with smooth corners."""
    width, height = size
    rect = f'<rect width="{width}" height="{height}" rx="{radius}" fill="{colour}"/>'
    return _svg(rect, width, height, size)


def _svg(body: str, width: int, height: int, size: tuple[int, int]) -> pygame.Surface:
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{size[0]}" height="{size[1]}">{body}</svg>'
    )
    return pygame.image.load_sized_svg(io.BytesIO(text.encode("ascii")), size)
