"""Letters that fit: stacks of lines that shrink until nothing overflows.

A stack shrinks as a whole, so that its lines keep their order of rank. Names and numbers that
come from elsewhere shrink only to their own least size and are cut then, so that a very long
name can't make the question unreadable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pygame

from device.screen.fonts import font, greedy, line_height, plain, shorten, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from device.screen.fonts import Weight

SMALLEST = 9
_STEP = 0.96
_MOST_STEPS = 73  # to a twentieth
Align = Literal["left", "centre"]


@dataclass(frozen=True, slots=True)
class Line:
    """A text in a stack; it may be wrapped.

    Attributes:
        text: What it says; a no-break space is never broken at.
        weight: Weight of the font.
        size: Wanted size in pixels.
        colour: Of the letters.
        before: Empty pixels above.
        main: True for what must be read; False for what says it again or beside.
        least: It never shrinks below this size; what does not fit then is cut.
        rows: With ``least``, into how many rows it may be wrapped.
    """

    text: str
    weight: Weight
    size: int
    colour: str
    before: int = 0
    main: bool = True
    least: int = SMALLEST
    rows: int = 99


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing in a stack; ``height`` is the wanted one, ``before`` the space above; pixels."""

    surface: pygame.Surface
    height: int
    before: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts on one line, ``gap`` apart; under each other where it is too narrow.

    Both stand ``before`` pixels under what is above.
    """

    left: Line
    right: Line
    gap: int
    before: int = 0


Item = Line | Picture | Pair


@dataclass(frozen=True, slots=True)
class Lettered:
    """What became of a line: its place, its size in pixels, and whether it had to be cut."""

    line: Line
    box: pygame.Rect
    size: int
    cut: bool


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a stack as it is drawn, and how far it moves on."""

    surface: pygame.Surface
    advance: int
    of: tuple[tuple[Line, int, bool], ...] = ()


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
    target: pygame.Surface,
    items: Sequence[Item],
    box: pygame.Rect,
    scale: float | None = None,
    align: Align = "centre",
) -> list[Lettered]:
    """Draw a stack in the middle of a box, and nothing outside of it.

    Args:
        target: Where to draw.
        items: From top to bottom.
        box: The room.
        scale: Shrink by this much; None works it out.
        align: Where in the width the rows stand.

    Returns:
        What became of each row of letters.
    """
    scale = scale_to_fit(items, box.width, box.height) if scale is None else scale
    height = int(_height(items, scale, box.width))
    y = box.top + max(0, box.height - height) // 2
    clip = target.get_clip()
    target.set_clip(box.clip(clip))
    said: list[Lettered] = []
    for item in items:
        y += int(item.before * scale)
        for row in _rows(item, scale, box.width):
            # Stacked accents make a surface higher than its line; its foot stays in place.
            place = row.surface.get_rect(bottom=y + row.advance, centerx=box.centerx)
            if align == "left":
                place.left = box.left
            target.blit(row.surface, place)
            y += row.advance
            over = y > box.bottom
            said += [
                Lettered(line, place.clip(box), size, cut or over) for line, size, cut in row.of
            ]
    target.set_clip(clip)
    return said


def _rows(item: Item, scale: float, width: int) -> Iterator[_Row]:
    """Yield what a stack's item is drawn with."""
    if isinstance(item, Picture):
        size = _picture_size(item, scale, width)
        yield _Row(pygame.transform.smoothscale(item.surface, size), size[1])
    elif isinstance(item, Pair):
        beside = _beside(item, scale, width)
        if beside:
            yield beside
        else:
            yield from _rows(item.left, scale, width)
            yield from _rows(item.right, scale, width)
    else:
        yield from _rows_of_line(item, _size(item, scale), width)


def _rows_of_line(item: Line, size: int, width: int) -> Iterator[_Row]:
    used = font(item.weight, size)
    lines = wrap(item.text, item.weight, size, width)
    cut = lines is None or len(lines) > item.rows
    if lines is None:
        lines = [shorten(item.text, item.weight, size, width)]
    elif cut:
        kept = greedy(item.text, item.weight, size, width) or lines
        rest = " ".join(kept[item.rows - 1 :])
        lines = [*kept[: item.rows - 1], shorten(rest, item.weight, size, width)]
    advance = line_height(item.text, item.weight, size)
    for line in lines:
        yield _Row(used.render(plain(line), True, item.colour), advance, of=((item, size, cut),))


def _beside(pair: Pair, scale: float, width: int) -> _Row | None:
    """Draw a pair on one line, or return None where it is too wide."""
    lines = (pair.left, pair.right)
    sizes = [_size(line, scale) for line in lines]
    gap = int(pair.gap * scale)
    sized = list(zip(lines, sizes, strict=True))
    widths = [width_of(line.text, line.weight, size) for line, size in sized]
    if sum(widths) + gap > width:
        return None
    fonts = [font(line.weight, size) for line, size in sized]
    left, right = (
        used.render(plain(line.text), True, line.colour)
        for used, line in zip(fonts, lines, strict=True)
    )
    # Both fonts' descents are subtracted so that the letters stand on one line.
    below = max(-used.get_descent() for used in fonts)
    feet = [below + used.get_descent() for used in fonts]
    height = max(left.get_height() + feet[0], right.get_height() + feet[1])
    row = pygame.Surface((sum(widths) + gap, height), pygame.SRCALPHA)
    row.blit(left, left.get_rect(bottomleft=(0, height - feet[0])))
    row.blit(right, right.get_rect(bottomright=(row.get_width(), height - feet[1])))
    advance = max(line_height(line.text, line.weight, size) for line, size in sized)
    return _Row(row, advance, tuple((line, size, False) for line, size in sized))


def _height(items: Sequence[Item], scale: float, width: int) -> float:
    """Return the height of a stack; infinite when a word is too wide and can still shrink."""
    return sum(_item_height(item, scale, width) for item in items)


def _item_height(item: Item, scale: float, width: int) -> float:
    before = int(item.before * scale)
    if isinstance(item, Pair):
        beside = _beside(item, scale, width)
        both = beside.advance if beside else _height((item.left, item.right), scale, width)
        return before + both
    if isinstance(item, Picture):
        return before + _picture_size(item, scale, width)[1]
    size = _size(item, scale)
    lines = greedy(item.text, item.weight, size, width)
    too_long = lines is None or len(lines) > item.rows
    if too_long and size > item.least:
        return float("inf")
    rows = min(len(lines or [""]), item.rows)
    return before + rows * line_height(item.text, item.weight, size)


def _picture_size(item: Picture, scale: float, width: int) -> tuple[int, int]:
    wide, high = item.surface.get_size()
    height = min(int(item.height * scale), width * high // wide)
    return max(1, height * wide // high), max(1, height)


def _size(item: Line, scale: float) -> int:
    return max(item.least, int(item.size * scale))
