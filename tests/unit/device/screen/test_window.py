"""Touches in an SDL window (device/screen/window.py), on SDL's dummy driver."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pygame
import pytest

from device.core.policy import Look, Texts
from device.core.targets import Target
from device.core.view import View
from device.errors import DeviceError
from device.screen.examples import examples
from device.screen.screen import PanelScreen
from device.screen.window import SdlWindow, has_display, window_screen
from device.settings import Rotation, ScreenSettings
from tests.fakes.counter import touch
from wire.records import CHOICES, Choice

RATE = View("rate", "Quầy 3", "A001", CHOICES)
ROTATIONS: list[Rotation] = [0, 90, 180, 270]


@pytest.fixture(params=ROTATIONS)
def screen(request: pytest.FixtureRequest) -> Iterator[PanelScreen]:
    made = window_screen(ScreenSettings(rotation=request.param), visible=False, title="test")
    made.show(RATE)
    yield made
    made.close()


def window(screen: PanelScreen) -> pygame.Surface:
    """Return what the window shows."""
    assert isinstance(screen._output, SdlWindow)
    return screen._output._window


def centre(screen: PanelScreen, choice: Choice) -> tuple[int, int]:
    """Return where on the panel the middle of a choice is."""
    return middle(screen, touch(choice))


def middle(screen: PanelScreen, target: Target) -> tuple[int, int]:
    """Return where on the panel the middle of a target is, however the panel is turned."""
    assert screen._painted is not None
    x, y = screen._painted.targets[target].center
    width, height = screen._output.size
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
    screen: PanelScreen, choice: Choice
) -> None:
    place = centre(screen, choice)
    click(place, pygame.MOUSEBUTTONDOWN)
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == [touch(choice)]


def test_the_colour_under_a_target_is_the_choices_own(screen: PanelScreen) -> None:
    """Guards the turning of the picture and of the touches against the same mistake."""
    assert screen._painted is not None
    for choice in CHOICES:
        x, y = centre(screen, choice)
        box = screen._painted.targets[touch(choice)]
        upright = screen._painted.surface.get_at(box.center)
        assert window(screen).get_at((x, y)) == upright


def test_a_finger_is_taken_like_a_click(screen: PanelScreen) -> None:
    x, y = centre(screen, "unsatisfied")
    width, height = screen._output.size
    where = {"x": (x + 0.5) / width, "y": (y + 0.5) / height, "touch_id": 1, "finger_id": 2}
    for kind in (pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP):
        pygame.event.post(pygame.event.Event(kind, **where))
    assert screen.touched() == [touch("unsatisfied")]


def test_the_choice_under_the_finger_is_highlighted_at_once(screen: PanelScreen) -> None:
    before = screen._painted
    click(centre(screen, "satisfied"), pygame.MOUSEBUTTONDOWN)
    assert screen.touched() == []
    assert screen._painted is not before
    pygame.event.post(pygame.event.Event(pygame.MOUSEMOTION, pos=(0, 0)))
    screen.touched()
    assert screen._painted is before


def test_the_right_button_of_a_mouse_chooses_nothing(screen: PanelScreen) -> None:
    place = centre(screen, "satisfied")
    click(place, pygame.MOUSEBUTTONDOWN, button=3)
    click(place, pygame.MOUSEBUTTONUP, button=3)
    assert screen.touched() == []


def test_a_touch_that_began_on_another_ticket_does_not_count_for_this_one(
    screen: PanelScreen,
) -> None:
    place = centre(screen, "satisfied")
    click(place, pygame.MOUSEBUTTONDOWN)
    screen.touched()
    screen.show(View("rate", "Quầy 3", "A002", CHOICES))
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == []


ITEMS = examples()["items"]


@pytest.mark.parametrize(
    "after",
    [
        replace(ITEMS, page=0),
        replace(ITEMS, items=ITEMS.items[::-1]),
        replace(ITEMS, keys=("language", "next", "back", "done")),
    ],
)
def test_a_touch_that_began_on_another_page_does_not_count_for_this_one(
    screen: PanelScreen, after: View
) -> None:
    screen.show(ITEMS)
    place = middle(screen, Target("item", ITEMS.items[0].code))
    click(place, pygame.MOUSEBUTTONDOWN)
    assert screen.touched() == []
    screen.show(after)
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == []


def test_items_and_keys_are_touched_like_choices(screen: PanelScreen) -> None:
    screen.show(ITEMS)
    assert screen._painted is not None
    for target in screen._painted.targets:
        place = middle(screen, target)
        click(place, pygame.MOUSEBUTTONDOWN)
        click(place, pygame.MOUSEBUTTONUP)
        assert screen.touched() == [target]


def test_down_on_one_item_and_up_on_another_touches_neither(screen: PanelScreen) -> None:
    screen.show(ITEMS)
    first, second = (middle(screen, Target("item", each.code)) for each in ITEMS.items[:2])
    click(first, pygame.MOUSEBUTTONDOWN)
    click(second, pygame.MOUSEBUTTONUP)
    assert screen.touched() == []


def test_an_item_that_becomes_chosen_under_the_finger_still_counts(screen: PanelScreen) -> None:
    screen.show(ITEMS)
    target = Target("item", ITEMS.items[0].code)
    place = middle(screen, target)
    click(place, pygame.MOUSEBUTTONDOWN)
    screen.touched()
    screen.show(replace(ITEMS, chosen=(ITEMS.items[1].code,)))
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == [target]


def test_a_window_that_nobody_sees_wakes_nobody(screen: PanelScreen) -> None:
    assert (screen.wakes(), screen.driver) == ([], "dummy")


def test_a_panel_without_touch_takes_none() -> None:
    screen = window_screen(ScreenSettings(touch=False), visible=False, title="test")
    screen.show(RATE)
    place = centre(screen, "satisfied")
    click(place, pygame.MOUSEBUTTONDOWN)
    click(place, pygame.MOUSEBUTTONUP)
    assert screen.touched() == []
    screen.close()


def test_the_same_view_is_not_flipped_again(
    screen: PanelScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    flips: list[bool] = []
    monkeypatch.setattr(pygame.display, "flip", lambda: flips.append(True))
    screen.show(RATE)
    screen.show(View("rate", "Quầy 3", "A001", CHOICES))
    assert flips == []
    screen.show(View("thanks", "Quầy 3"))
    assert flips == [True]


def shown(screen: PanelScreen) -> bytes:
    return pygame.image.tobytes(window(screen), "RGB")


@pytest.mark.parametrize(
    ("look", "texts"),
    [
        (Look(letters="large"), Texts()),
        (Look(contrast="high"), Texts()),
        (Look(languages=("en", "vi")), Texts()),
        (Look(), Texts((("vi", "Hôm nay thế nào?"),))),
    ],
)
def test_a_new_look_is_seen_at_once(screen: PanelScreen, look: Look, texts: Texts) -> None:
    screen.show(replace(RATE, language="xx"))
    before = shown(screen)
    screen.dress(look, texts)
    assert shown(screen) != before
    screen.dress(Look(), Texts())
    assert shown(screen) == before


def test_a_look_before_the_first_view_is_kept_for_it() -> None:
    screen = window_screen(ScreenSettings(), visible=False, title="test")
    screen.dress(Look(contrast="high"), Texts())
    screen.show(RATE)
    assert window(screen).get_at((0, 0))[:3] == (0, 0, 0)
    screen.close()


def test_a_language_without_texts_is_refused_and_everything_stays(screen: PanelScreen) -> None:
    before = shown(screen)
    with pytest.raises(DeviceError, match="there are en, vi"):
        screen.dress(Look(languages=("vi", "xx")), Texts())
    assert shown(screen) == before
    screen.show(View("thanks", "Quầy 3"))
    assert shown(screen) != before


def light_in(folder: Path) -> Path:
    """Return a backlight as Linux shows it."""
    here = folder / "10-0045"
    here.mkdir()
    (here / "max_brightness").write_text("31\n")
    (here / "brightness").write_text("31\n")
    return here / "brightness"


def test_a_light_that_can_be_turned_is_turned_in_the_place_of_the_picture(tmp_path: Path) -> None:
    light = light_in(tmp_path)
    screen = window_screen(ScreenSettings(), visible=False, title="test", backlights=tmp_path)
    screen.show(RATE)
    bright = shown(screen)
    screen.show(replace(RATE, brightness=40))
    assert (light.read_text(), shown(screen) == bright) == ("12", True)
    light.unlink()
    light.mkdir()
    screen.show(replace(RATE, brightness=20))
    assert shown(screen) != bright
    screen.close()


def test_without_such_a_light_the_picture_is_darkened(screen: PanelScreen) -> None:
    bright = shown(screen)
    screen.show(replace(RATE, brightness=40))
    assert shown(screen) != bright


def test_closing_the_window_is_noticed(screen: PanelScreen) -> None:
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


def test_a_panel_on_which_nothing_fits_shows_what_it_can_whatever_the_fleet_sets() -> None:
    tiny = ScreenSettings(width_px=320, height_px=240, diagonal_in=2.4)
    made = window_screen(tiny, visible=False, title="test")
    made.dress(Look(letters="large"), Texts())
    for view in examples("Quầy 3", "vi").values():
        made.show(view)
    made.close()
