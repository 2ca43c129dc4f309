"""The integrator on simulated lines: the figures of terminal.md, and any line at all."""

import random
import statistics
from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from device.core.press import Accepted, PressDetector
from tests.fakes.lines import accepted, down, rest, watch

SPIKES = st.lists(st.tuples(st.integers(1, 5), st.integers(25, 300)), max_size=60)
TOGGLES = st.lists(st.integers(0, 1), max_size=5).map(lambda bits: [bool(bit) for bit in bits])


@given(SPIKES)
def test_lone_spikes_are_no_press(spikes: list[tuple[int, int]]) -> None:
    line = [level for width, gap in spikes for level in (*down(width), *rest(gap))]
    assert accepted(watch([line or rest(10)])) == []


@given(st.integers(0, 19), st.integers(1, 400), st.booleans())
def test_mains_hum_is_no_press(phase: int, periods: int, noisy_site: bool) -> None:
    line = (rest(10) + down(10)) * periods
    assert accepted(watch([rest(phase) + line], PressDetector(1, noisy_site=noisy_site))) == []


@given(
    st.lists(
        st.tuples(st.integers(30, 120), TOGGLES, TOGGLES, st.integers(60, 200)),
        min_size=1,
        max_size=20,
    ),
    st.integers(1, 50),
)
def test_every_press_counts_exactly_once_whatever_its_bounce(
    presses: list[tuple[int, list[bool], list[bool], int]], start: int
) -> None:
    line = rest(start)
    for length, before, after, gap in presses:
        line += before + down(length) + after + rest(gap)
    assert len(accepted(watch([line]))) == len(presses)


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 80)), max_size=40))
def test_no_line_gives_presses_faster_than_a_button_can_rise_and_fall(
    parts: list[tuple[bool, int]],
) -> None:
    line = rest(5) + [level for level, length in parts for _ in range(length)]
    times = accepted(watch([line]))
    assert all(later - earlier >= 45 for earlier, later in pairwise(times))


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=400))
def test_of_three_lines_never_two_are_accepted_in_one_sample(rows: list[list[bool]]) -> None:
    detector = PressDetector(3)
    for index, levels in enumerate(rows):
        found = detector.sample(index * 5, levels)
        assert sum(isinstance(event, Accepted) for event in found) <= 1


def test_the_figures_of_the_design_hold(figure: Callable[[str], None]) -> None:
    """4,000 spikes and 200 s of hum give nothing; presses with bounce come at p50 32, p95 37 ms."""
    chance = random.Random(2026)
    spikes = [
        level
        for _ in range(4000)
        for level in (*down(chance.randint(1, 5)), *rest(chance.randint(30, 80)))
    ]
    assert accepted(watch([spikes])) == []
    assert accepted(watch([(rest(10) + down(10)) * 10_000])) == []
    line, pressed = rest(100), []
    for _ in range(1000):
        pressed.append(len(line))
        line += [True, *(chance.random() < 0.5 for _ in range(chance.randint(1, 6)))]
        line += down(chance.randint(30, 120))
        line += [chance.random() < 0.5 for _ in range(chance.randint(0, 6))]
        line += rest(chance.randint(60, 200))
    taken = accepted(watch([line]))
    assert len(taken) == 1000
    delays = sorted(seen - began for seen, began in zip(taken, pressed, strict=True))
    p50, p95 = statistics.median(delays), delays[949]
    figure(f"press → accepted: p50 {p50:.0f} ms, p95 {p95} ms (1,000 presses with bounce)")
    assert p50 <= 34
    assert p95 <= 40
