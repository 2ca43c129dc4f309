"""Rating and correction: a head, and the choices under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.screen import parts, texts
from device.screen.canvas import Canvas, Writing
from device.screen.fonts import presentable
from device.screen.layout import Wish, plan_grid
from device.screen.lettering import Pair
from device.screen.logo import beside_head

if TYPE_CHECKING:
    from device.core.targets import Target
    from device.core.view import View
    from device.screen.canvas import Dress
    from device.screen.layout import Plan
    from device.screen.lettering import Item

_HEAD, _HEAD_UPRIGHT, _MORE = 0.36, 0.29, 0.075  # shares of the height


def rate(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Ask the question."""
    canvas = Canvas(dress, view, dress.theme.day, held)
    question = dress.words.question(texts.QUESTION, view.language)
    head: list[Item] = [*canvas.phrase(question)]
    counter = canvas.name(presentable(view.counter), 0.75)
    if view.ticket:
        ticket = canvas.name(presentable(view.ticket), 1.3, weight="ExtraBold")
        head.append(Pair(ticket, counter, canvas.panel.mm(4)))
    else:
        head += [counter, *parts.for_technician(canvas, remedy=True)]
    plan = _plan(canvas)
    canvas.write(Writing(head, beside_head(canvas, head, plan.head)))
    return _with_choices(canvas, plan)


def correction(dress: Dress, view: View, held: Target | None) -> Canvas:
    """Thank, and offer to press again; nothing shows what was pressed."""
    canvas = Canvas(dress, view, dress.theme.calm, held)
    thanks, _ = canvas.say(texts.THANKS)
    head: list[Item] = [
        *canvas.phrase((thanks, ""), weight="Bold"),
        *canvas.phrase(canvas.say(texts.MISTAKE)),
    ]
    plan = _plan(canvas)
    canvas.write(Writing(head, plan.head))
    return _with_choices(canvas, plan)


def _plan(canvas: Canvas) -> Plan:
    number = max(1, len(canvas.view.choices))
    portrait = canvas.panel.portrait
    shape = (1, number) if portrait else (number, 1)
    head = _HEAD_UPRIGHT if portrait else _HEAD
    if canvas.view.keys:  # beside them the words need more rows
        head += _MORE
    return plan_grid(canvas.panel, Wish(shape, len(canvas.view.keys), head))


def _with_choices(canvas: Canvas, plan: Plan) -> Canvas:
    parts.choices(canvas, plan.cells)
    parts.keys(canvas, plan.keys)
    return canvas
