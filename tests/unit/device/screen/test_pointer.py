"""Down highlights, up inside the same target takes (device/screen/pointer.py)."""

from device.screen.pointer import Pointer


def test_a_choice_is_taken_on_up_inside_its_target() -> None:
    pointer = Pointer()
    pointer.down(1, "satisfied")
    assert pointer.held == "satisfied"
    assert pointer.up(1, "satisfied") == "satisfied"
    assert pointer.held is None


def test_a_finger_that_slides_off_takes_nothing() -> None:
    pointer = Pointer()
    pointer.down(1, "satisfied")
    pointer.move(1, None)
    assert pointer.held is None
    assert pointer.up(1, None) is None


def test_a_finger_that_slides_onto_another_choice_takes_neither() -> None:
    pointer = Pointer()
    pointer.down(1, "satisfied")
    pointer.move(1, "unsatisfied")
    assert pointer.held is None
    assert pointer.up(1, "unsatisfied") is None


def test_a_finger_that_comes_back_is_highlighted_again() -> None:
    pointer = Pointer()
    pointer.down(1, "satisfied")
    pointer.move(1, None)
    pointer.move(1, "satisfied")
    assert pointer.held == "satisfied"


def test_a_second_finger_does_not_count_while_the_first_is_down() -> None:
    pointer = Pointer()
    pointer.down(1, "satisfied")
    pointer.down(2, "unsatisfied")
    pointer.move(2, None)
    assert pointer.held == "satisfied"
    assert pointer.up(2, "unsatisfied") is None
    assert pointer.up(1, "satisfied") == "satisfied"


def test_a_finger_beside_all_targets_does_not_count() -> None:
    pointer = Pointer()
    pointer.down(1, None)
    assert pointer.up(1, "satisfied") is None


def test_a_finger_that_was_down_before_the_screen_changed_is_forgotten() -> None:
    pointer = Pointer()
    pointer.down(1, "satisfied")
    pointer.cancel()
    assert pointer.up(1, "satisfied") is None
