"""When the LEDs shine (device/core/lights.py)."""

from itertools import pairwise

import pytest

from device.core.lights import Signal, is_lit


def test_an_accepted_press_shines_for_a_moment() -> None:
    assert [is_lit(up, 1000, None) for up in (1000, 1399, 1400)] == [True, True, False]


def test_at_rest_nothing_shines() -> None:
    assert not is_lit(1000, None, None)


@pytest.mark.parametrize(("signal", "starts"), [("identify", 10), ("trouble", 3)])
def test_a_signal_blinks_no_faster_than_two_times_a_second(signal: Signal, starts: int) -> None:
    lit = [is_lit(up, None, signal) for up in range(10_000)]
    ups = [up for up, (before, now) in enumerate(pairwise([False, *lit])) if now and not before]
    assert len(ups) == starts
    assert all(later - earlier >= 500 for earlier, later in pairwise(ups))
