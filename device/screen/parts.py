"""What can be touched: keys, choices and items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame

from device.core.targets import Target
from device.screen import texts
from device.screen.canvas import Writing
from device.screen.drawings import face, sign
from device.screen.lettering import Picture, scale_to_fit, stack_height
from device.screen.theme import Coat

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from device.core.policy import Item as ToTouch
    from device.core.targets import Key
    from device.screen.canvas import Canvas
    from device.screen.drawings import Sign
    from device.screen.lettering import Line
    from wire.records import Choice

_KEY_SIGNS: dict[Key, Sign] = {
    "skip": "skip",
    "done": "tick",
    "continue": "tick",
    "next": "next",
    "back": "back",
    "language": "globe",
}
# The key that ends a screen is always the last: at the right, or at the foot.
_KEY_ORDER: tuple[Key, ...] = ("language", "back", "next", "skip", "continue", "done")
_WIDE = 1.7
_KEY_SIGN_MM = 8
_RING_MM = 7
_FACE = 0.34
_PAD_MM = 1.2  # inside an outline
_ITEM_PAD_MM = 0.9
_SMALL = 0.5


def keys(canvas: Canvas, boxes: Sequence[pygame.Rect], kept_free: Collection[Key] = ()) -> None:
    """Draw the view's keys; ``kept_free`` are those that have a box though they may be absent."""
    coat = canvas.theme.key
    if canvas.coat == canvas.theme.night:
        night = canvas.theme.night
        coat = Coat(night.ground, night.text, night.faint, rim=night.faint)
    ordered = sorted({*canvas.view.keys, *kept_free}, key=_KEY_ORDER.index)
    writings = []
    for key, box in zip(ordered, boxes, strict=True):
        if key not in canvas.view.keys:
            continue
        target = Target("key", key)
        canvas.plate(box, coat, target)
        inner = _padded(canvas, box)
        edge = min(box.height // 3, canvas.panel.mm(_KEY_SIGN_MM))
        picture = Picture(sign(_KEY_SIGNS[key], edge, coat.text, coat.ground), edge)
        label = canvas.phrase(
            canvas.dress.words.key(key, canvas.view.language), 0.75, coat=coat, before_mm=0.5
        )
        writings.append(Writing([picture, *label], inner, target))
    canvas.write(*writings)


def choices(canvas: Canvas, boxes: Sequence[pygame.Rect]) -> None:
    """Draw the view's choices, all with letters of one size."""
    writings = []
    for choice, box in zip(canvas.view.choices, boxes, strict=False):
        target, coat = Target("choice", choice), canvas.theme.choices[choice]
        canvas.plate(box, coat, target)
        label = canvas.phrase(
            canvas.say(texts.CHOICE_LABELS[choice]), 1.2, weight="Bold", coat=coat
        )
        words = _face(canvas, choice, coat, box)
        writings.append(Writing(label, words, target))
    canvas.write(*(writings if canvas.panel.portrait else _on_two_lines(writings)))


def items(canvas: Canvas, boxes: Sequence[pygame.Rect]) -> None:
    """Draw the items of this page; the chosen ones are filled and ticked."""
    writings = [
        _item(canvas, item, box) for item, box in zip(canvas.view.items, boxes, strict=False)
    ]
    canvas.write(*writings)


def for_technician(canvas: Canvas, *, remedy: bool) -> list[Line]:
    """Return the line that says what keeps the terminal from its fleet; none where nothing does.

    With ``remedy`` it says what to do as well, where there is room for that.
    """
    if canvas.view.joining is None:
        return []
    words = texts.JOINING[canvas.view.joining][: 1 + remedy]
    said = " · ".join(canvas.say(each)[0] for each in words)
    whom, _ = canvas.say(texts.FOR_TECHNICIAN)
    return [canvas.hint(f"{whom}: {said}", _SMALL, before_mm=1)]


def _face(canvas: Canvas, choice: Choice, coat: Coat, box: pygame.Rect) -> pygame.Rect:
    """Draw the face of a choice and return the room for its words."""
    inner = _padded(canvas, box, 2)
    if canvas.panel.portrait:
        picture, words = _beside(inner, min(inner.height, inner.width * 3 // 10))
    else:
        share = _FACE / canvas.theme.letters
        picture, words = _above(inner, min(inner.width, int(inner.height * share)))
    drawn = face(choice, picture.width, coat.text, coat.ground)
    canvas.surface.blit(drawn, picture)
    return words


def _on_two_lines(labels: Sequence[Writing]) -> list[Writing]:
    """Put the second languages of labels that stand beside each other on one line at the foot."""
    scale = min((scale_to_fit(each.items, *each.box.size) for each in labels), default=1)
    found = []
    for each in labels:
        foot = each.box.copy()
        foot.height = stack_height(each.items[1:], scale, each.box.width)
        foot.bottom = each.box.bottom
        top = each.box.copy()
        top.height = foot.top - top.top
        found.append(Writing(each.items[:1], top, each.of))
        if each.items[1:]:
            found.append(Writing(each.items[1:], foot, each.of))
    return found


def _item(canvas: Canvas, item: ToTouch, box: pygame.Rect) -> Writing:
    chosen = item.code in canvas.view.chosen
    coat = canvas.theme.chosen if chosen else canvas.theme.tile
    target = Target("item", item.code)
    canvas.plate(box, coat, target)
    inner = _padded(canvas, box, _ITEM_PAD_MM)
    edge = canvas.panel.mm(_RING_MM)
    if box.width > _WIDE * box.height:
        picture, words = _beside(inner, edge)
    else:
        picture, words = _above(inner, min(edge, inner.height // 5))
    name: Sign = "tick" if chosen else "ring"
    canvas.surface.blit(sign(name, picture.width, coat.text, coat.ground), picture)
    label = canvas.dress.words.item(item, canvas.view.language)
    if canvas.view.kind == "self_test":  # for technicians, like notes
        label = (label[0], "")
    return Writing(canvas.phrase(label, 1.0, coat=coat), words, target)


def _padded(canvas: Canvas, box: pygame.Rect, pad_mm: float = _PAD_MM) -> pygame.Rect:
    pad = canvas.panel.mm(pad_mm + canvas.theme.rim_mm)
    return box.inflate(-2 * pad, -2 * pad)


def _beside(inner: pygame.Rect, edge: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Return a square at the left, and the rest."""
    picture = pygame.Rect(inner.left, 0, edge, edge)
    picture.centery = inner.centery
    left = picture.right + edge // 5
    return picture, pygame.Rect(left, inner.top, inner.right - left, inner.height)


def _above(inner: pygame.Rect, edge: int) -> tuple[pygame.Rect, pygame.Rect]:
    """Return a square at the top, and the rest."""
    picture = pygame.Rect(0, inner.top, edge, edge)
    picture.centerx = inner.centerx
    top = picture.bottom + edge // 8
    return picture, pygame.Rect(inner.left, top, inner.width, inner.bottom - top)
