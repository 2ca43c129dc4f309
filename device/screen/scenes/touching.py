"""Reasons and complaints: a grid of items to touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from device.screen import parts, texts
from device.screen.canvas import Canvas, Writing
from device.screen.drawings import sign
from device.screen.layout import Wish, plan_grid

if TYPE_CHECKING:
    from device.core.targets import Key, Target
    from device.core.view import View
    from device.screen.canvas import Both, Dress

_SHAPES = {1: (1, 1), 2: (2, 1), 3: (3, 1), 4: (2, 2)}
_FULL = (3, 2)


def reasons(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Offer reasons, with words that do not tell which choice was made."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    return _grid(canvas, canvas.say(texts.REASONS))


def complaints(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Offer complaints; those that were touched stay marked."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    return _grid(canvas, dress.words.question(texts.COMPLAINTS, view.language))


def _grid(canvas: Canvas, question: Both) -> Canvas:
    view, portrait = canvas.view, canvas.panel.portrait
    # Pages keep one shape, so that nothing jumps when they are turned.
    across, down = _FULL if view.pages > 1 else _SHAPES.get(len(view.items), _FULL)
    shape = (down, across) if portrait else (across, down)
    head = 0.18 if portrait else 0.24
    kept_free = _may_come(view)
    number = len({*view.keys, *kept_free})
    plan = plan_grid(canvas.panel, Wish(shape, number, head, beside=True))
    _head(canvas, question, plan.head)
    parts.items(canvas, plan.cells)
    parts.keys(canvas, plan.keys, kept_free)
    return canvas


def _may_come(view: View) -> set[Key]:
    """Return keys that come and go while items are touched and pages turned.

    Each keeps its place free, so that nothing moves under a finger.
    """
    coming: set[Key] = {"done"}
    if view.kind == "reasons":
        coming.add("skip")
    if view.pages > 1:
        coming |= {"back", "next"}
    return coming


def _head(canvas: Canvas, question: Both, box: pygame.Rect) -> None:
    """Ask; near the end, announce it by words, a sign and another ground."""
    if not canvas.view.warning:
        lines = [*canvas.phrase(question), canvas.hint(_page(canvas), canvas.theme.second)]
        lines += parts.for_technician(canvas, remedy=False)
        canvas.write(Writing(lines, box))
        return
    coat = canvas.theme.alarm
    canvas.plate(box, coat)
    inner = box.inflate(-canvas.panel.mm(6), -canvas.panel.mm(2))
    edge = min(inner.height, canvas.panel.mm(14))
    place = pygame.Rect(inner.left, 0, edge, edge)
    place.centery = inner.centery
    canvas.surface.blit(sign("clock", edge, coat.text, coat.ground), place)
    inner.width -= edge + canvas.panel.mm(2)
    inner.right = box.right - canvas.panel.mm(2)
    over = canvas.phrase(canvas.say(texts.SOON_OVER), coat=coat, weight="Bold")
    canvas.write(Writing(over, inner))


def _page(canvas: Canvas) -> str:
    """Return that several may be touched, and which page this is."""
    several, _ = canvas.say(texts.SEVERAL)
    view = canvas.view
    return several if view.pages == 1 else f"{several} · {view.page + 1}/{view.pages}"
