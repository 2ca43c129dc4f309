"""Screens for those who mend and set up terminals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from device.screen import listing, parts, texts
from device.screen.canvas import Canvas, Writing
from device.screen.drawings import sign
from device.screen.fonts import presentable
from device.screen.layout import plan_corners, plan_foot, split
from device.screen.lettering import Picture, stack_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.targets import Target
    from device.core.view import View
    from device.screen.canvas import Dress
    from device.screen.drawings import Sign
    from device.screen.lettering import Item

_SHORT = 3  # lines of a title that notes stand under, not beside
_NOTE_HIGH = 1.3
_LEAST_TITLE, _MOST_TITLE = 0.3, 0.5


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
    _title_and_notes(canvas, title, plan.head)  # the notes say how far it is
    parts.keys(canvas, plan.keys)
    return canvas


def network(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Show how far the network leads, and what to do about the first fault."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    title = texts.NETWORK_GOOD if view.advice is None else texts.NETWORK_ADVICE[view.advice]
    return _with_notes(canvas, None, canvas.phrase(canvas.say(title), weight="Bold"))


def export(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Show how far the copy onto a technician's stick is."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    return _with_notes(canvas, "copy", canvas.phrase(canvas.say(texts.COPY), weight="Bold"))


def unplaced(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Say why the terminal doesn't know its place, and what to do."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    why, remedy = texts.UNPLACED[view.unplaced or "no_file"]
    rows = [
        *canvas.phrase(canvas.say(why), weight="Bold"),
        *canvas.phrase(canvas.say(remedy), 0.9, weight="Medium", before_mm=2),
    ]
    return _with_notes(canvas, "stop", rows)


def identify(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Be seen from the door: terminal and counter, large, on a ground that flashes.

    The view's ``place`` turns the ground; it grows at most twice a second.
    """
    coat = dress.theme.alarm if view.place % 2 else dress.theme.calm
    canvas = Canvas(dress, view, coat, held)
    plan = plan_foot(canvas.panel, len(view.keys))
    rows: list[Item] = [*canvas.phrase(canvas.say(texts.IDENTIFY), 0.8)]
    for note in view.notes:
        label, _ = canvas.say(note.text)
        rows.append(canvas.hint(label, 0.6, before_mm=2))
        rows.append(canvas.name(presentable(note.value), 3.0, weight="ExtraBold", least=0.2))
    canvas.write(Writing(rows, plan.head))
    parts.keys(canvas, plan.keys)
    return canvas


def _with_notes(canvas: Canvas, name: Sign | None, title: Sequence[Item]) -> Canvas:
    """Draw a sign and a title, notes, a bar of progress, and keys."""
    plan = plan_foot(canvas.panel, len(canvas.view.keys))
    if name:
        edge = min(plan.head.size) // (6 if canvas.view.notes else 4)
        drawn = sign(name, edge, canvas.coat.text, canvas.coat.ground)
        title = [Picture(drawn, edge), *title]
    _title_and_notes(canvas, title, listing.progress(canvas, plan.head))
    parts.keys(canvas, plan.keys)
    return canvas


def _title_and_notes(canvas: Canvas, title: Sequence[Item], room: pygame.Rect) -> None:
    """Draw a title, and the notes beside it or under it."""
    if canvas.view.notes:
        room, listed = _halves(canvas, room, title)
        listing.notes(canvas, listed)
    canvas.write(Writing(title, room))


def _halves(
    canvas: Canvas, room: pygame.Rect, title: Sequence[Item]
) -> tuple[pygame.Rect, pygame.Rect]:
    """Divide a room for a title and notes: a long title beside them, a short one over them."""
    gap = canvas.panel.mm(4)
    if len(title) > _SHORT and not canvas.panel.portrait:
        beside, notes = split(room, 2, gap, across=True)
        return beside, notes
    wanted = stack_height(title, 1, room.width)
    listed = len(canvas.view.notes) * canvas.letters(_NOTE_HIGH)
    share = min(_MOST_TITLE, max(_LEAST_TITLE, wanted / (wanted + listed)))
    above = pygame.Rect(room.topleft, (room.width, int(room.height * share)))
    top = above.bottom + gap // 2
    return above, pygame.Rect(room.left, top, room.width, room.bottom - top)
