"""Which screen is opened (device/screen/opening.py)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.screen import evdev, framebuffer, opening
from device.screen.drm.card import open_card
from device.settings import ScreenSettings
from device.settings.screen import OutputName
from tests.fakes.drm import FakeCard
from tests.fakes.framebuffers import FakeFramebuffer
from tests.fakes.journals import StillClock

PANEL = (800, 480)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A machine without display, card, frame buffer and input devices."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(open_card, "__defaults__", (tmp_path / "dri", None))
    monkeypatch.setattr(
        framebuffer.FramebufferOutput.__init__, "__defaults__", (tmp_path / "fb0", None)
    )
    monkeypatch.setattr(evdev.EvdevTouches.__init__, "__defaults__", (tmp_path / "input", None))
    return tmp_path


def with_card(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    card = FakeCard(folder / "dri" / "card0", [PANEL])
    monkeypatch.setattr(open_card, "__defaults__", (folder / "dri", card.ioctl))


def with_framebuffer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    fake = FakeFramebuffer(folder / "fb0", PANEL)
    defaults = (fake.path, fake.ioctl)
    monkeypatch.setattr(framebuffer.FramebufferOutput.__init__, "__defaults__", defaults)


def driver(settings: ScreenSettings | None = None, window: bool | None = None) -> str:
    screen = opening.open_screen(settings or ScreenSettings(), "test", StillClock().up_ms, window)
    try:
        return screen.driver
    finally:
        screen.close()


def test_a_card_goes_before_a_frame_buffer(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    with_framebuffer(monkeypatch, bare)
    assert driver() == "fb"
    with_card(monkeypatch, bare)
    assert driver() == "drm"
    assert driver(ScreenSettings(output="fb")) == "fb"


def test_a_window_goes_before_both(monkeypatch: pytest.MonkeyPatch, bare: Path) -> None:
    with_card(monkeypatch, bare)
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    assert driver() == "dummy"
    assert driver(ScreenSettings(output="window")) == "dummy"
    assert driver(window=True) == "dummy"
    monkeypatch.setattr(opening, "has_display", lambda: True)
    assert driver() == "dummy"
    assert driver(ScreenSettings(output="drm")) == "drm"


def test_who_wants_no_window_gets_nothing_to_see(
    monkeypatch: pytest.MonkeyPatch, bare: Path
) -> None:
    with_card(monkeypatch, bare)
    assert driver(window=False) == "dummy"


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("auto", "no graphics card that sets modes, .*fb0: No such file"),
        ("drm", "dri: no graphics card that sets modes;"),
        ("fb", "nobody sees anything: .*fb0: No such file"),
    ],
)
def test_where_there_is_nothing_the_terminal_runs_and_says_so(
    output: OutputName, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert driver(ScreenSettings(output=output)) == "none"
    (error,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert re.search(said, error.message)


def test_a_card_whose_driver_comes_late_is_found(
    monkeypatch: pytest.MonkeyPatch, bare: Path
) -> None:
    clock = StillClock()
    screen = opening.open_screen(ScreenSettings(), "test", clock.up_ms)
    with_card(monkeypatch, bare)
    screen.touched()
    assert screen.driver == "none"
    clock.advance(2_000)
    screen.touched()
    assert screen.driver == "drm"
    screen.close()


@pytest.mark.parametrize(("touch", "wakes"), [(True, 1), (False, 0)])
def test_fingers_come_from_the_kernel_where_the_panel_takes_any(
    monkeypatch: pytest.MonkeyPatch, bare: Path, touch: bool, wakes: int
) -> None:
    with_framebuffer(monkeypatch, bare)
    screen = opening.open_screen(ScreenSettings(touch=touch), "test", StillClock().up_ms)
    assert len(screen.wakes() or ()) == wakes
    screen.close()
