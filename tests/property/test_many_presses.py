"""Fingers, spikes and hum in numbers: every press once, and nothing that is not a press."""

import random
import statistics
from bisect import bisect_left
from collections.abc import Callable

import pytest

from device.core.press import Accepted, Noise, PressDetector, PressEvent, Stuck, Together
from tests.fakes.lines import accepted, down, watch
from tests.fakes.signals import PRESS_MS, Press, Recording, hum

pytestmark = pytest.mark.soak
Repeats = Callable[[int, int], int]
Figure = Callable[[str], None]

SHORTEST_MS = {False: PRESS_MS[0], True: 40}
"""A noisy site asks for 8 samples in a row: 40 ms of firm contact."""
SETTLED_MS = 60
"""By then after its end a press is decided, also when the other lines are noisy."""
BUTTONS = range(3)


@pytest.fixture(params=[False, True], ids=["normal", "noisy-site"])
def noisy_site(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def chance() -> random.Random:
    return random.Random(20261125)


def delays(found: list[PressEvent], presses: list[Press]) -> list[int]:
    """Return how long each press took; fails unless each was taken once, in its own time."""
    taken = [event for event in found if isinstance(event, Accepted)]
    for event, press in zip(taken, presses, strict=False):
        assert event.button == press.button, f"{event} for {press}"
        assert press.began < event.up <= press.ended + SETTLED_MS, f"{event} for {press}"
    assert len(taken) == len(presses)
    return [event.up - press.began for event, press in zip(taken, presses, strict=True)]


def told(measured: list[int], what: str) -> str:
    ordered = sorted(measured)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{len(ordered):,} {what}: p50 {statistics.median(ordered):.0f} ms, p95 {p95} ms"


def test_every_press_with_bounce_is_taken_exactly_once(
    chance: random.Random, noisy_site: bool, repeats: Repeats, figure: Figure
) -> None:
    seen = Recording(chance)
    seen.rest(100)
    for _ in range(repeats(1_000, 10_000)):
        seen.press(chance.choice(BUTTONS), SHORTEST_MS[noisy_site])
        seen.pause()
    found = watch(seen.lines, PressDetector(noisy_site=noisy_site))
    measured = delays(found, seen.presses)
    assert not [event for event in found if not isinstance(event, Accepted)]
    figure(told(measured, "presses with bounce, each once"))
    assert statistics.median(measured) <= (44 if noisy_site else 34)


def test_on_a_noisy_site_a_short_press_is_taken_once_or_not_at_all(
    chance: random.Random, repeats: Repeats, figure: Figure
) -> None:
    seen = Recording(chance)
    for _ in range(repeats(1_000, 10_000)):
        seen.pause()
        seen.press(chance.choice(BUTTONS))
    seen.pause()
    found = watch(seen.lines, PressDetector(noisy_site=True))
    taken = [event for event in found if isinstance(event, Accepted)]
    last = [press.ended + SETTLED_MS for press in seen.presses]
    of = [seen.presses[bisect_left(last, event.up)] for event in taken]
    assert len(set(of)) == len(of)
    assert [event.button for event in taken] == [press.button for press in of]
    figure(f"noisy site, {len(seen.presses):,} presses of 30 to 120 ms: {len(taken):,} taken")


def test_no_lone_spike_is_taken(
    chance: random.Random, noisy_site: bool, repeats: Repeats, figure: Figure
) -> None:
    seen = Recording(chance)
    spikes = repeats(1_000, 10_000)
    for _ in range(spikes):
        seen.pause()
        seen.spike(chance.choice(BUTTONS))
    seen.pause()
    assert accepted(watch(seen.lines, PressDetector(noisy_site=noisy_site))) == []
    figure(f"{spikes:,} lone spikes of 1 to 5 ms: none taken")


def test_no_hum_is_taken_and_it_is_said_to_be_noise(
    chance: random.Random, noisy_site: bool, repeats: Repeats, figure: Figure
) -> None:
    seconds = repeats(20, 200)
    for hertz in (50.0, chance.uniform(49.5, 50.5)):
        line = hum(seconds * 1000, hertz, phase=chance.random())
        found = watch([line], PressDetector(1, noisy_site=noisy_site))
        assert [type(event) for event in found] == [Noise]
    figure(f"{seconds} s of 50 Hz square wave: nothing taken, said to be noise once")


def test_no_hum_is_taken_however_unequal_its_halves(
    chance: random.Random, noisy_site: bool, repeats: Repeats, figure: Figure
) -> None:
    lines = repeats(20, 200)
    for _ in range(lines):
        line = hum(2_000, chance.uniform(49, 51), chance.uniform(0.1, 0.7), chance.random())
        assert accepted(watch([line], PressDetector(1, noisy_site=noisy_site))) == []
    figure(f"{2 * lines} s of hum that is active for 10 to 70 % of its time: nothing taken")


@pytest.mark.parametrize(("hertz", "duty"), [(49.8, 0.5), (50.0, 0.5), (50.2, 0.65)])
def test_a_press_is_taken_once_while_another_line_hums(
    chance: random.Random,
    noisy_site: bool,
    hertz: float,
    duty: float,
    repeats: Repeats,
    figure: Figure,
) -> None:
    seen = Recording(chance)
    seen.rest(100)
    for _ in range(repeats(300, 3_000)):
        seen.press(chance.choice((0, 1)), SHORTEST_MS[noisy_site])
        seen.pause()
    lines = seen.laid_over(2, hum(seen.now, hertz, duty, chance.random()))
    found = watch(lines, PressDetector(noisy_site=noisy_site))
    figure(told(delays(found, seen.presses), f"presses beside {hertz} Hz hum, each once"))


def test_a_press_is_taken_once_among_spikes_on_every_line(
    chance: random.Random, noisy_site: bool, repeats: Repeats
) -> None:
    seen = Recording(chance)
    for _ in range(repeats(300, 3_000)):
        for _ in range(chance.randint(0, 3)):
            seen.pause()
            seen.spike(chance.choice(BUTTONS))
        seen.pause()
        seen.press(chance.choice(BUTTONS), SHORTEST_MS[noisy_site])
    seen.pause()
    delays(watch(seen.lines, PressDetector(noisy_site=noisy_site)), seen.presses)


def test_two_at_once_are_rejected_together_and_the_next_alone_is_taken(
    chance: random.Random, noisy_site: bool, repeats: Repeats, figure: Figure
) -> None:
    seen = Recording(chance)
    for _ in range(repeats(300, 3_000)):
        seen.pause()
        one, other = chance.sample(BUTTONS, 2)
        seen.press_two(one, other)
        seen.pause()
        seen.press(chance.choice(BUTTONS), SHORTEST_MS[noisy_site])
    seen.pause()
    found = watch(seen.lines, PressDetector(noisy_site=noisy_site))
    delays(found, seen.presses)
    rejected = [event.buttons for event in found if isinstance(event, Together)]
    assert rejected == [tuple(sorted((a.button, b.button))) for a, b in seen.together]
    figure(f"{len(rejected):,} times two buttons at once: none taken, each told")


def test_a_stuck_button_is_told_and_the_others_go_on(
    chance: random.Random, noisy_site: bool, repeats: Repeats, figure: Figure
) -> None:
    seen = Recording(chance)
    seen.rest(10_200)
    for _ in range(repeats(300, 3_000)):
        seen.press(chance.choice((0, 2)), SHORTEST_MS[noisy_site])
        seen.pause()
    lines = seen.laid_over(1, down(seen.now))
    found = watch(lines, PressDetector(noisy_site=noisy_site))
    assert [event for event in found if not isinstance(event, Accepted)] == [Stuck(1)]
    figure(told(delays(found, seen.presses), "presses beside a stuck button, each once"))
