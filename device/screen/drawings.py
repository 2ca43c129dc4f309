"""Faces, signs and rounded panels as small SVG texts, made to the pixel size that is needed."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import pygame

if TYPE_CHECKING:
    from wire.records import Choice

Sign = Literal[
    "tick", "cross", "clock", "stop", "dot", "ring", "skip", "next", "back", "globe", "copy", "eye"
]

_EYES = '<ellipse cx="33" cy="42" rx="6.5" ry="8.5"/><ellipse cx="67" cy="42" rx="6.5" ry="8.5"/>'
_STROKE = (
    'fill="none" stroke="{ink}" stroke-width="8" stroke-linecap="round" stroke-linejoin="round"'
)
_DISC = '<circle cx="50" cy="50" r="50" fill="{ink}"/>'
_ON_DISC = _STROKE.replace("{ink}", "{paper}")
_MOUTHS: dict[Choice, str] = {
    "very_satisfied": '<path d="M20 57 Q50 63 80 57 Q80 87 50 87 Q20 87 20 57 Z"/>',
    "satisfied": f'<path d="M27 65 Q50 85 73 65" {_ON_DISC}/>',
    # A plain sad mouth; eyebrows would look hostile.
    "unsatisfied": f'<path d="M27 78 Q50 55 73 78" {_ON_DISC}/>',
}
_SIGNS: dict[Sign, str] = {
    "tick": f'{_DISC}<path d="M27 52 L43 68 L74 35" {_ON_DISC}/>',
    "cross": f'{_DISC}<path d="M33 33 L67 67 M67 33 L33 67" {_ON_DISC}/>',
    "clock": f'<circle cx="50" cy="50" r="45" {_STROKE}/>'
    f'<path d="M50 25 L50 52 L67 62" {_STROKE}/>',
    "stop": f'<path d="M50 8 L95 90 L5 90 Z" {_STROKE}/>'
    f'<path d="M50 38 L50 60" {_STROKE}/><circle cx="50" cy="76" r="5.5"/>',
    "dot": '<circle cx="50" cy="50" r="16"/>',
    "ring": f'<circle cx="50" cy="50" r="45" {_STROKE}/>',
    "skip": f'<path d="M22 22 L50 50 L22 78 M52 22 L80 50 L52 78" {_STROKE}/>',
    "next": f'<path d="M36 18 L68 50 L36 82" {_STROKE}/>',
    "back": f'<path d="M64 18 L32 50 L64 82" {_STROKE}/>',
    "globe": f'<circle cx="50" cy="50" r="44" {_STROKE}/><path d="M8 50 L92 50 '
    f'M50 6 Q22 50 50 94 M50 6 Q78 50 50 94" {_STROKE}/>',
    "copy": f'<path d="M50 10 L50 62 M28 42 L50 64 L72 42 M12 70 L12 90 L88 90 L88 70" {_STROKE}/>',
    "eye": f'<path d="M5 50 Q50 2 95 50 Q50 98 5 50 Z" {_STROKE}/><circle cx="50" cy="50" r="14"/>',
}


def face_svg(choice: Choice) -> str:
    """Return the face of a choice as SVG in a square of 100, with ``{ink}`` and ``{paper}``."""
    return f'{_DISC}<g fill="{{paper}}">{_EYES}{_MOUTHS[choice]}</g>'


@lru_cache(maxsize=16)
def face(choice: Choice, size: int, ink: str, paper: str) -> pygame.Surface:
    """Return the face of a choice, ``size`` pixels wide: ``paper`` cut out of a disc of ``ink``."""
    return _drawn(face_svg(choice), size, ink, paper)


@lru_cache(maxsize=64)
def sign(name: Sign, size: int, ink: str, paper: str) -> pygame.Surface:
    """Return a sign in ``ink``, ``size`` pixels wide; what is cut out of it is in ``paper``."""
    return _drawn(f'<g fill="{{ink}}">{_SIGNS[name]}</g>', size, ink, paper)


def fill_rounded(target: pygame.Surface, box: pygame.Rect, radius: int, colour: str) -> None:
    """Fill a rectangle with smooth round corners."""
    radius = min(radius, box.width // 2, box.height // 2)
    target.fill(colour, box.inflate(-2 * radius, 0))
    target.fill(colour, box.inflate(0, -2 * radius))
    disc = _disc(2 * radius, colour)
    for x, left in ((box.left, 0), (box.right - radius, radius)):
        for y, top in ((box.top, 0), (box.bottom - radius, radius)):
            target.blit(disc, (x, y), (left, top, radius, radius))


@lru_cache(maxsize=64)
def _disc(size: int, colour: str) -> pygame.Surface:
    return _drawn(_DISC, size, colour, colour)


def _drawn(body: str, size: int, ink: str, paper: str) -> pygame.Surface:
    size = max(1, size)  # on a tiny panel nothing may be left for it
    coloured = body.replace("{ink}", ink).replace("{paper}", paper)
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" '
        f'width="{size}" height="{size}">{coloured}</svg>'
    )
    return pygame.image.load_sized_svg(io.BytesIO(text.encode("ascii")), (size, size))
