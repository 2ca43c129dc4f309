"""The self-test, step by step (device/core/selftest.py)."""

from dataclasses import replace

from device.core.network import Finding, complete
from device.core.rules import Site
from device.core.selftest import (
    CORNERS,
    LONGEST_MS,
    LOOKING_MS,
    NETWORK_MS,
    RESULT_MS,
    SelfTest,
    begin,
    covers,
    heard,
    is_complete,
    is_over,
    press,
    result,
    shown,
    tick,
    touch,
    tries,
)
from device.core.targets import Target
from device.core.view import Note
from wire.records import CHOICES

FULL = Site("t-1", "Q1", "Quầy 1")
DONE = Target("key", "done")


def corner(name: str) -> Target:
    return Target("item", name)


def pressed_all(test: SelfTest) -> SelfTest:
    for button in range(3):
        test = press(test, button, 1000 + button)
    return test


def test_everything_that_is_fitted_is_tried() -> None:
    assert begin(replace(FULL, sound=True), 0).steps == (*CHOICES, "screen", *CORNERS, "sound")
    assert begin(replace(FULL, buttons=False), 0).steps == ("screen", *CORNERS)
    assert begin(replace(FULL, touch=False), 0).steps == (*CHOICES, "screen")
    assert begin(replace(FULL, screen=False), 0).steps == CHOICES


def test_it_shows_what_is_still_to_be_done() -> None:
    view = shown(press(begin(FULL, 0), 1, 500), "Quầy 1", "en", 0)
    assert (view.kind, view.keys, view.language) == ("self_test", ("done",), "en")
    assert [item.code for item in view.items] == list(CORNERS)
    assert view.progress == (2, 8)
    assert view.notes == (
        Note("Very satisfied", "", "waiting"),
        Note("Satisfied", "", "good"),
        Note("Not satisfied", "", "waiting"),
        Note("Screen", "", "good"),
        Note("Touch the corners", "0/4", "waiting"),
    )


def test_it_is_good_when_every_button_and_corner_was_touched_once() -> None:
    test = pressed_all(begin(FULL, 0))
    for name in CORNERS:
        assert test.ended_at is None
        test = touch(test, corner(name), 2000)
    assert test.ended_at == 2000
    assert result(test) == {"good": True, "tried": list(test.steps), "missing": []}
    view = shown(test, "Quầy 1", "vi", 0)
    assert (view.keys, view.items, view.progress) == ((), (), (8, 8))
    assert {note.state for note in view.notes} == {"good"}


def test_a_button_that_is_pressed_shines_alone_until_the_next() -> None:
    test = press(begin(FULL, 0), 2, 500)
    assert test.pressed == 2
    assert press(test, 0, 600).pressed == 0


def test_the_technician_may_end_it_and_what_is_missing_is_said() -> None:
    test = touch(pressed_all(begin(FULL, 0)), DONE, 5000)
    assert touch(test, DONE, 6000).ended_at == 5000
    assert result(test)["missing"] == list(CORNERS)
    assert shown(test, "Quầy 1", "vi", 0).notes[-1] == Note("Touch the corners", "0/4", "bad")


def test_it_ends_by_itself() -> None:
    test = tick(begin(FULL, 1000), LONGEST_MS + 999)
    assert test.ended_at is None
    assert tick(test, LONGEST_MS + 1000).ended_at == LONGEST_MS + 1000


def test_after_its_end_nothing_counts_any_more_and_the_result_is_seen_for_a_moment() -> None:
    test = touch(begin(FULL, 0), DONE, 5000)
    assert "satisfied" in result(press(test, 1, 5100))["missing"]
    assert not is_over(test, 5000 + RESULT_MS - 1)
    assert is_over(test, 5000 + RESULT_MS)
    assert not is_over(begin(FULL, 0), 1_000_000)


def test_touching_something_else_is_no_step() -> None:
    assert touch(begin(FULL, 0), corner("middle"), 10) == begin(FULL, 0)


def test_without_touch_there_are_no_corners_and_no_key() -> None:
    view = shown(begin(replace(FULL, touch=False), 0), "Quầy 1", "vi", 0)
    assert (view.items, view.keys) == ((), ())
    assert [note.text for note in view.notes][-1] == "Screen"


def test_where_there_is_nothing_to_try_it_is_over_at_once() -> None:
    assert begin(replace(FULL, buttons=False, screen=False), 7).ended_at == 7


GOOD = tuple(Finding(each.step, "good") for each in complete([]))
FAULTY = complete([Finding("link", "bad", "no_carrier", "eth0")])


def ended(up: int) -> SelfTest:
    return touch(begin(FULL, 0, looks=True), DONE, up)


def test_it_is_complete_when_the_network_was_looked_at_too() -> None:
    test = ended(1000)
    assert not is_complete(test)
    assert not is_over(tick(test, 1000 + RESULT_MS), 1000 + RESULT_MS)
    test = heard(test, FAULTY, 5000)
    assert is_complete(test)
    assert result(test)["network"][0] == {
        "step": "link", "state": "bad", "why": "no_carrier", "detail": "eth0",
    }  # fmt: skip
    assert "network" not in tries(test)


def test_it_is_good_when_the_network_is_good_too() -> None:
    test = heard(begin(replace(FULL, buttons=False, touch=False), 0, looks=True), GOOD, 10)
    assert result(test)["good"]
    assert not result(replace(test, way=FAULTY))["good"]
    assert not result(heard(ended(1000), GOOD, 5000))["good"], "no button was tried"


def test_the_way_to_the_fleet_is_shown_after_the_tries_with_what_to_do() -> None:
    test = heard(ended(1000), FAULTY, 1500)
    assert shown(test, "Quầy 1", "vi", 1000 + RESULT_MS - 1).kind == "self_test"
    view = shown(test, "Quầy 1", "vi", 1000 + RESULT_MS)
    assert (view.kind, view.advice) == ("network", "no_carrier")
    assert [note.state for note in view.notes] == ["bad", *["waiting"] * 6]
    over = 1000 + RESULT_MS + NETWORK_MS
    assert not is_over(test, over - 1)
    assert is_over(test, over)
    assert shown(replace(test, way=GOOD), "Quầy 1", "vi", over).advice is None


def test_a_look_that_takes_long_is_shown_for_as_long() -> None:
    test = heard(ended(0), GOOD, 30_000)
    assert not is_over(test, 30_000 + NETWORK_MS - 1)
    assert is_over(test, 30_000 + NETWORK_MS)


def test_while_the_uplink_is_waited_for_the_counter_is_seen_again() -> None:
    test = ended(1000)
    assert covers(begin(FULL, 0, looks=True), 500)
    assert covers(test, 1000 + RESULT_MS - 1)
    assert not covers(test, 1000 + RESULT_MS)
    assert covers(heard(test, GOOD, 20_000), 20_000)


def test_an_uplink_that_does_not_answer_is_not_waited_for_for_ever() -> None:
    test = tick(ended(0), LOOKING_MS - 1)
    assert not is_complete(test)
    test = tick(test, LOOKING_MS)
    assert is_complete(test)
    assert "network" not in result(test)
    assert heard(test, GOOD, LOOKING_MS + 1) == test, "too late"
    assert is_over(test, LOOKING_MS)
