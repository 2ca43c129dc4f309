"""Draws a view onto a surface, and says where its targets are.

Nothing is decided here: the view says what is shown. Each view is drawn once and kept; a panel
that changes twice a minute costs nothing in between.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pygame

from device.core.view import Target, View
from device.screen import palette, texts
from device.screen.drawings import face, rounded, sign
from device.screen.lettering import Line, Pair, Picture, draw_stack, scale_to_fit, stack_height
from device.screen.texts import composed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from device.core.view import Kind
    from device.screen.lettering import Item, Weight
    from device.screen.panel import Panel
    from device.screen.texts import Texts
    from wire.records import Choice

_KEPT = 8
_DIM = 110  # of 255: what is left of the light on a screen that nobody is looking at
_WANDER = 7  # steps of a moving frame across; no divisor of the steps down
_WANDER_DOWN = 4


@dataclass(frozen=True, slots=True)
class Painted:
    """A drawn view, and the rectangles in which a touch means something."""

    surface: pygame.Surface
    targets: dict[Target, pygame.Rect] = field(default_factory=dict)


class Painter:
    """Draws views for one panel.

    Args:
        panel: The panel's size in pixels and millimetres.
        words: The texts in both languages.
    """

    def __init__(self, panel: Panel, words: Texts) -> None:
        self._panel = panel
        self._words = words
        self._kept: OrderedDict[tuple[View, Target | None], Painted] = OrderedDict()
        self._screens: dict[Kind, Callable[[View, Target | None], Painted]] = {
            "idle": self._idle,
            "rate": self._rate,
            "thanks": self._thanks,
            "correction": self._correction,
            "recorded": self._recorded,
            "wait": self._wait,
            "out_of_service": self._out_of_service,
        }

    def paint(self, view: View, held: Target | None = None) -> Painted:
        """Return the drawn view; ``held`` is the target under a finger."""
        key = (view, held)
        painted = self._kept.pop(key, None) or self._draw(view, held)
        self._kept[key] = painted
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return painted

    def prepare(self, view: View) -> None:
        """Draw ahead what a press on this view will show, so that the press only has to show it."""
        if view.kind == "rate":
            self.paint(View("thanks", view.counter))
            self.paint(View("correction", view.counter, view.ticket, view.choices))

    def _draw(self, view: View, held: Target | None) -> Painted:
        painted = self._screens.get(view.kind, self._idle)(view, held)
        if view.dim and view.kind != "idle":
            shade = (_DIM, _DIM, _DIM)
            painted.surface.fill(shade, special_flags=pygame.BLEND_RGB_MULT)
        return painted

    # ---- the screens ----

    def _rate(self, view: View, held: Target | None) -> Painted:
        surface = self._blank(palette.WHITE)
        question, english = self._words.both(texts.QUESTION)
        letter = self._panel.text
        head: list[Item] = [
            Line(question, "SemiBold", letter, palette.INK),
            Line(english, "Medium", self._second(), palette.GREY),
        ]
        counter = Line(composed(view.counter), "Medium", int(letter * 0.8), palette.INK)
        if view.ticket:
            ticket = Line(composed(view.ticket), "ExtraBold", int(letter * 1.5), palette.INK)
            head.append(Pair(ticket, counter, self._panel.mm(4)))
        else:
            head.append(counter)
        targets = self._choices(surface, view, held, head)
        return Painted(surface, targets)

    def _correction(self, view: View, held: Target | None) -> Painted:
        surface = self._blank(palette.SLATE)
        thanks, _ = self._words.both(texts.THANKS)
        mistake, english = self._words.both(texts.MISTAKE)
        head: list[Item] = [
            Line(thanks, "Bold", self._panel.text, palette.WHITE),
            Line(mistake, "SemiBold", self._panel.text, palette.WHITE),
            Line(english, "Medium", self._second(), palette.MIST),
        ]
        return Painted(surface, self._choices(surface, view, held, head))

    def _thanks(self, _view: View, _held: Target | None) -> Painted:
        thanks, english = self._words.both(texts.THANKS)
        recorded, recorded_english = self._words.both(texts.RECORDED)
        return self._message(
            palette.SLATE,
            "tick",
            palette.SLATE,
            [
                (thanks, "Bold", 1.7, palette.WHITE),
                (recorded, "Medium", 1.0, palette.WHITE),
                (f"{english} {recorded_english}", "Medium", 0.7, palette.MIST),
            ],
        )

    def _recorded(self, view: View, _held: Target | None) -> Painted:
        recorded, english = self._words.both(texts.RECORDED)
        ticket = composed(view.ticket or "")
        rows: list[tuple[str, Weight, float, str]] = [
            (recorded, "SemiBold", 1.2, palette.INK),
            (english, "Medium", 0.7, palette.GREY),
            (composed(view.counter), "Medium", 0.7, palette.GREY),
        ]
        if ticket:
            rows.insert(0, (ticket, "ExtraBold", 1.5, palette.INK))
        return self._message(palette.WHITE, None, palette.INK, rows)

    def _wait(self, _view: View, _held: Target | None) -> Painted:
        wait, english = self._words.both(texts.WAIT)
        why, why_english = self._words.both(texts.WAIT_WHY)
        return self._message(
            palette.WHITE,
            "clock",
            palette.SLATE,
            [
                (wait, "Bold", 1.3, palette.INK),
                (english, "Medium", 0.8, palette.GREY),
                (why, "Medium", 1.0, palette.INK),
                (why_english, "Medium", 0.7, palette.GREY),
            ],
        )

    def _out_of_service(self, view: View, _held: Target | None) -> Painted:
        out, english = self._words.both(texts.OUT_OF_SERVICE)
        tell, tell_english = self._words.both(texts.TELL_STAFF)
        return self._message(
            palette.WHITE,
            "stop",
            palette.SLATE,
            [
                (out, "Bold", 1.3, palette.INK),
                (english, "Medium", 0.8, palette.GREY),
                (tell, "Medium", 1.0, palette.INK),
                (tell_english, "Medium", 0.7, palette.GREY),
                (composed(view.counter), "Medium", 0.7, palette.GREY),
            ],
        )

    def _idle(self, view: View, _held: Target | None) -> Painted:
        """A dark frame whose text wanders, so that no pixel is lit for long."""
        surface = self._blank(palette.NIGHT)
        idle, english = self._words.both(texts.IDLE)
        rows: list[Item] = [
            Line(composed(view.counter), "Bold", int(self._panel.text * 1.2), palette.NIGHT_TEXT),
            Line(idle, "Medium", self._panel.text, palette.NIGHT_TEXT, self._panel.mm(2)),
            Line(english, "Medium", self._second(), palette.NIGHT_FAINT),
        ]
        area = surface.get_rect().inflate(-2 * self._margin(), -2 * self._margin())
        box = pygame.Rect(0, 0, area.width * 3 // 4, area.height * 3 // 5)
        across = view.place % _WANDER / (_WANDER - 1)
        down = view.place % _WANDER_DOWN / (_WANDER_DOWN - 1)
        box.left = area.left + round((area.width - box.width) * across)
        box.top = area.top + round((area.height - box.height) * down)
        draw_stack(surface, rows, box)
        return Painted(surface)

    # ---- their parts ----

    def _message(
        self,
        ground: str,
        sign_name: str | None,
        sign_colour: str,
        rows: Sequence[tuple[str, Weight, float, str]],
    ) -> Painted:
        """Draw a sign over lines; sizes are in multiples of the smallest good letter."""
        surface = self._blank(ground)
        area = surface.get_rect().inflate(-2 * self._margin(), -2 * self._margin())
        items: list[Item] = []
        if sign_name:
            edge = min(area.width, area.height) * 3 // 10
            items.append(Picture(sign(sign_name, edge, sign_colour), edge))
        gap = self._panel.mm(3)
        for text, weight, size, colour in rows:
            before = gap if items and size >= 1 else 0
            items.append(Line(text, weight, int(self._panel.text * size), colour, before))
        draw_stack(surface, items, area)
        return Painted(surface)

    def _choices(
        self, surface: pygame.Surface, view: View, held: Target | None, head: list[Item]
    ) -> dict[Target, pygame.Rect]:
        """Draw the head and under it the choices, all with letters of one size."""
        area = surface.get_rect().inflate(-2 * self._margin(), -2 * self._margin())
        share = 0.30 if self._panel.portrait else 0.36
        top = pygame.Rect(area.left, area.top, area.width, int(area.height * share))
        draw_stack(surface, head, top)
        rest = pygame.Rect(area.left, top.bottom, area.width, area.bottom - top.bottom)
        gap = self._margin()
        rest.top, rest.height = rest.top + gap // 2, rest.height - gap // 2
        boxes = _split(rest, len(view.choices), gap, across=not self._panel.portrait)
        labels = [self._label(choice) for choice in view.choices]
        rooms = [self._room(box) for box in boxes]
        scale = min(
            scale_to_fit(label, words.width, words.height)
            for label, (_, words) in zip(labels, rooms, strict=True)
        )
        for choice, box, label, room in zip(view.choices, boxes, labels, rooms, strict=True):
            self._panel_of(surface, choice, box, held == Target("choice", choice))
            face_box, words = room
            surface.blit(face(choice, face_box.width), face_box)
            self._write(surface, label, words, scale)
        targets = [Target("choice", choice) for choice in view.choices]
        return dict(zip(targets, boxes, strict=True))

    def _write(
        self, surface: pygame.Surface, label: list[Item], words: pygame.Rect, scale: float
    ) -> None:
        """Write a label; beside each other, the second languages stand on one line at the foot."""
        if self._panel.portrait:
            draw_stack(surface, label, words, scale)
            return
        foot = pygame.Rect(words)
        foot.height = stack_height(label[1:], scale, words.width)
        foot.bottom = words.bottom
        draw_stack(surface, label[1:], foot, scale)
        own = pygame.Rect(words.left, words.top, words.width, foot.top - words.top)
        draw_stack(surface, label[:1], own, scale)

    def _label(self, choice: Choice) -> list[Item]:
        own, english = self._words.both(texts.CHOICE_LABELS[choice])
        return [
            Line(own, "Bold", int(self._panel.text * 1.2), palette.WHITE),
            Line(english, "Medium", self._second(), palette.WHITE, self._panel.mm(1)),
        ]

    def _room(self, box: pygame.Rect) -> tuple[pygame.Rect, pygame.Rect]:
        """Return where in a choice's panel the face and the words are."""
        inner = box.inflate(-self._panel.mm(4), -self._panel.mm(4))
        if box.width > box.height:
            edge = min(inner.height, inner.width * 3 // 10)
            place = pygame.Rect(inner.left, 0, edge, edge)
            place.centery = inner.centery
            left = place.right + self._panel.mm(2)
            return place, pygame.Rect(left, inner.top, inner.right - left, inner.height)
        edge = min(inner.width, inner.height * 2 // 5)
        place = pygame.Rect(0, inner.top, edge, edge)
        place.centerx = inner.centerx
        top = place.bottom + self._panel.mm(1)
        return place, pygame.Rect(inner.left, top, inner.width, inner.bottom - top)

    def _panel_of(
        self, surface: pygame.Surface, choice: Choice, box: pygame.Rect, held: bool
    ) -> None:
        radius = self._panel.mm(3.5)
        if held:
            rim = max(4, self._panel.mm(1.2))
            outer = box.inflate(rim, rim)
            surface.blit(rounded(outer.size, radius + rim // 2, palette.INK), outer)
            box = box.inflate(-rim, -rim)
        surface.blit(rounded(box.size, radius, palette.CHOICE_COLOURS[choice]), box)

    def _blank(self, colour: str) -> pygame.Surface:
        surface = pygame.Surface((self._panel.width, self._panel.height))
        surface.fill(colour)
        return surface

    def _margin(self) -> int:
        return self._panel.mm(3)

    def _second(self) -> int:
        """Return the letter size of the second language; the first says the same at full size."""
        return int(self._panel.text * 0.65)


def _split(area: pygame.Rect, parts: int, gap: int, *, across: bool) -> list[pygame.Rect]:
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
