"""How far something is and how it stands: notes for technicians, and a bar of progress."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pygame

from device.screen.canvas import Writing
from device.screen.drawings import fill_rounded, sign
from device.screen.fonts import presentable
from device.screen.layout import split
from device.screen.lettering import Pair, scale_to_fit, stack_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.view import Note
    from device.screen.canvas import Canvas
    from device.screen.drawings import Sign
    from device.screen.lettering import Item

_BAR_MM = 8
_LONG_LIST = 4
_NOTE_SIZE, _NOTE_SPACE, _NOTE_INDENT, _NOTE_ROWS = 0.8, 0.3, 1.2, 8
_MOST_INDENT = 10  # part of the width


def notes(canvas: Canvas, area: pygame.Rect) -> None:
    """Draw the view's notes as a list, in two columns where that makes the letters larger."""
    listed = canvas.view.notes
    if not listed:
        return
    lines = [_note(canvas, note) for note in listed]
    indent = min(canvas.letters(_NOTE_INDENT), area.width // _MOST_INDENT)
    in_two = not canvas.panel.portrait and len(listed) > _LONG_LIST
    tries = []
    for columns in (1, 2):
        strips = split(area, columns, indent, across=True)
        rows = -(-len(lines) // columns)
        width = strips[0].width - indent
        parts = [lines[at : at + rows] for at in range(0, len(lines), rows)]
        scale = min(scale_to_fit(part, width, area.height) for part in parts)
        tries.append((scale, columns if in_two else -columns, strips, rows))
    scale, _, strips, rows = max(tries, key=lambda each: each[:2])
    for strip, at in zip(strips, range(0, len(lines), rows), strict=False):
        column = list(zip(listed, lines, strict=True))[at : at + rows]
        _list(canvas, strip, column, scale, indent)


def progress(canvas: Canvas, room: pygame.Rect) -> pygame.Rect:
    """Draw how much is done as a bar at the foot of a room, with per cents beside it.

    Returns:
        The rest of the room; all of it where nothing is counted.
    """
    if canvas.view.progress is None:
        return room
    done, of = canvas.view.progress
    share = min(1.0, max(0.0, done / of)) if of > 0 else 0.0
    area = pygame.Rect(room.left, 0, room.width, canvas.panel.mm(_BAR_MM))
    area.bottom = room.bottom
    _bar(canvas, area, share)
    return pygame.Rect(room.topleft, (room.width, area.top - room.top))


def _bar(canvas: Canvas, area: pygame.Rect, share: float) -> None:
    figure = pygame.Rect(0, area.top, canvas.panel.mm(16), area.height)
    figure.right = area.right
    high = min(area.height, canvas.panel.mm(5))
    bar = pygame.Rect(area.left, 0, area.width - figure.width - canvas.panel.mm(2), high)
    bar.centery = area.centery
    rim = max(2, high // 8)
    fill_rounded(canvas.surface, bar, high // 2, canvas.coat.text)
    inner = bar.inflate(-2 * rim, -2 * rim)
    fill_rounded(canvas.surface, inner, inner.height // 2, canvas.coat.ground)
    inner = inner.inflate(-2 * rim, -2 * rim)
    inner.width = round(inner.width * share)
    if inner.width >= inner.height:
        fill_rounded(canvas.surface, inner, inner.height // 2, canvas.coat.text)
    text = canvas.phrase((f"{int(share * 100)} %", ""), 0.8, weight="Bold")
    canvas.write(Writing(text, figure))


def _note(canvas: Canvas, note: Note) -> Item:
    before = canvas.letters(_NOTE_SPACE)
    line = canvas.phrase((canvas.say(note.text)[0], ""), _NOTE_SIZE, weight="Medium")[0]
    if not note.value:
        return replace(line, before=before)
    shown = presentable(note.value)
    value = canvas.name(shown, _NOTE_SIZE, weight="Bold", least=0, rows=_NOTE_ROWS)
    return Pair(line, value, canvas.panel.mm(3), before)


def _list(
    canvas: Canvas,
    strip: pygame.Rect,
    rows: Sequence[tuple[Note, Item]],
    scale: float,
    indent: int,
) -> None:
    """Draw notes under each other, each with its sign at the left."""
    width = strip.width - indent
    heights = [stack_height([line], scale, width) for _, line in rows]
    top = strip.top + max(0, strip.height - sum(heights)) // 2
    for (note, line), height in zip(rows, heights, strict=True):
        box = pygame.Rect(strip.left + indent, top, width, min(height, strip.bottom - top))
        canvas.write(Writing([line], box, align="left"), scale=scale)
        space = int(line.before * scale)
        mark = pygame.Rect(strip.left, top + space, indent, height - space)
        _state_sign(canvas, note, mark, int(canvas.letters(_NOTE_SIZE) * scale))
        top += height


def _state_sign(canvas: Canvas, note: Note, room: pygame.Rect, edge: int) -> None:
    signs: dict[str, tuple[Sign, str]] = {
        "info": ("dot", canvas.coat.faint),
        "waiting": ("clock", canvas.coat.faint),
        "good": ("tick", canvas.theme.good),
        "bad": ("cross", canvas.theme.bad),
    }
    name, colour = signs[note.state]
    edge = min(edge, room.width * 3 // 4)
    place = pygame.Rect(room.left, 0, edge, edge)
    place.centery = room.centery
    canvas.surface.blit(sign(name, edge, colour, canvas.coat.ground), place)
