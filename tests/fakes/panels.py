"""A panel of every kind that there is an adapter for; somebody looks at it and touches it.

with KINDS["drm"](folder, ScreenSettings()) as panel:
    panel.screen.show(view)
    panel.colour((10, 10))
    panel.finger("down", (10, 10))
"""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pygame

from device.screen.drm.card import open_card
from device.screen.drm.output import DrmOutput
from device.screen.evdev import EvdevTouches
from device.screen.framebuffer import FramebufferOutput
from device.screen.outputs import NoTouches, Output, TouchKind
from device.screen.screen import PanelScreen
from device.screen.seeking import SoughtOutput
from device.screen.window import window_screen
from device.settings import ScreenSettings
from tests.fakes.drm import FakeCard
from tests.fakes.framebuffers import FakeFramebuffer
from tests.fakes.inputs import REPORT, FakeDevice, FakeInputs, event
from tests.fakes.journals import StillClock

Place = tuple[int, int]
Colour = tuple[int, int, int]
TOUCH, LEFT = 0x14A, 0x110
STEPS = 4096
UP_MS = StillClock().up_ms


@dataclass
class Panel:
    """A panel.

    Attributes:
        screen: The adapter under test.
        colour: Returns what is seen at a place.
        finger: Does something with a finger at a place.
    """

    screen: PanelScreen
    colour: Callable[[Place], Colour]
    finger: Callable[[TouchKind, Place], None]


def touch_panel(folder: Path) -> FakeDevice:
    """Return a panel for several fingers."""
    axes = {0x2F: (0, 9), 0x35: (0, STEPS - 1), 0x36: (0, STEPS - 1), 0x39: (0, 65535)}
    return FakeDevice(folder / "event3", {TOUCH}, axes)


def pointer(folder: Path) -> FakeDevice:
    """Return an absolute pointer, such as the tablet of a virtual machine."""
    return FakeDevice(folder / "event4", {LEFT}, {0: (0, STEPS - 1), 1: (0, STEPS - 1)})


def touched(kind: TouchKind, x: int, y: int) -> bytes:
    """Return what a panel for several fingers says of the first one."""
    place = event(3, 0x35, x) + event(3, 0x36, y)
    number = {"down": event(3, 0x39, 7), "up": event(3, 0x39, -1)}.get(kind, b"")
    return number + place + REPORT


def pointed(kind: TouchKind, x: int, y: int) -> bytes:
    """Return what a pointer says."""
    button = {"down": event(1, LEFT, 1), "up": event(1, LEFT, 0)}.get(kind, b"")
    return event(3, 0, x) + event(3, 1, y) + button + REPORT


def steps(place: Place, settings: ScreenSettings) -> tuple[int, int]:
    """Return a place on the panel in the steps of a touch device."""
    x, y = place
    return (
        int((x + 0.5) * STEPS / settings.width_px),
        int((y + 0.5) * STEPS / settings.height_px),
    )


@contextmanager
def _window(_folder: Path, settings: ScreenSettings) -> Iterator[Panel]:
    screen = window_screen(settings, visible=False, title="test")
    kinds = {
        "down": pygame.MOUSEBUTTONDOWN, "move": pygame.MOUSEMOTION, "up": pygame.MOUSEBUTTONUP,
    }  # fmt: skip

    def finger(kind: TouchKind, place: Place) -> None:
        pygame.event.post(pygame.event.Event(kinds[kind], pos=place, button=1))

    def colour(place: Place) -> Colour:
        red, green, blue, _ = pygame.display.get_surface().get_at(place)
        return red, green, blue

    yield Panel(screen, colour, finger)


@contextmanager
def _bare(
    folder: Path,
    settings: ScreenSettings,
    output: Output,
    device: FakeDevice,
    colour: Callable[[Place], Colour],
) -> Iterator[Panel]:
    inputs = FakeInputs(device.path.parent)
    inputs.add(device.plug())
    touches = EvdevTouches(UP_MS, device.path.parent, inputs.ioctl)
    screen = PanelScreen(settings, output, touches if settings.touch else NoTouches(), folder)
    says = touched if device.path.name == "event3" else pointed

    def finger(kind: TouchKind, place: Place) -> None:
        device.say(says(kind, *steps(place, settings)))

    try:
        yield Panel(screen, colour, finger)
    finally:
        inputs.close()
        touches.close()


@contextmanager
def _drm(
    folder: Path, settings: ScreenSettings, pad: int = 0, itself: bool = True
) -> Iterator[Panel]:
    size = (settings.width_px, settings.height_px)
    card = FakeCard(folder / "card0", [(1920, 1080), size], pad, itself)
    output = SoughtOutput(lambda: DrmOutput(open_card(folder, card.ioctl), size), size, UP_MS)

    (folder / "input").mkdir()
    with _bare(folder, settings, output, touch_panel(folder / "input"), card.colour) as panel:
        yield panel


@contextmanager
def _framebuffer(
    folder: Path, settings: ScreenSettings, bits: int, pad: int = 0
) -> Iterator[Panel]:
    fake = FakeFramebuffer(folder / "fb0", (settings.width_px, settings.height_px), bits, pad)
    output = SoughtOutput(lambda: FramebufferOutput(fake.path, fake.ioctl), fake.size, UP_MS)
    (folder / "input").mkdir()
    with _bare(folder, settings, output, pointer(folder / "input"), fake.colour) as panel:
        yield panel


Making = Callable[[Path, ScreenSettings], AbstractContextManager[Panel]]
KINDS: dict[str, Making] = {
    "window": _window,
    "drm": _drm,
    "drm that is told, with long lines": lambda folder, it: _drm(folder, it, 64, False),
    "fb of 32 bits": lambda folder, it: _framebuffer(folder, it, 32),
    "fb of 24 bits, with long lines": lambda folder, it: _framebuffer(folder, it, 24, 96),
    "fb of 16 bits": lambda folder, it: _framebuffer(folder, it, 16),
}
