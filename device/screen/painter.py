"""Draws a view onto a surface, and says where its targets are.

Nothing is decided here: the view says what is shown. Each view is drawn once and kept; a panel
that changes twice a minute costs nothing in between.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pygame

from device.core.targets import Target
from device.core.view import View
from device.screen.scenes import SCENES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from device.screen.canvas import Canvas, Dress
    from device.screen.lettering import Lettered

_MOST_BYTES = 16 * 1024 * 1024
_LEAST_KEPT = 4  # what is shown, the same under a finger, and what a press may bring
_BYTES_A_PIXEL = 4
_DIM = 0.43  # what is left of the light on a screen that nobody is looking at
_LEAST_LIGHT = 0.05  # a panel that is wholly dark looks broken
_STEPS = ((0, 0), (1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1))
_STEP_MM = 0.8

# Views that differ only in what their screen does not draw are the same picture.
_NO_TICKET = {"thanks", "correction", "wait", "idle", "reasons", "items", "starting"}
_NO_COUNTER = {"thanks", "correction", "wait", "reasons", "items"}


@dataclass(frozen=True, slots=True)
class Painted:
    """A drawn view.

    Attributes:
        surface: The pixels.
        targets: The rectangles in which a touch means something.
        said: What became of every text, and the target it belongs to.
    """

    surface: pygame.Surface
    targets: dict[Target, pygame.Rect] = field(default_factory=dict)
    said: tuple[tuple[Lettered, Target | None], ...] = ()


class Painter:
    """Draws views for one panel.

    Args:
        dress: Panel, colours and words.
    """

    def __init__(self, dress: Dress) -> None:
        self._dress = dress
        self._kept: OrderedDict[tuple[View, Target | None], Painted] = OrderedDict()
        of_one = dress.panel.width * dress.panel.height * _BYTES_A_PIXEL
        self._most = max(_LEAST_KEPT, _MOST_BYTES // of_one)

    def paint(self, view: View, held: Target | None = None) -> Painted:
        """Return the drawn view; ``held`` is the target under a finger."""
        key = (_essence(view), held)
        painted = self._kept.pop(key, None) or self._draw(*key)
        self._kept[key] = painted
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return painted

    def prepare(self, view: View) -> None:
        """Draw ahead what a press on this view will show, so that the press only has to show it."""
        for coming in _after_press(view):
            self.paint(coming)

    def _draw(self, view: View, held: Target | None) -> Painted:
        canvas = SCENES[view.kind](self._dress, view, held)
        if view.dim and view.kind != "idle":
            _move(canvas, view.place)
        light = _light(view)
        if light < 1:
            shade = (round(255 * light),) * 3
            canvas.surface.fill(shade, special_flags=pygame.BLEND_RGB_MULT)
        return Painted(canvas.surface, canvas.targets, tuple(canvas.said))


def _essence(view: View) -> View:
    """Return a view without what its screen does not draw."""
    if view.kind in _NO_TICKET:
        view = replace(view, ticket=None)
    keys = tuple(sorted(view.keys))  # the order of the view is not that of the screen
    return replace(view, keys=keys, counter="" if view.kind in _NO_COUNTER else view.counter)


def _after_press(view: View) -> Iterator[View]:
    """Yield what a press on a view will show as an office usually sets it."""
    shown = replace(view, ticket=None, dim=False, place=0, chosen=(), items=(), keys=())
    if view.kind in ("rate", "correction"):
        yield replace(shown, kind="thanks", choices=())
        yield replace(shown, kind="correction", keys=tuple({"continue", *view.keys}))
    elif view.kind == "reasons":
        yield replace(shown, kind="thanks", page=0, pages=1, warning=False)


def _light(view: View) -> float:
    light = max(_LEAST_LIGHT, view.brightness / 100)
    return light * _DIM if view.dim and view.kind != "idle" else light


def _move(canvas: Canvas, place: int) -> None:
    """Shift a screen that stands for long by less than its margin, against burn-in."""
    across, down = _STEPS[place % len(_STEPS)]
    by = (across * canvas.panel.mm(_STEP_MM), down * canvas.panel.mm(_STEP_MM))
    if by == (0, 0):
        return
    still = canvas.surface.copy()
    canvas.surface.fill(canvas.coat.ground)
    canvas.surface.blit(still, by)
    canvas.targets = {target: box.move(by) for target, box in canvas.targets.items()}
    canvas.said = [(replace(each, box=each.box.move(by)), of) for each, of in canvas.said]
