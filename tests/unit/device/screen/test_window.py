"""Touches in an SDL window (device/screen/window.py), on SDL's dummy driver."""

from collections.abc import Iterator

import pygame
import pytest

from device.core.view import View
from device.screen.window import SdlScreen, has_display
from device.settings import Rotation, ScreenSettings
from tests.fakes.counter import touch
from wire.records import CHOICES, Choice

RATE = View("rate", "Quầy 3", "A001", CHOICES)
ROTATIONS: list[Rotation] = [0, 90, 180, 270]


@pytest.fixture(params=ROTATIONS)
def screen(request: pytest.FixtureRequest) -> Iterator[SdlScreen]:
    made = SdlScreen(ScreenSettings(rotation=request.param), visible=False, title="test")
    made.show(RATE)
    yield made
    made.close()


def centre(screen: SdlScreen, choice: Choice) -> tuple[int, int]:
    """Return where on the panel the middle of a choice is, found by its colour's place."""
    assert screen._painted is not None
    x, y = screen._painted.targets[touch(choice)].center
    width, height = screen._window.get_size()
    turned = {
        0: (x, y),
        90: (width - 1 - y, x),
        180: (width - 1 - x, height - 1 - y),
        270: (y, height - 1 - x),
    }
    return turned[screen._settings.rotation]


def click(place: tuple[int, int], kind: int, button: int = 1) -> None:
    pygame.event.post(pygame.event.Event(kind, pos=place, button=button))


@pytest.mark.parametrize("choice", CHOICES)
def test_a_click_on_a_choice_is_that_choice_however_the_panel_is_turned(
    screen: SdlScreen, choice: Choice
) -> None:
    place = centre(screen, choice)
    click(place, pygame.MOUSEBUTTONDOWN)
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == [touch(choice)]


def test_the_colour_under_a_target_is_the_choices_own(screen: SdlScreen) -> None:
    """Guards the turning of the picture and of the touches against the same mistake."""
    assert screen._painted is not None
    for choice in CHOICES:
        x, y = centre(screen, choice)
        box = screen._painted.targets[touch(choice)]
        upright = screen._painted.surface.get_at(box.center)
        assert screen._window.get_at((x, y)) == upright


def test_a_finger_is_taken_like_a_click(screen: SdlScreen) -> None:
    x, y = centre(screen, "unsatisfied")
    width, height = screen._window.get_size()
    where = {"x": (x + 0.5) / width, "y": (y + 0.5) / height, "touch_id": 1, "finger_id": 2}
    for kind in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
        pygame.event.post(pygame.event.Event(kind, **where))
    assert screen.touched() == [touch("unsatisfied")]


def test_the_choice_under_the_finger_is_highlighted_at_once(screen: SdlScreen) -> None:
    before = screen._painted
    click(centre(screen, "satisfied"), pygame.MOUSEBUTTONDOWN)
    assert screen.touched() == []
    assert screen._painted is not before
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(0, 0)))
    screen.touched()
    assert screen._painted is before


def test_the_right_button_of_a_mouse_chooses_nothing(screen: SdlScreen) -> None:
    place = centre(screen, "satisfied")
    click(place, pygame.MOUSEBUTTONDOWN, button=3)
    click(place, pygame.MOUSEBUTTONUP, button=3)
    assert screen.touched() == []


def test_a_touch_that_began_on_another_ticket_does_not_count_for_this_one(
    screen: SdlScreen,
) -> None:
    place = centre(screen, "satisfied")
    click(place, pygame.MOUSEBUTTONDOWN)
    screen.touched()
    screen.show(View("rate", "Quầy 3", "A002", CHOICES))
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == []


def test_a_window_that_nobody_sees_wakes_nobody(screen: SdlScreen) -> None:
    assert (screen.wakes(), screen.driver) == ([], "dummy")


def test_a_panel_without_touch_takes_none() -> None:
    screen = SdlScreen(ScreenSettings(touch=False), visible=False, title="test")
    screen.show(RATE)
    place = centre(screen, "satisfied")
    click(place, pygame.MOUSEBUTTONDOWN)
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == []
    screen.close()


def test_the_same_view_is_not_flipped_again(
    screen: SdlScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    flips: list[bool] = []
    monkeypatch.setattr(pygame.display, "flip", lambda: flips.append(True))
    screen.show(RATE)
    screen.show(View("rate", "Quầy 3", "A001", CHOICES))
    assert flips == []
    screen.show(View("thanks", "Quầy 3"))
    assert flips == [True]


def test_closing_the_window_is_noticed(screen: SdlScreen) -> None:
    assert not screen.closed()
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    screen.touched()
    assert screen.closed()


def test_sdl_does_not_turn_a_finger_into_a_mouse() -> None:
    import os

    assert os.environ["SDL_TOUCH_MOUSE_EVENTS"] == "0"
    assert os.environ["SDL_MOUSE_TOUCH_EVENTS"] == "0"


@pytest.mark.parametrize(
    ("environment", "there"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "SDL_VIDEODRIVER": "dummy"}, False),
    ],
)
def test_a_window_is_shown_where_there_is_a_display(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], there: bool
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert has_display() == there
