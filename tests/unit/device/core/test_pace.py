"""How long the main loop sleeps."""

from device.core.pace import LIVELY_MS, patience


def test_a_terminal_at_rest_wakes_twice_a_second() -> None:
    assert patience(LIVELY_MS, 0, asks=False) == 500


def test_a_light_that_blinks_twice_a_second_is_not_kept_waiting() -> None:
    assert patience(LIVELY_MS, 0, asks=False, blinks=True) == 250


def test_it_is_quick_while_something_goes_on() -> None:
    assert patience(LIVELY_MS - 1, 0, asks=False) == 50


def test_a_finger_is_never_left_waiting_for_a_tenth_of_a_second() -> None:
    assert patience(10**9, 0, asks=True) < 100
    assert patience(0, 0, asks=True) < 100
