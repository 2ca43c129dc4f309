"""Drawing and keeping (device/screen/painter.py), and that no picture tells the choice."""

from dataclasses import fields, replace

import pygame
import pytest

from device.core.events import Pressed, Recorded, TicketCalled
from device.core.rules import Rules
from device.core.session import step
from device.core.session_state import Session, Visit
from device.core.targets import Target
from device.core.view import View, view
from device.screen.examples import examples
from device.screen.painter import Painter
from device.screen.panel import Panel
from tests.fakes.counter import touch
from tests.unit.device.screen.conftest import PANEL_BY_NAME, dress_of
from wire.records import CHOICES, Choice

RATE = View("rate", "Quầy 3", "A-0137", CHOICES)
RULES = Rules("Q1")


@pytest.fixture
def small() -> Painter:
    """A painter for one panel."""
    return Painter(dress_of(PANEL_BY_NAME["7in-800x480 landscape"]))


def pixels(painter: Painter, view: View, held: Target | None = None) -> bytes:
    return pygame.image.tobytes(painter.paint(view, held).surface, "RGB")


def test_each_view_is_drawn_once_and_kept(small: Painter) -> None:
    assert small.paint(RATE) is small.paint(RATE)


def test_what_is_kept_is_bounded(painter: Painter, panel: Panel) -> None:
    for place in range(30):
        painter.paint(View("idle", "Quầy 3", dim=True, place=place))
    kept = len(painter._kept)
    assert 4 <= kept <= 12
    assert kept == 4 or kept * panel.width * panel.height * 4 <= 16 * 1024 * 1024


def test_what_a_press_will_show_is_drawn_ahead(small: Painter) -> None:
    shown = replace(RATE, keys=("language",))
    small.paint(shown)
    small.prepare(shown)
    kept = dict(small._kept)
    small.paint(View("thanks", "Quầy 3"))
    small.paint(View("correction", "Quầy 3", "A-0137", CHOICES, keys=("language", "continue")))
    assert set(small._kept) == set(kept)


def test_what_a_screen_does_not_draw_is_not_drawn_anew(small: Painter) -> None:
    assert small.paint(View("thanks", "Quầy 3")) is small.paint(View("thanks", "Quầy 4", "A001"))
    assert small.paint(RATE) is not small.paint(replace(RATE, ticket="A-0138"))


@pytest.mark.parametrize("name", ["rate", "correction", "reasons", "reasons-chosen", "items"])
def test_whatever_is_under_a_finger_looks_different(small: Painter, name: str) -> None:
    shown = examples()[name]
    plain = pixels(small, shown)
    held = [pixels(small, shown, target) for target in small.paint(shown).targets]
    assert len({plain, *held}) == len(held) + 1


def test_a_chosen_item_looks_different_even_without_colours(small: Painter) -> None:
    shown = replace(examples()["reasons"], chosen=())
    chosen = replace(shown, chosen=(shown.items[0].code,))
    box = small.paint(shown).targets[Target("item", shown.items[0].code)]
    plain, marked = (
        pygame.transform.grayscale(small.paint(each).surface.subsurface(box))
        for each in (shown, chosen)
    )
    light = [pygame.transform.average_color(each)[0] for each in (plain, marked)]
    assert abs(light[0] - light[1]) > 100


def test_the_end_is_announced(small: Painter) -> None:
    shown = replace(examples()["reasons-chosen"], warning=False)
    assert pixels(small, shown) != pixels(small, replace(shown, warning=True))
    said = {each.line.text for each, _ in small.paint(replace(shown, warning=True)).said}
    assert {"Sắp hết thời\u00a0gian", "Time is nearly up"} <= said


def test_the_idle_frame_moves(painter: Painter) -> None:
    frames = {pixels(painter, View("idle", "Quầy 3", dim=True, place=i)) for i in range(28)}
    assert len(frames) == 28


def test_a_screen_that_stands_for_long_moves_a_little_and_its_targets_with_it(
    small: Painter,
) -> None:
    still, moved = (
        small.paint(replace(RATE, ticket=None, dim=True, place=place)) for place in (0, 1)
    )
    for target, box in still.targets.items():
        assert moved.targets[target].topleft != box.topleft
        at = moved.targets[target].center
        assert moved.surface.get_at(at) == still.surface.get_at(box.center)


def test_a_dim_view_gives_less_light_and_keeps_its_targets(painter: Painter) -> None:
    bright = painter.paint(replace(RATE, ticket=None))
    dim = painter.paint(replace(RATE, ticket=None, dim=True))
    assert dim.targets == bright.targets
    light = [sum(pygame.transform.average_color(each.surface)[:3]) for each in (bright, dim)]
    assert light[1] < light[0] / 2


def test_brightness_darkens_what_is_drawn_but_never_wholly(small: Painter) -> None:
    light = [
        sum(pygame.transform.average_color(small.paint(replace(RATE, brightness=each)).surface)[:3])
        for each in (100, 60, 20, 0)
    ]
    assert light == sorted(light, reverse=True)
    assert 0.5 < light[1] / light[0] < 0.65
    assert light[3] > 0


def test_a_terminal_that_says_where_it_is_flashes(small: Painter) -> None:
    dark, lit = (
        small.paint(replace(examples()["identify"], place=place)).surface for place in (0, 1)
    )
    brightness = [sum(pygame.transform.average_color(each)[:3]) for each in (dark, lit)]
    assert brightness[1] > 2 * brightness[0]


def test_thanks_show_none_of_the_colours_of_the_choices(painter: Painter) -> None:
    drawn = painter.paint(examples()["thanks"]).surface
    colours = {tuple(drawn.get_at((x, y)))[:3] for x in range(0, 480, 3) for y in range(0, 480, 3)}
    for coat in painter._dress.theme.choices.values():
        assert tuple(pygame.Color(coat.ground))[:3] not in colours


def test_no_field_of_a_view_could_hold_the_choice_that_was_made() -> None:
    known = "kind counter ticket choices dim place language keys items chosen page pages warning "
    known += "progress trouble unplaced joining notes advice brightness"
    assert {each.name for each in fields(View)} == set(known.split()), "does it tell the choice?"


def after(choice: Choice, milliseconds: int) -> View:
    """Return what is shown a while after a choice was pressed."""
    visit = Visit("v1", "A001", "Q1", "Quầy 1")
    session, _ = step(Session(), TicketCalled(0, visit), RULES)
    session, (effect,) = step(session, Pressed(1_000, choice, "touch"), RULES)
    session, _ = step(session, Recorded(1_010, effect.rating, 1, True, 1_000), RULES)  # type: ignore[union-attr]
    return view(session, 1_010 + milliseconds, RULES, "Quầy 1")


@pytest.mark.parametrize("milliseconds", [0, 500, 1_600, 3_000, 4_900, 6_000, 60_000, 120_000])
def test_after_a_press_the_pixels_are_the_same_for_every_choice(
    small: Painter, milliseconds: int
) -> None:
    shown = [after(choice, milliseconds) for choice in CHOICES]
    assert shown[0] == shown[1] == shown[2]
    assert len({pixels(small, each) for each in shown}) == 1


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_is_a_target_as_the_desk_knows_it(small: Painter, choice: Choice) -> None:
    assert touch(choice) in small.paint(RATE).targets
