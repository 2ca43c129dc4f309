"""Panels that terminals really have, drawn into memory."""

import os

os.environ["SDL_VIDEODRIVER"] = "dummy"

import pytest

from device.screen.painter import Painter
from device.screen.panel import Panel, panel_of
from device.screen.texts import Texts
from device.settings import Rotation, ScreenSettings

SIZES: dict[str, tuple[int, int, float, Rotation]] = {
    "5 inch": (800, 480, 5.0, 0),
    "7 inch": (800, 480, 7.0, 0),
    "10 inch": (1280, 800, 10.1, 0),
    "5 inch portrait": (800, 480, 5.0, 90),
    "7 inch portrait": (800, 480, 7.0, 270),
    "10 inch portrait": (1280, 800, 10.1, 90),
}


@pytest.fixture(params=list(SIZES))
def panel(request: pytest.FixtureRequest) -> Panel:
    """Each panel in turn."""
    width, height, diagonal, rotation = SIZES[request.param]
    return panel_of(ScreenSettings(width, height, diagonal, rotation))


@pytest.fixture
def painter(panel: Panel) -> Painter:
    """A painter for the panel."""
    return Painter(panel, Texts())
