"""One picture of 1280×800 onto the panel: a window's flip beside a DRM buffer and a frame buffer.

The kernel's devices are files in memory here, so this is what our own side of them costs.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pygame

from device.clock import SystemClock
from device.screen.drm import DrmOutput, open_card
from device.screen.framebuffer import FramebufferOutput
from device.screen.outputs import Output
from device.screen.window import SdlWindow
from device.settings import ScreenSettings
from tests.bench.measure import Timings, report, timed
from tests.fakes.display import running_display
from tests.fakes.drm import FakeCard
from tests.fakes.framebuffers import FakeFramebuffer

SIZE = (1280, 800)
TIMES = 100
_MEMORY = "/dev/shm"


def run() -> list[str]:
    """Return the figures."""
    with tempfile.TemporaryDirectory(dir=_MEMORY) as place, _window(Path(place)) as window:
        bare = Timings("window, by X", _frames(window))
        lines: list[str] = []
        for name, output in _outputs(Path(place)):
            lines += report(Timings(name, _frames(output)), bare)
            output.close()
    return lines


@contextmanager
def _window(folder: Path) -> Iterator[Output]:
    with running_display(folder / "display", *SIZE) as display:
        os.environ |= display.env
        window = SdlWindow(ScreenSettings(*SIZE, 10.1), visible=True, title="bench")
        yield window
        window.close()


def _outputs(folder: Path) -> Iterator[tuple[str, Output]]:
    card = FakeCard(folder / "dri" / "card0", [SIZE])
    yield "DRM buffer", DrmOutput(open_card(folder / "dri", card.ioctl), SIZE, SystemClock().up_ms)
    for bits in (32, 24, 16):
        fake = FakeFramebuffer(folder / "fb0", SIZE, bits)
        yield f"frame buffer of {bits} bits", FramebufferOutput(fake.path, fake.ioctl)


def _frames(output: Output) -> list[float]:
    pictures = [pygame.Surface(SIZE), pygame.Surface(SIZE)]
    pictures[1].fill("white")
    return [timed(partial(output.put, pictures[number % 2])) for number in range(TIMES)]
