"""The self-test, step by step (device/core/selftest.py)."""

from dataclasses import replace

from device.core.rules import Site
from device.core.selftest import (
    CORNERS,
    LONGEST_MS,
    RESULT_MS,
    SelfTest,
    begin,
    is_over,
    press,
    result,
    shown,
    tick,
    touch,
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
    view = shown(press(begin(FULL, 0), 1, 500), "Quầy 1", "en")
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
    view = shown(test, "Quầy 1", "vi")
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
    assert shown(test, "Quầy 1", "vi").notes[-1] == Note("Touch the corners", "0/4", "bad")


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
    view = shown(begin(replace(FULL, touch=False), 0), "Quầy 1", "vi")
    assert (view.items, view.keys) == ((), ())
    assert [note.text for note in view.notes][-1] == "Screen"


def test_where_there_is_nothing_to_try_it_is_over_at_once() -> None:
    assert begin(replace(FULL, buttons=False, screen=False), 7).ended_at == 7
