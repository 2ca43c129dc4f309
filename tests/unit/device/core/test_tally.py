"""Figures for the health report (device/core/tally.py)."""

from device.core.tally import Tally


def test_before_the_first_press_there_is_no_last_one() -> None:
    assert Tally().report(5000)["last_press_s_ago"] is None


def test_a_press_begins_the_count_of_tickets_anew() -> None:
    tally = Tally(served_since_press=3)
    tally.press("satisfied", 1000)
    assert tally.report(4500) == {
        "presses": {"satisfied": 1},
        "rejected": {},
        "noise": {},
        "faults": [],
        "served_since_press": 0,
        "write_errors": 0,
        "last_press_s_ago": 3,
    }
