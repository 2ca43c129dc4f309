"""Fingers and noise in numbers on gpiozero's mock pins: the reader, its edge counts and its thread.

The rules alone are shown in larger numbers in ``tests/property/test_many_presses.py``.
"""

import random
import time
from collections.abc import Callable, Iterator

import pytest

from device.clock import SystemClock
from device.core.press import SAMPLE_MS, Accepted, Noise, PressEvent, Together
from device.settings import ButtonSettings
from tests.fakes.fingers import Panel
from tests.fakes.signals import Recording, hum
from tests.fakes.wait import eventually
from wire.records import CHOICES

pytestmark = pytest.mark.soak
Repeats = Callable[[int, int], int]
SPIKE_S = 0.010
"""What lasts longer, because this machine stood still meanwhile, was no spike."""


@pytest.fixture(params=[False, True], ids=["normal", "noisy-site"])
def panel(request: pytest.FixtureRequest) -> Iterator[Panel]:
    """Mock buttons whose samples the test takes itself."""
    made = Panel(ButtonSettings(noisy_site=request.param))
    yield made
    made.close()


@pytest.fixture
def running() -> Iterator[Panel]:
    """Mock buttons, read by their own thread on the real clock."""
    made = Panel(clock=SystemClock())
    made.reader.start()
    made.samples(1)
    yield made
    made.close()


def play(panel: Panel, lines: list[list[bool]]) -> list[PressEvent]:
    """Move the pins as the lines say, millisecond by millisecond, and sample every 5 ms."""
    found: list[PressEvent] = []
    before = (False, False, False)
    for now, levels in enumerate(zip(*lines, strict=True)):
        for choice, was, level in zip(CHOICES, before, levels, strict=True):
            if was != level:
                panel.fingers.move(choice, down=level)
        before = levels
        panel.clock.advance(1)
        if now % SAMPLE_MS == 0:
            panel.reader._sample()
            found += panel.reader.take()
    return found


def test_of_all_that_moves_the_pins_each_press_alone_is_taken_and_once(
    panel: Panel, repeats: Repeats
) -> None:
    seen = Recording(random.Random(7))
    for _ in range(repeats(100, 2_000)):
        seen.pause()
        seen.spike(seen.chance.randrange(3))
        seen.pause()
        seen.press(seen.chance.randrange(3), shortest=40)
        seen.pause()
        seen.press_two(*seen.chance.sample(range(3), 2))
    seen.pause()
    found = play(panel, seen.lines)
    taken = [event.button for event in found if isinstance(event, Accepted)]
    together = [event.buttons for event in found if isinstance(event, Together)]
    assert taken == [press.button for press in seen.presses]
    assert together == [tuple(sorted((a.button, b.button))) for a, b in seen.together]


def test_hum_on_a_pin_is_noise_and_the_other_buttons_live(panel: Panel, repeats: Repeats) -> None:
    seen = Recording(random.Random(7))
    for _ in range(repeats(50, 1_000)):
        seen.pause()
        seen.press(seen.chance.choice((0, 2)), shortest=40)
    seen.pause()
    found = play(panel, seen.laid_over(1, hum(seen.now, 49.9, 0.6)))
    taken = [event.button for event in found if isinstance(event, Accepted)]
    assert taken == [press.button for press in seen.presses]
    assert {event.button for event in found if isinstance(event, Noise)} == {1}


def test_the_thread_takes_every_press_once(running: Panel, repeats: Repeats) -> None:
    chance = random.Random(7)
    pressed: list[int] = []
    taken: list[int] = []
    for _ in range(repeats(30, 1_000)):
        choice = chance.choice(CHOICES)
        ends = time.monotonic() + chance.uniform(0.040, 0.120)
        running.down(choice)
        running.samples(8)  # on a busy machine as well, a finger is there for so long
        eventually(lambda ends=ends: time.monotonic() >= ends, 1, "the end of the press")
        running.up(choice)
        running.samples(4)
        pressed.append(CHOICES.index(choice))
        taken += [e.button for e in running.reader.take() if isinstance(e, Accepted)]
    assert taken == pressed


def test_the_thread_takes_no_spike(running: Panel, repeats: Repeats) -> None:
    spikes = 0
    wanted = repeats(30, 1_000)
    chance = random.Random(7)
    while spikes < wanted:
        choice = chance.choice(CHOICES)
        began = time.monotonic()
        running.down(choice)
        running.up(choice)
        was_spike = time.monotonic() - began < SPIKE_S
        running.samples(4)
        found = running.reader.take()
        spikes += was_spike
        assert not was_spike or not any(isinstance(event, Accepted) for event in found)
