"""Screens that only say something to citizens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from device.screen import listing, parts, texts
from device.screen.canvas import Canvas, Writing
from device.screen.drawings import sign
from device.screen.fonts import presentable
from device.screen.layout import plan_foot
from device.screen.lettering import Picture
from device.screen.logo import over_idle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.targets import Target
    from device.core.view import View
    from device.screen.canvas import Dress
    from device.screen.drawings import Sign
    from device.screen.lettering import Item

_WANDER = 7  # steps of a moving frame across; no divisor of the steps down
_WANDER_DOWN = 4


def starting(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Say that the terminal is starting, and how far it is."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    rows: list[Item] = [
        *canvas.phrase(canvas.say(texts.STARTING), 1.3, weight="Bold"),
        *canvas.phrase(canvas.say(texts.ONE_MOMENT), 0.9, before_mm=2),
        canvas.name(presentable(view.counter), 0.7, colour=canvas.coat.faint, before_mm=2),
    ]
    return _message(canvas, "clock", rows)


def wait(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Ask to wait for one's turn."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    rows = [
        *canvas.phrase(canvas.say(texts.WAIT), 1.3, weight="Bold"),
        *canvas.phrase(canvas.say(texts.WAIT_WHY), weight="Medium", before_mm=3),
    ]
    return _message(canvas, "clock", rows)


def thanks(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Thank, the same for every choice."""
    canvas = Canvas(dress, view, dress.theme.calm, held)
    rows = [
        *canvas.phrase(canvas.say(texts.THANKS), 1.6, weight="Bold"),
        *canvas.phrase(canvas.say(texts.RECORDED), weight="Medium", before_mm=3),
    ]
    return _message(canvas, "tick", rows)


def recorded(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Say that this ticket is rated."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    rows: list[Item] = [*canvas.phrase(canvas.say(texts.RECORDED), 1.2)]
    if view.ticket:
        rows.insert(0, canvas.name(presentable(view.ticket), 1.5, weight="ExtraBold"))
    rows.append(canvas.name(presentable(view.counter), 0.7, colour=canvas.coat.faint, before_mm=2))
    return _message(canvas, "tick", rows)


def idle(dress: Dress, view: View, held: Target | None) -> Canvas:
    """A dark frame whose text wanders, so that no pixel is lit for long."""
    canvas = Canvas(dress, view, dress.theme.night, held)
    return _wandering(
        canvas,
        [
            *over_idle(canvas),
            canvas.name(presentable(view.counter), 1.1, weight="Bold"),
            *canvas.phrase(canvas.say(texts.IDLE), weight="Medium", before_mm=2),
        ],
    )


def joining(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Say in the place of `idle` what keeps the terminal from its fleet, and what to do."""
    canvas = Canvas(dress, view, dress.theme.night, held)
    why, remedy = texts.JOINING[view.joining or "asking"]
    names = " · ".join(note.value for note in view.notes)
    return _wandering(
        canvas,
        [
            *canvas.phrase(canvas.say(why), weight="Bold"),
            *canvas.phrase(canvas.say(remedy), 0.8, weight="Medium", before_mm=1),
            *canvas.phrase(canvas.say(texts.RATINGS_KEPT), 0.7, weight="Medium", before_mm=2),
            canvas.name(presentable(names), 0.6, colour=canvas.coat.faint, before_mm=2),
        ],
    )


def _wandering(canvas: Canvas, rows: Sequence[Item]) -> Canvas:
    """Draw lines in a box that moves with the view's place."""
    view = canvas.view
    plan = plan_foot(canvas.panel, len(view.keys))
    box = pygame.Rect(0, 0, plan.head.width * 4 // 5, plan.head.height * 3 // 4)
    across = view.place % _WANDER / (_WANDER - 1)
    down = view.place % _WANDER_DOWN / (_WANDER_DOWN - 1)
    box.left = plan.head.left + round((plan.head.width - box.width) * across)
    box.top = plan.head.top + round((plan.head.height - box.height) * down)
    canvas.write(Writing(rows, box))
    parts.keys(canvas, plan.keys)
    return canvas


def _message(canvas: Canvas, name: Sign, rows: Sequence[Item]) -> Canvas:
    """Draw a sign over lines, a bar of progress where something is counted, and keys."""
    plan = plan_foot(canvas.panel, len(canvas.view.keys))
    room = listing.progress(canvas, plan.head)
    edge = min(room.size) * 3 // 10
    drawn = sign(name, edge, canvas.coat.text, canvas.coat.ground)
    canvas.write(Writing([Picture(drawn, edge), *rows], room))
    parts.keys(canvas, plan.keys)
    return canvas
