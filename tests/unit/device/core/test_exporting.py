"""Which stick is exported to, what goes onto it, and what is said."""

import pytest

from device.core.exporting import Notice, Part, Stick, choose, parts, view

A, B = Stick("a", 1), Stick("b", 2)


def test_each_stick_gets_its_turn_once() -> None:
    first, seen = choose([A, B], frozenset())
    second, seen = choose([A, B], seen)
    third, seen = choose([A, B], seen)
    assert (first, second, third) == (A, B, None)


def test_a_stick_that_was_away_gets_another_turn() -> None:
    _, seen = choose([A], frozenset())
    _, seen = choose([], seen)
    assert choose([A], seen)[0] == A
    assert choose([Stick("a", 9)], frozenset([A]))[0] == Stick("a", 9)


def test_what_was_exported_is_left_out() -> None:
    held = [Part("x", 1, 9), Part("y", 5, 20), Part("z", 1, 3)]
    assert parts(held, {"x": 9, "y": 2}) == [Part("y", 5, 20), Part("z", 1, 3)]
    assert parts(held, {"y": 7}) == [Part("x", 1, 9), Part("y", 8, 20), Part("z", 1, 3)]


def test_progress_and_outcome_are_shown() -> None:
    assert view(Notice(3, 9), "Q1").progress == (3, 9)
    shown = view(Notice(9, 9, "done"), "Q1")
    assert [(note.text, note.value, note.state) for note in shown.notes] == [
        ("Records copied", "9", "good"),
        ("You may take the stick out", "", "info"),
    ]


@pytest.mark.parametrize("outcome", ["full", "read_only", "failed"])
def test_a_failure_is_shown_as_one(outcome: str) -> None:
    note = view(Notice(0, 0, outcome), "Q1").notes[0]  # type: ignore[arg-type]
    assert (note.state, note.value) == ("bad", "")
    assert "stick" in note.text
