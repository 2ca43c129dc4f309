"""What every adapter of the port ``Screen`` does: the window, a DRM buffer, a frame buffer."""

import gc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pygame
import pytest

from device.core.targets import Target
from device.core.view import View
from device.screen.examples import examples
from device.settings import Rotation, ScreenSettings
from tests.fakes.counter import touch
from tests.fakes.panels import KINDS, Panel, Place
from wire.records import CHOICES

RATE = View("rate", "Quầy 3", "A001", CHOICES)
NEAR = 8
"""How far a colour of 16 bits is from its own at most."""


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def panel(kind: str, rotation: Rotation, tmp_path: Path) -> Iterator[Panel]:
    with KINDS[kind](tmp_path, ScreenSettings(rotation=rotation)) as panel:
        panel.screen.show(RATE)
        yield panel
        panel.screen.close()


def turned(panel: Panel) -> pygame.Surface:
    """Return the picture as it must be on the panel."""
    assert panel.screen._painted is not None
    return pygame.transform.rotate(panel.screen._painted.surface, -panel.screen._settings.rotation)


def middle(panel: Panel, target: Target) -> Place:
    """Return where on the panel the middle of a target is, however the panel is turned."""
    assert panel.screen._painted is not None
    x, y = panel.screen._painted.targets[target].center
    settings = panel.screen._settings
    width, height = settings.width_px, settings.height_px
    places: dict[int, Place] = {
        0: (x, y),
        90: (width - 1 - y, x),
        180: (width - 1 - x, height - 1 - y),
        270: (y, height - 1 - x),
    }
    return places[settings.rotation]


def looks_right(panel: Panel) -> bool:
    """Return whether places all over the panel have the colours of the picture."""
    picture = turned(panel)
    width, height = picture.get_size()
    places = [(x, y) for x in range(0, width, 53) for y in range(0, height, 31)]
    places += [(width - 1, 0), (0, height - 1), (width - 1, height - 1)]
    return all(
        abs(seen - meant) < NEAR
        for place in places
        for seen, meant in zip(panel.colour(place), picture.get_at(place)[:3], strict=True)
    )


def test_a_view_is_seen_as_it_was_painted(panel: Panel) -> None:
    assert looks_right(panel)
    panel.screen.show(View("thanks", "Quầy 3"))
    assert looks_right(panel)


def test_a_finger_on_a_target_touches_it(panel: Panel) -> None:
    for choice in CHOICES:
        place = middle(panel, touch(choice))
        panel.finger("down", place)
        panel.finger("move", place)
        panel.finger("up", place)
        assert panel.screen.touched() == [touch(choice)]


def test_what_is_under_the_finger_is_highlighted_at_once(panel: Panel) -> None:
    before = turned(panel)
    panel.finger("down", middle(panel, touch("satisfied")))
    assert panel.screen.touched() == []
    assert looks_right(panel)
    assert turned(panel).get_buffer().raw != before.get_buffer().raw
    panel.finger("move", (0, 0))
    assert panel.screen.touched() == []
    assert turned(panel).get_buffer().raw == before.get_buffer().raw


def test_down_on_one_target_and_up_on_another_touches_neither(panel: Panel) -> None:
    panel.finger("down", middle(panel, touch("satisfied")))
    panel.finger("up", middle(panel, touch("unsatisfied")))
    assert panel.screen.touched() == []


def test_a_touch_that_began_on_another_ticket_does_not_count_for_this_one(panel: Panel) -> None:
    place = middle(panel, touch("satisfied"))
    panel.finger("down", place)
    panel.screen.touched()
    panel.screen.show(View("rate", "Quầy 3", "A002", CHOICES))
    panel.finger("up", place)
    assert panel.screen.touched() == []


def test_every_target_of_a_full_screen_is_under_its_finger(kind: str, tmp_path: Path) -> None:
    with KINDS[kind](tmp_path, ScreenSettings(1280, 800, 10.1)) as panel:
        panel.screen.show(examples()["items"])
        assert panel.screen._painted is not None
        for target in panel.screen._painted.targets:
            panel.finger("down", middle(panel, target))
            panel.finger("up", middle(panel, target))
            assert panel.screen.touched() == [target]
        panel.screen.close()


def test_a_panel_without_touch_takes_none(kind: str, tmp_path: Path) -> None:
    with KINDS[kind](tmp_path, ScreenSettings(touch=False)) as panel:
        panel.screen.show(RATE)
        place = middle(panel, touch("satisfied"))
        panel.finger("down", place)
        panel.finger("up", place)
        assert panel.screen.touched() == []
        assert panel.screen.wakes() == []
        assert not panel.screen.closed()
        panel.screen.close()


def test_the_health_report_hears_what_it_is(kind: str, tmp_path: Path) -> None:
    with KINDS[kind](tmp_path, ScreenSettings()) as panel:
        assert panel.screen.driver == ("dummy" if kind == "window" else kind.split()[0])
        panel.screen.close()


def opened() -> list[str]:
    """Return what this process holds open, but fonts, which it keeps for its life."""
    gc.collect()  # what earlier tests let go of
    held = []
    for one in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the folder that is being listed
            held.append(str(one.readlink()))
    return sorted(name for name in held if not name.endswith(".ttf"))


def test_nothing_is_left_open(kind: str, tmp_path: Path) -> None:
    before = opened()
    with KINDS[kind](tmp_path, ScreenSettings()) as panel:
        panel.screen.show(RATE)
        panel.screen.close()
    assert opened() == before
