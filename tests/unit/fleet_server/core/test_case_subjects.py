"""Which cases there are to be, without telling a choice before its block is given out."""

from fleet_server.core.case_events import Subject
from fleet_server.core.case_subjects import Line, subjects
from fleet_server.core.choices import Choices

FEW = Line("2026-11-02", "tax", 1, Choices(1, 0, 1), ("r1",))
MORE = Line("2026-11-03", "tax", 1, Choices(2, 0, 1), ("r2",))
OTHER = Line("2026-11-03", "land", 1, Choices(0, 0, 1), ("r3",))


def test_nothing_is_told_before_its_block_is_given_out() -> None:
    assert subjects("rating", 7, [FEW], over=False) == []
    assert subjects("day", 7, [FEW], over=False) == []


def test_each_rating_of_a_block_has_a_case_of_the_day_that_tells_it() -> None:
    found = [Subject("rating", 1, 7, MORE.day, rating) for rating in ("r1", "r2")]
    assert subjects("rating", 7, [FEW, MORE, OTHER], over=False) == found


def test_a_counters_day_has_one_case_however_many_they_are() -> None:
    assert subjects("day", 7, [FEW, MORE, OTHER], over=False) == [Subject("day", 1, 7, MORE.day)]


def test_what_is_left_at_a_months_end_is_confined() -> None:
    left = Subject("rating", 1, 7, OTHER.day, "r3", confined=True)
    assert subjects("rating", 7, [FEW, MORE, OTHER], over=True)[2:] == [left]
    day = Subject("day", 1, 7, OTHER.day, confined=True)
    assert subjects("day", 7, [FEW, MORE, OTHER], over=True) == [
        Subject("day", 1, 7, MORE.day),
        day,
    ]


def test_a_block_in_which_nobody_was_unsatisfied_has_no_case() -> None:
    assert subjects("day", 7, [Line("2026-11-02", "tax", 1, Choices(9, 0, 0))], over=True) == []
