"""A real window wakes the main loop when somebody touches it (device/screen/connection.py)."""

import select
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.core.view import View
from device.screen.screen import PanelScreen
from device.screen.window import window_screen
from device.settings import ScreenSettings
from tests.fakes.display import Display, running_display
from tests.fakes.wait import eventually
from wire.records import CHOICES


@pytest.fixture
def display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Display]:
    with running_display(tmp_path, 800, 480) as made:
        for name, value in made.env.items():
            monkeypatch.setenv(name, value)
        yield made


def opened(*, touch: bool = True) -> PanelScreen:
    screen = window_screen(ScreenSettings(touch=touch), visible=True, title="test")
    screen.show(View("rate", "Quầy 3", "A001", CHOICES))
    return screen


def readable(descriptor: int, within_s: float) -> bool:
    return bool(select.select([descriptor], [], [], within_s)[0])


def test_the_windows_descriptor_is_readable_when_the_pointer_moves(display: Display) -> None:
    screen = opened()
    try:
        wakes = screen.wakes()
        assert screen.driver == "x11"
        assert wakes is not None
        (descriptor,) = wakes
        eventually(lambda: screen.touched() == [] and not readable(descriptor, 0), 10, "rest")
        display.pointer("mousemove", 400, 300)
        assert readable(descriptor, 10)
        eventually(lambda: screen.touched() == [] and not readable(descriptor, 0), 10, "rest")
    finally:
        screen.close()


def test_a_panel_without_touch_wakes_nobody(display: Display) -> None:
    screen = opened(touch=False)
    try:
        assert screen.wakes() == []
    finally:
        screen.close()


def test_without_xlib_the_window_has_to_be_asked(
    display: Display, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.screen.connection._XLIB", "libnothing.so")
    screen = opened()
    try:
        assert screen.wakes() is None
    finally:
        screen.close()
