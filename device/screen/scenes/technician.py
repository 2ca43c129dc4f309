"""Screens for those who mend and set up terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from device.screen import parts, texts
from device.screen.canvas import Canvas, Writing
from device.screen.drawings import sign
from device.screen.fonts import presentable
from device.screen.layout import plan_corners, plan_foot
from device.screen.lettering import Line, Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.view import Target, View
    from device.screen.canvas import Dress
    from device.screen.drawings import Sign
    from device.screen.lettering import Item


def out_of_service(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Say that nothing can be rated, and what the technician must hear."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    rows = [
        *canvas.phrase(canvas.say(texts.OUT_OF_SERVICE), 1.2, weight="Bold"),
        *canvas.phrase(canvas.say(texts.TELL_STAFF), 0.9, weight="Medium", before_mm=2),
    ]
    if view.trouble is not None:
        call, _ = canvas.say(texts.CALL_TECHNICIAN)
        rows += [
            *canvas.phrase((f"{call}:", ""), 0.6, weight="Medium", before_mm=2),
            *canvas.phrase(canvas.say(texts.TROUBLES[view.trouble]), 0.9, weight="Bold"),
        ]
    rows.append(canvas.name(presentable(view.counter), 0.65, colour=canvas.coat.faint, before_mm=2))
    return _with_notes(canvas, "stop", rows)


def self_test(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Show what was tried and how it stands; corners to touch stand in the corners."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    title = canvas.phrase(canvas.say(texts.SELF_TEST), weight="Bold")
    if not view.items:
        return _with_notes(canvas, None, title)
    plan = plan_corners(canvas.panel, len(view.keys))
    by_code = dict(zip(texts.CORNERS, plan.cells, strict=True))
    parts.items(canvas, [by_code[item.code] for item in view.items])
    _titled(canvas, title, plan.head)
    parts.keys(canvas, plan.keys)
    return canvas


def export(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Show how far the copy onto a technician's stick is."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    return _with_notes(canvas, "copy", canvas.phrase(canvas.say(texts.COPYING), weight="Bold"))


def identify(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Be seen from the door: terminal and counter in letters as large as fit, on a ground that flashes.

    The view's ``place`` turns the ground; it grows at most twice a second.
    """
    coat = dress.theme.alarm if view.place % 2 else dress.theme.calm
    canvas = Canvas(dress, view, coat, held)
    plan = plan_foot(canvas.panel, len(view.keys))
    rows: list[Item] = [*canvas.phrase(canvas.say(texts.IDENTIFY), 0.9)]
    for note in view.notes:
        label, _ = canvas.say(note.text)
        rows.append(
            Line(label, "Medium", canvas.letters(0.6), coat.faint, canvas.panel.mm(2), main=False)
        )
        rows.append(canvas.name(presentable(note.value), 2.4, weight="ExtraBold"))
    canvas.write(Writing(rows, plan.head))
    parts.keys(canvas, plan.keys)
    return canvas


def _with_notes(canvas: Canvas, name: Sign | None, title: Sequence[Item]) -> Canvas:
    """Draw a title, notes beside it or under it, a bar of progress and keys."""
    panel, coat, view = canvas.panel, canvas.coat, canvas.view
    plan = plan_foot(panel, len(view.keys))
    room, beside = plan.head.copy(), pygame.Rect(plan.head)
    if name:
        edge = min(room.width, room.height) // (6 if view.notes else 4)
        title = [Picture(sign(name, edge, coat.text, coat.ground), edge), *title]
    if view.progress is not None:
        bar = pygame.Rect(room.left, 0, room.width, panel.mm(10))
        bar.bottom = room.bottom
        room.height = bar.top - room.top
        parts.progress(canvas, bar)
    if view.notes:
        room, beside = _halves(canvas, room, len(title))
        parts.notes(canvas, beside)
    canvas.write(Writing(title, room))
    parts.keys(canvas, plan.keys)
    return canvas


def _halves(canvas: Canvas, room: pygame.Rect, lines: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Divide a room for a title and notes: a long title beside them, a short one over them."""
    gap = canvas.panel.mm(4)
    if canvas.panel.portrait or lines <= 3:
        high = room.height * (5 if lines > 3 else 3) // 10
        title = pygame.Rect(room.topleft, (room.width, high))
        return title, pygame.Rect(room.left, title.bottom, room.width, room.height - high)
    wide = (room.width - gap) // 2
    title = pygame.Rect(room.topleft, (wide, room.height))
    return title, pygame.Rect(title.right + gap, room.top, wide, room.height)


def _titled(canvas: Canvas, title: Sequence[Item], room: pygame.Rect) -> None:
    """Draw title, notes and progress between the corners."""
    left = room.copy()
    if canvas.view.progress is not None:
        bar = pygame.Rect(left.left, 0, left.width, canvas.panel.mm(10))
        bar.bottom = left.bottom
        left.height = bar.top - left.top
        parts.progress(canvas, bar)
    high = left.height * 3 // 10 if canvas.view.notes else left.height
    canvas.write(Writing(title, pygame.Rect(left.topleft, (left.width, high))))
    left.top, left.height = left.top + high, left.height - high
    parts.notes(canvas, left)
