"""Where head, targets and keys go, in millimetres of the panel.

Every target is at least 20 mm wide and high and 2 mm from the next. Several arrangements are
tried, the most generous first, until one keeps that; on the smallest panel with many keys the
margin shrinks last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pygame

from device.screen.panel import MIN_GAP_MM, MIN_TARGET_MM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from device.screen.panel import Panel

MARGIN_MM = 3.0
_SPACES_MM = ((MARGIN_MM, 3.0), (MARGIN_MM, MIN_GAP_MM), (1.5, MIN_GAP_MM), (0.3, MIN_GAP_MM))
_LEAST_HEAD_MM = 14
_LEAST_HEAD_WIDTH_MM = 30
_KEY_HIGH_MM = 26
_KEY_WIDE_MM = 60
_CORNER_WIDE_MM = 34
_COLUMN_SHARE = 0.15
_COLUMN_WIDE_MM = 34


@dataclass(frozen=True, slots=True)
class Plan:
    """Where everything of a screen goes, in pixels."""

    head: pygame.Rect
    cells: tuple[pygame.Rect, ...]
    keys: tuple[pygame.Rect, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a screen has to place.

    Attributes:
        shape: Columns and rows of the targets.
        keys: How many keys.
        head: Share of the height for the head.
        beside: True where keys may stand in a column at the right.
    """

    shape: tuple[int, int]
    keys: int
    head: float
    beside: bool = False


def plan_grid(panel: Panel, wish: Wish) -> Plan:
    """Return the first arrangement of a grid with its keys that keeps every least size.

    Where nothing does (more keys than a panel of this size can hold), the last one tried.
    """
    found = None
    columns, rows = wish.shape
    shapes = [wish.shape, (rows, columns)] if columns * rows > 3 else [wish.shape]
    for margin, gap_mm in _SPACES_MM:
        area, gap = inside(panel, margin), panel.at_least(gap_mm)
        for shape in shapes:
            for split_of in _splits(panel, wish):
                found = _arrange(panel, area, gap, wish.head, shape, split_of)
                if _keeps_sizes(panel, found):
                    return found
    assert found is not None  # noqa: S101 - both loops run at least once
    return found


def plan_foot(panel: Panel, keys: int) -> Plan:
    """Return one large room over a row of keys."""
    area = inside(panel, MARGIN_MM)
    gap = panel.at_least(MARGIN_MM)
    foot = _foot(panel, area, keys, gap)
    high = foot[0].top - gap - area.top if foot else area.height
    return Plan(pygame.Rect(area.topleft, (area.width, high)), (), tuple(foot))


def plan_corners(panel: Panel, keys: int) -> Plan:
    """Return four squares in the corners, keys between the lower ones, and the room between."""
    area = inside(panel, MARGIN_MM)
    gap = panel.at_least(MARGIN_MM)
    fifth = min(panel.width, panel.height) // 5
    edge = max(panel.at_least(MIN_TARGET_MM), min(fifth, panel.mm(_CORNER_WIDE_MM)))
    square = pygame.Rect(0, 0, edge, edge)
    corners = []
    for corner in ("topleft", "topright", "bottomleft", "bottomright"):
        placed = square.copy()
        setattr(placed, corner, getattr(area, corner))
        corners.append(placed)
    middle = area.inflate(-2 * (edge + gap), 0)
    if panel.portrait:
        middle = area.inflate(0, -2 * (edge + gap))
    foot = _foot(panel, middle, keys, gap)
    if foot:
        middle.height = foot[0].top - gap - middle.top
    return Plan(middle, tuple(corners), tuple(foot))


def inside(panel: Panel, margin_mm: float) -> pygame.Rect:
    """Return the panel without a margin."""
    margin = panel.mm(margin_mm)
    return pygame.Rect(0, 0, panel.width, panel.height).inflate(-2 * margin, -2 * margin)


def split(area: pygame.Rect, parts: int, gap: int, *, across: bool) -> list[pygame.Rect]:
    """Divide an area into equal parts, beside or under each other."""
    length = area.width if across else area.height
    part = (length - gap * (parts - 1)) // parts
    if across:
        return [
            pygame.Rect(area.left + i * (part + gap), area.top, part, area.height)
            for i in range(parts)
        ]
    return [
        pygame.Rect(area.left, area.top + i * (part + gap), area.width, part) for i in range(parts)
    ]


def _splits(panel: Panel, wish: Wish) -> Iterator[tuple[int, int, int]]:
    """Yield how many keys stand in the head's corner, in a column and at the foot."""
    keys = wish.keys
    if not wish.beside:
        yield keys, 0, 0
    for rest in range(keys, -1, -1):
        if panel.portrait or not wish.beside:
            yield keys - rest, 0, rest
        else:
            yield keys - rest, rest, 0


def _arrange(
    panel: Panel,
    area: pygame.Rect,
    gap: int,
    head_share: float,
    shape: tuple[int, int],
    keys: tuple[int, int, int],
) -> Plan:
    corner, column, foot = keys
    columns, rows = shape
    least = panel.at_least(MIN_TARGET_MM)
    body = area.copy()
    at_foot = _foot(panel, area, foot, gap)
    if at_foot:
        body.height = at_foot[0].top - gap - body.top
    room = max(rows * (least + gap), column * (least + gap))
    least_head = least if corner else panel.mm(_LEAST_HEAD_MM)
    head = area.copy()
    head.height = min(max(least_head, int(area.height * head_share)), body.height - room)
    body.top, body.height = head.bottom + gap, body.height - head.height - gap
    in_column: list[pygame.Rect] = []
    if column:
        wide = min(max(least, int(area.width * _COLUMN_SHARE)), panel.mm(_COLUMN_WIDE_MM))
        strip = pygame.Rect(body.right - wide, body.top, wide, body.height)
        # At the foot of the column, so that the last key has one place, whatever stands over it.
        in_column = split(strip, max(rows, column), gap, across=False)[-column:]
        body.width -= wide + gap
    in_corner = _corner(panel, head, corner, gap)
    if in_corner:
        head.width = in_corner[0].left - gap - head.left
    lines = split(body, rows, gap, across=False)
    cells = [cell for line in lines for cell in split(line, columns, gap, across=True)]
    return Plan(head, tuple(cells), (*in_corner, *in_column, *at_foot))


def _corner(panel: Panel, head: pygame.Rect, keys: int, gap: int) -> list[pygame.Rect]:
    """Return keys beside each other at the right of the head."""
    least = panel.at_least(MIN_TARGET_MM)
    wide = min(max(least, head.width // 6), panel.mm(_CORNER_WIDE_MM))
    high = min(head.height, panel.mm(_KEY_HIGH_MM))
    left = head.right - keys * wide - (keys - 1) * gap
    return [pygame.Rect(left + i * (wide + gap), head.top, wide, high) for i in range(keys)]


def _foot(panel: Panel, area: pygame.Rect, keys: int, gap: int) -> list[pygame.Rect]:
    """Return rows of keys at the foot of an area, as few as there can be."""
    if not keys:
        return []
    least = panel.at_least(MIN_TARGET_MM)
    across = max(1, (area.width + gap) // (least + gap))
    rows = math.ceil(keys / across)
    across = math.ceil(keys / rows)
    wide = min((area.width + gap) // across - gap, panel.mm(_KEY_WIDE_MM))
    high = min(max(least, area.height // 8), panel.mm(_KEY_HIGH_MM))
    found = []
    for number in range(keys):
        row, place = divmod(number, across)
        in_row = min(across, keys - row * across)
        left = area.centerx - (in_row * (wide + gap) - gap) // 2
        top = area.bottom - (rows - row) * (high + gap) + gap
        found.append(pygame.Rect(left + place * (wide + gap), top, wide, high))
    return found


def _keeps_sizes(panel: Panel, plan: Plan) -> bool:
    least = panel.at_least(MIN_TARGET_MM)
    targets = (*plan.cells, *plan.keys)
    return (
        all(min(box.size) >= least for box in targets)
        and plan.head.height >= panel.mm(_LEAST_HEAD_MM)
        and plan.head.width >= panel.mm(_LEAST_HEAD_WIDTH_MM)
    )
