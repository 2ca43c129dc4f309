"""Figures for the health report (device/core/tally.py)."""

from device.core.events import Pressed, Reject
from device.core.tally import Tally
from wire.records import Rating


def test_before_the_first_press_there_is_no_last_one() -> None:
    assert Tally().report(5000)["last_press_s_ago"] is None


def test_a_press_begins_the_count_of_tickets_anew() -> None:
    tally = Tally(served_since_press=3)
    tally.press(Rating("Q1", None, "satisfied", "button", 1), 1000)
    assert tally.report(4500) == {
        "presses": {"satisfied": 1},
        "buttons": {"satisfied": 1},
        "rejected": {},
        "rejected_buttons": {},
        "noise": {},
        "stuck": {},
        "faults": [],
        "served_since_press": 0,
        "last_press_s_ago": 3,
    }


def test_only_what_a_button_did_is_counted_for_the_button() -> None:
    tally = Tally()
    tally.press(Rating("Q1", None, "satisfied", "touch", 1), 1000)
    tally.reject(Reject("locked", Pressed(1100, "satisfied", "touch")))
    tally.reject(Reject("locked", Pressed(1200, "unsatisfied", "button")))
    tally.together(("very_satisfied", "satisfied"))
    report = tally.report(2000)
    assert report["presses"] == {"satisfied": 1}
    assert report["buttons"] == {}
    assert report["rejected"] == {"locked": 2, "together": 1}
    assert report["rejected_buttons"] == {
        "unsatisfied": 1,
        "very_satisfied": 1,
        "satisfied": 1,
    }


def test_a_stuck_button_is_counted_and_is_a_fault_until_it_recovers() -> None:
    tally = Tally()
    tally.stick("satisfied")
    assert tally.report(0)["stuck"] == {"satisfied": 1}
    assert tally.report(0)["faults"] == ["button_stuck satisfied"]
    tally.recover("satisfied")
    assert tally.report(0)["faults"] == []
