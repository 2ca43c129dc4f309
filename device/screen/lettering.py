"""Letters that fit: fonts, wrapping, and stacks of lines that shrink until nothing overflows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pygame

from device.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

Weight = Literal["Medium", "SemiBold", "Bold", "ExtraBold"]
_SMALLEST = 9
_STEP = 0.96
_MOST_STEPS = 73  # to a twentieth
_NOTO = Path("/usr/share/fonts/truetype/noto")


@dataclass(frozen=True, slots=True)
class Line:
    """A text in a stack; it may be wrapped.

    Attributes:
        text: What it says; a no-break space is never broken at.
        weight: Weight of the font.
        size: Wanted size in pixels.
        colour: Of the letters.
        before: Empty pixels above.
    """

    text: str
    weight: Weight
    size: int
    colour: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing in a stack; ``size`` is its edge in pixels, ``before`` the space above."""

    surface: pygame.Surface
    size: int
    before: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts on one line, ``gap`` apart; under each other where it is too narrow."""

    left: Line
    right: Line
    gap: int


Item = Line | Picture | Pair


@lru_cache(maxsize=128)
def font(weight: Weight, size: int) -> pygame.font.Font:
    """Return Be Vietnam Pro, else Debian's Noto Sans, at a size in pixels.

    Raises:
        DeviceError: Neither is installed.
    """
    pygame.font.init()
    try:
        source = files("fontpkg_be_vietnam_pro") / "files" / f"BeVietnamPro-{weight}.ttf"
        with as_file(source) as path:
            return pygame.font.Font(path, size)
    except (ModuleNotFoundError, FileNotFoundError):
        noto = _NOTO / ("NotoSans-Regular.ttf" if weight == "Medium" else "NotoSans-Bold.ttf")
        if not noto.is_file():
            raise DeviceError(
                "screen: no font with Vietnamese letters; install fontpkg-be-vietnam-pro "
                "or the package fonts-noto-core"
            ) from None
        return pygame.font.Font(noto, size)


def wrap(text: str, weight: Weight, size: int, width: int) -> list[str] | None:
    """Break a text into as few lines as fit into ``width``, of similar length.

    Returns:
        The lines, or None when a single word is too wide.
    """
    lines = _greedy(text, weight, size, width)
    if lines is None or len(lines) == 1:
        return lines
    low, high = width // len(lines), width
    while low < high:
        middle = (low + high) // 2
        tried = _greedy(text, weight, size, middle)
        if tried is not None and len(tried) == len(lines):
            high = middle
        else:
            low = middle + 1
    return _greedy(text, weight, size, high)


def _greedy(text: str, weight: Weight, size: int, width: int) -> list[str] | None:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, weight, size) <= width:
            lines[-1] = longer
        elif _width(word, weight, size) <= width:
            lines.append(word)
        else:
            return None
    return lines


def _width(text: str, weight: Weight, size: int) -> int:
    return font(weight, size).size(_plain(text))[0]


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def stack_height(items: Sequence[Item], scale: float, width: int) -> int:
    """Return how high a stack is at a scale, in pixels."""
    height = _height(items, scale, width)
    return 0 if height == float("inf") else int(height)


def scale_to_fit(items: Sequence[Item], width: int, height: int) -> float:
    """Return by how much a stack must shrink to fit into a box; 1 when it fits as it is."""

    def fits(steps: int) -> bool:
        return _height(items, _STEP**steps, width) <= height

    low, high = 0, _MOST_STEPS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle + 1, high)
    # Fewer lines can make a larger size fit where a smaller one does not, but never the reverse
    # for good: go on until it fits.
    while low < _MOST_STEPS and not fits(low):
        low += 1
    return float(_STEP**low)


def draw_stack(
    target: pygame.Surface, items: Sequence[Item], box: pygame.Rect, scale: float | None = None
) -> pygame.Rect:
    """Draw a stack centred in a box.

    Args:
        target: Where to draw.
        items: From top to bottom.
        box: Nothing is drawn outside.
        scale: Shrink by this much; None works it out.

    Returns:
        What the stack covers.
    """
    scale = scale_to_fit(items, box.width, box.height) if scale is None else scale
    height = min(int(_height(items, scale, box.width)), box.height)
    y = top = box.top + (box.height - height) // 2
    widest = 0
    for item in items:
        y += 0 if isinstance(item, Pair) else int(item.before * scale)
        for surface, advance in _rows(item, scale, box.width):
            # Stacked accents make a surface higher than its line; its foot stays in place.
            target.blit(
                surface,
                (box.centerx - surface.get_width() // 2, y + advance - surface.get_height()),
            )
            widest = max(widest, surface.get_width())
            y += advance
    return pygame.Rect(box.centerx - widest // 2, top, widest, y - top)


def _rows(item: Item, scale: float, width: int) -> list[tuple[pygame.Surface, int]]:
    """Return what a stack's item is drawn with: surfaces, and how far each moves on."""
    if isinstance(item, Picture):
        edge = min(int(item.size * scale), width)
        surface = pygame.transform.smoothscale(item.surface, (edge, edge))
        return [(surface, edge)]
    if isinstance(item, Pair):
        beside = _beside(item, scale, width)
        return (
            [beside] if beside else _rows(item.left, scale, width) + _rows(item.right, scale, width)
        )
    size = _size(item, scale)
    used = font(item.weight, size)
    lines = wrap(item.text, item.weight, size, width) or [_cut(item, size, width)]
    advance = _line_height(item.text, used)
    return [(used.render(_plain(line), True, item.colour), advance) for line in lines]


def _beside(pair: Pair, scale: float, width: int) -> tuple[pygame.Surface, int] | None:
    """Draw a pair on one line, or return None where it is too wide."""
    left, right = (
        (font(line.weight, _size(line, scale)), line) for line in (pair.left, pair.right)
    )
    surfaces = [used.render(_plain(line.text), True, line.colour) for used, line in (left, right)]
    gap = int(pair.gap * scale)
    total = surfaces[0].get_width() + gap + surfaces[1].get_width()
    if total > width:
        return None
    # Both fonts' descents are subtracted so that the letters stand on one line.
    below = max(-left[0].get_descent(), -right[0].get_descent())
    feet = [below + used.get_descent() for used, _ in (left, right)]
    height = max(each.get_height() + foot for each, foot in zip(surfaces, feet, strict=True))
    row = pygame.Surface((total, height), pygame.SRCALPHA)
    row.blit(surfaces[0], (0, height - feet[0] - surfaces[0].get_height()))
    row.blit(
        surfaces[1], (total - surfaces[1].get_width(), height - feet[1] - surfaces[1].get_height())
    )
    return row, max(_line_height(line.text, used) for used, line in (left, right))


def _height(items: Sequence[Item], scale: float, width: int) -> float:
    """Return the height of a stack; infinite when a word is too wide and can still shrink."""
    return sum(_item_height(item, scale, width) for item in items)


def _item_height(item: Item, scale: float, width: int) -> float:
    if isinstance(item, Pair):
        beside = _beside(item, scale, width)
        return beside[1] if beside else _height((item.left, item.right), scale, width)
    before = int(item.before * scale)
    if isinstance(item, Picture):
        return before + min(int(item.size * scale), width)
    size = _size(item, scale)
    lines = _greedy(item.text, item.weight, size, width)
    if lines is None and size > _SMALLEST:
        return float("inf")
    return before + len(lines or [""]) * _line_height(item.text, font(item.weight, size))


def _line_height(text: str, used: pygame.font.Font) -> int:
    """Return the height of each line of a text, however it is wrapped.

    Two accents on a capital stand above what the font calls its top.
    """
    tops = [metrics[3] for metrics in used.metrics(_plain(text)) if metrics]
    return used.get_linesize() + max(0, max(tops, default=0) - used.get_ascent())


def _size(item: Line, scale: float) -> int:
    return max(_SMALLEST, int(item.size * scale))


def _cut(item: Line, size: int, width: int) -> str:
    """Shorten a text with a word that is too wide even at the smallest size."""
    text = item.text
    while text and _width(f"{text}…", item.weight, size) > width:
        text = text[:-1]
    return f"{text}…"
