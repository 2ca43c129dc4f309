"""The integrator, rule by rule (device/core/press.py)."""

import pytest

from device.core.press import (
    Accepted,
    Noise,
    PressDetector,
    PressEvent,
    Recovered,
    Stuck,
    Together,
)
from tests.fakes.lines import accepted, down, rest, watch


def feed(
    detector: PressDetector, levels: list[bool], times: int, start: int, step: int = 5
) -> list[PressEvent]:
    """Sample the same levels again and again."""
    found: list[PressEvent] = []
    for i in range(times):
        found += detector.sample(start + i * step, levels)
    return found


def test_six_active_samples_are_a_press() -> None:
    detector = PressDetector(1)
    detector.sample(0, [False])
    assert feed(detector, [True], 5, 5) == []
    assert detector.sample(30, [True]) == [Accepted(0, 30)]


def test_a_long_press_counts_once() -> None:
    assert accepted(watch([rest(20) + down(3000) + rest(100)])) == [45]


def test_a_second_press_counts_after_the_button_was_at_rest_for_three_samples() -> None:
    assert len(accepted(watch([rest(10) + down(60) + rest(15) + down(60)]))) == 2


def test_a_contact_that_opens_for_a_moment_is_still_one_press() -> None:
    assert len(accepted(watch([rest(10) + down(60) + rest(10) + down(60) + rest(50)]))) == 1


def test_a_button_that_is_down_at_the_start_counts_only_after_its_release() -> None:
    found = watch([down(500) + rest(30) + down(60)])
    assert accepted(found) == [555]


def test_an_inactive_sample_takes_back_two() -> None:
    detector = PressDetector(1)
    detector.sample(0, [False])
    feed(detector, [True], 5, 5)
    feed(detector, [False], 2, 30)
    assert feed(detector, [True], 4, 40) == []
    assert detector.sample(60, [True]) == [Accepted(0, 60)]


def test_the_last_four_samples_of_a_press_are_active_in_a_row() -> None:
    detector = PressDetector(1)
    detector.sample(0, [False])
    feed(detector, [True], 5, 5)
    detector.sample(30, [False])
    assert feed(detector, [True], 3, 35) == []
    assert detector.sample(50, [True]) == [Accepted(0, 50)]


def test_a_noisy_site_asks_for_eight_samples_in_a_row() -> None:
    detector = PressDetector(1, noisy_site=True)
    detector.sample(0, [False])
    assert feed(detector, [True], 7, 5) == []
    detector.sample(40, [False])
    assert feed(detector, [True], 7, 45) == []
    assert detector.sample(80, [True]) == [Accepted(0, 80)]


def test_on_a_noisy_site_a_glitch_in_a_held_button_is_no_second_press() -> None:
    detector = PressDetector(1, noisy_site=True)
    assert len(accepted(watch([rest(10) + down(60) + rest(5) + down(80)], detector))) == 1


def test_two_buttons_pressed_together_are_rejected() -> None:
    found = watch([rest(10) + down(80) + rest(50), rest(18) + down(80) + rest(42)])
    assert found == [Together((0, 1))]


def test_two_buttons_that_become_certain_in_the_same_sample_are_rejected() -> None:
    line = rest(10) + down(80) + rest(50)
    assert watch([line, rest(140), line]) == [Together((0, 2))]


def test_a_button_pressed_while_another_is_held_is_rejected() -> None:
    found = watch([rest(10) + down(400), rest(200) + down(80) + rest(130)])
    assert found == [Accepted(0, 35), Together((0, 1))]


def test_a_spike_on_another_line_delays_a_press_but_does_not_reject_it() -> None:
    press = rest(10) + down(80) + rest(20)
    spike = rest(34) + down(3) + rest(73)
    assert watch([press, spike]) == [Accepted(0, 40)]


def test_a_button_that_is_released_while_the_decision_waits_still_counts() -> None:
    press = rest(10) + down(28) + rest(62)
    spike = rest(34) + down(3) + rest(63)
    assert watch([press, spike]) == [Accepted(0, 40)]


def test_a_button_held_for_more_than_ten_seconds_is_stuck_and_left_out() -> None:
    found = watch([rest(10) + down(10_100), rest(10_080) + down(80) + rest(20)])
    assert found == [Accepted(0, 35), Stuck(0), Accepted(1, 10_105)]


def test_a_button_that_never_was_released_is_reported_as_stuck() -> None:
    assert watch([down(10_100)]) == [Stuck(0)]


def test_a_stuck_button_comes_back_after_ten_seconds_of_rest() -> None:
    detector = PressDetector(1)
    assert watch([rest(5) + down(10_100)], detector) == [Accepted(0, 30), Stuck(0)]
    assert not detector.busy()
    assert feed(detector, [False], 10, 11_000, step=1000) == []
    assert detector.sample(21_000, [False]) == [Recovered(0)]
    assert feed(detector, [True], 6, 21_005)[-1] == Accepted(0, 21_030)


def test_a_stuck_button_that_is_touched_in_its_rest_rests_anew() -> None:
    detector = PressDetector(1)
    watch([rest(5) + down(10_100)], detector)
    feed(detector, [False], 5, 11_000, step=1000)
    detector.sample(16_000, [True])
    assert feed(detector, [False], 10, 17_000, step=1000) == []
    assert detector.sample(27_000, [False]) == [Recovered(0)]


def test_more_than_twenty_edges_a_second_without_a_press_are_noise_said_once() -> None:
    line = (rest(9) + down(1)) * 120
    noise = [event for event in watch([line]) if isinstance(event, Noise)]
    assert len(noise) == 1
    assert noise[0].button == 0
    assert noise[0].edges > 20


def test_a_new_burst_of_noise_is_said_again() -> None:
    burst = (rest(9) + down(1)) * 20
    found = watch([burst + rest(2000) + burst + rest(50)])
    assert [type(event) for event in found] == [Noise, Noise]


def test_a_press_that_bounces_a_lot_is_a_press_and_no_noise() -> None:
    bounce = (down(1) + rest(1)) * 14
    assert watch([rest(10) + bounce + down(100) + rest(900)]) == [Accepted(0, 65)]


def test_samples_that_come_late_stand_for_the_time_in_which_nothing_changed() -> None:
    detector = PressDetector(1)
    detector.sample(0, [False], [0])
    assert detector.sample(5, [True], [1]) == []
    assert detector.sample(45, [True], [0]) == [Accepted(0, 45)]


def test_late_samples_with_edges_between_stand_for_themselves_only() -> None:
    detector = PressDetector(1)
    detector.sample(0, [False], [0])
    detector.sample(5, [True], [1])
    assert detector.sample(45, [True], [2]) == []


def test_a_level_that_changed_without_an_edge_stands_for_itself_only() -> None:
    detector = PressDetector(1)
    detector.sample(0, [False], [0])
    assert detector.sample(250, [True], [0]) == []


@pytest.mark.parametrize("levels", [[True], [False]])
def test_the_detector_is_busy_only_while_a_line_is_not_at_rest(levels: list[bool]) -> None:
    detector = PressDetector(1)
    detector.sample(0, [False])
    detector.sample(5, levels)
    assert detector.busy() == levels[0]
