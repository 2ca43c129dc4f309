"""Panels that terminals are sold with, drawn into memory."""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"

from dataclasses import dataclass
from functools import cache

import pygame
import pytest

from device.core.policy import Contrast, Letters, Look
from device.core.targets import Target
from device.core.view import View
from device.screen.canvas import Dress
from device.screen.examples import PANELS, examples
from device.screen.layout import MARGIN_MM
from device.screen.lettering import Lettered
from device.screen.painter import Painter
from device.screen.panel import Panel, panel_of
from device.screen.theme import theme_of
from device.screen.words import Words
from device.settings import Rotation, ScreenSettings

LETTERS: tuple[Letters, ...] = ("normal", "large")
CONTRASTS: tuple[Contrast, ...] = ("normal", "high")
LOOKS = {
    f"{'-'.join(languages)} {letters} letters {contrast} contrast": Look(
        languages, letters, contrast
    )
    for languages in (("vi", "en"), ("en", "vi"))
    for letters in LETTERS
    for contrast in CONTRASTS
}


def panels() -> dict[str, Panel]:
    """Return every panel, lying and upright."""
    found = {}
    for name, (width, height, inches) in PANELS.items():
        for way, rotation in ("landscape", 0), ("portrait", 90):
            settings = ScreenSettings(width, height, inches, rotation)  # type: ignore[arg-type]
            found[f"{name} {way}"] = panel_of(settings)
    return found


PANEL_BY_NAME = panels()


def dress_of(panel: Panel, look: Look | None = None) -> Dress:
    """Return what a terminal with this panel and look draws with."""
    look = look or Look()
    return Dress(panel, theme_of(look), Words(look.languages))


@dataclass(frozen=True)
class Seen:
    """What there is to know of a drawn screen, without its pixels."""

    targets: dict[Target, pygame.Rect]
    said: tuple[tuple[Lettered, Target | None], ...]
    margin_is_free: bool


@cache
def seen(panel: str, look: str) -> dict[str, Seen]:
    """Draw all examples on a panel with a look, once in a run."""
    of_panel, worn = PANEL_BY_NAME[panel], LOOKS[look]
    painter = Painter(dress_of(of_panel, worn))
    return {
        name: look_at(painter, of_panel, view)
        for name, view in examples(language=worn.languages[0]).items()
    }


def look_at(painter: Painter, panel: Panel, view: View) -> Seen:
    """Draw one view."""
    painted = painter.paint(view)
    # With a page of items and its keys, on the smallest panel the margin is what the bezel gives.
    roomy = view.kind not in ("reasons", "items") and len(view.keys) < 3
    margin = panel.mm(MARGIN_MM) - 3 if roomy else 1
    return Seen(painted.targets, painted.said, margin_is_free(painted.surface, margin))


def margin_is_free(surface: pygame.Surface, margin: int) -> bool:
    """Return whether the edge of a picture shows its ground alone."""
    width, height = surface.get_size()
    strips = [
        (0, 0, width, margin),
        (0, height - margin, width, margin),
        (0, 0, margin, height),
        (width - margin, 0, margin, height),
    ]
    seen_there = b"".join(pygame.image.tobytes(surface.subsurface(each), "RGB") for each in strips)
    return len(set(zip(*[iter(seen_there)] * 3, strict=True))) == 1


@pytest.fixture(params=list(PANEL_BY_NAME))
def panel(request: pytest.FixtureRequest) -> Panel:
    """Each panel in turn."""
    return PANEL_BY_NAME[request.param]


@pytest.fixture
def painter(panel: Panel) -> Painter:
    """A painter for the panel, in Vietnamese over English."""
    return Painter(dress_of(panel))


@pytest.fixture(params=[0, 90, 180, 270])
def rotation(request: pytest.FixtureRequest) -> Rotation:
    """Each way in which a panel may be turned."""
    turned: Rotation = request.param
    return turned
