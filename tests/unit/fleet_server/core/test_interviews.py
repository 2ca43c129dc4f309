"""Sheets of interviews, and what may be told of their answers."""

from datetime import date
from random import Random

import pytest

from fleet_server.core.choices import NONE, Choices
from fleet_server.core.interviews import (
    CRITERIA,
    OUTCOMES,
    REPLACED,
    Answer,
    Block,
    Outcome,
    Sheet,
    SheetError,
    beside,
    blocks,
    enough_tries,
    outcomes,
)

LAST = date(2026, 12, 31)
ABOVE = {3: [3, 2, 1], 4: [4, 2, 1], 5: [5, 1], 2: [2, 1]}
"""A city 1 with a district 2, in which the wards 3 and 4 lie, and a department 5."""


def sheet(
    nth: int,
    counter: int = 1,
    unit: int = 3,
    answer: Answer = "satisfied",
    outcome: Outcome = "done",
) -> Sheet:
    answers: dict[str, Answer] = {"attitude": answer} if outcome == "done" else {}
    return Sheet(nth, f"v{99 - nth}", counter, unit, date(2026, 10, 1 + nth % 30), outcome, answers)  # type: ignore[arg-type]


# ---- sheets ----


def test_an_interview_has_at_least_one_answer() -> None:
    with pytest.raises(SheetError) as refused:
        sheet(1, answer="not_asked")
    assert refused.value.reason == "no_answer"


@pytest.mark.parametrize("outcome", sorted(REPLACED))
def test_who_was_not_interviewed_has_answered_nothing(outcome: Outcome) -> None:
    Sheet(1, "v", 1, 3, LAST, outcome, {"intake": "not_asked"})
    with pytest.raises(SheetError) as refused:
        Sheet(1, "v", 1, 3, LAST, outcome, {"intake": "satisfied"})
    assert refused.value.reason == "answers_without_interview"


def test_three_tries_on_one_day_are_one_try() -> None:
    assert not enough_tries([LAST, LAST, LAST])
    assert enough_tries([date(2026, 12, day) for day in (1, 2, 3)])


def test_all_outcomes_are_counted_also_those_that_never_came() -> None:
    told = outcomes([sheet(1), sheet(2), sheet(3, outcome="refused")])
    assert told == {**dict.fromkeys(OUTCOMES, 0), "done": 2, "refused": 1}


# ---- blocks ----


def test_four_answers_are_told_by_nobody_and_five_by_their_counter_at_once() -> None:
    assert blocks(map(sheet, range(4)), LAST, over=False, above=ABOVE) == []
    five = blocks([sheet(n) for n in range(4)] + [sheet(4, answer="unsatisfied")], LAST, False, {})
    assert five == [Block("attitude", 3, 1, date(2026, 10, 5), Choices(0, 4, 1))]


def test_each_question_waits_for_itself_and_what_was_not_asked_counts_nowhere() -> None:
    full: dict[str, Answer] = {"intake": "very_satisfied", "attitude": "not_asked"}
    five = [Sheet(n, f"v{n}", 1, 3, LAST, "done", full) for n in range(5)]  # type: ignore[arg-type]
    told = blocks(five, LAST, over=True, above=ABOVE)
    assert told == [Block("intake", 3, 1, LAST, Choices(very_satisfied=5))]


def test_what_was_too_few_for_counters_is_told_by_the_unit_once_the_term_is_over() -> None:
    sheets = [sheet(n, counter=n % 2) for n in range(8)]
    assert blocks(sheets, LAST, over=False, above=ABOVE) == []
    told = blocks(sheets, LAST, over=True, above=ABOVE)
    assert told == [Block("attitude", 3, None, LAST, Choices(satisfied=8))]


def test_what_is_too_few_for_units_goes_up_until_it_is_enough() -> None:
    wards = [sheet(n, counter=n, unit=3 + n % 2) for n in range(6)]
    assert [one.unit for one in blocks(wards, LAST, True, ABOVE)] == [2]
    spread = [sheet(1, unit=3), sheet(2, unit=4), *(sheet(n, unit=5) for n in range(3, 6))]
    assert [one.unit for one in blocks(spread, LAST, True, ABOVE)] == [1]


def test_what_is_too_few_even_at_the_top_is_never_told() -> None:
    assert blocks([sheet(1, unit=3), sheet(2, unit=5)], LAST, over=True, above=ABOVE) == []


def test_sheets_without_an_interview_are_in_no_block() -> None:
    sheets = [sheet(n, outcome="refused") for n in range(9)]
    assert blocks(sheets, LAST, over=True, above=ABOVE) == []


def test_what_was_told_does_not_change_by_sheets_that_are_closed_later_on_the_same_day() -> None:
    sheets = [
        Sheet(n, f"v{9 - n}", 1, 3, LAST, "done", {"attitude": "satisfied"}) for n in range(8)
    ]
    before = blocks(sheets[:5], LAST, over=False, above=ABOVE)
    assert before == blocks(sheets[::-1], LAST, over=False, above=ABOVE)


@pytest.mark.parametrize("seed", range(50))
def test_blocks_are_five_or_more_and_hold_no_answer_twice(seed: int) -> None:
    random = Random(seed)
    sheets = [
        sheet(n, counter := random.randrange(12), 3 + counter % 3)
        for n in range(random.randrange(90))
    ]
    running, over = (blocks(sheets, LAST, it, ABOVE) for it in (False, True))
    assert all(one.choices.total >= 5 for one in over)
    assert over[: len(running)] == running
    whole = sum(one.choices.total for one in over)
    assert whole <= len(sheets)
    assert len(sheets) - whole < 5


# ---- beside the terminal ----


def test_answers_stand_beside_the_terminals_with_their_difference() -> None:
    told = [
        Block("attitude", 3, 1, LAST, Choices(2, 3, 5)),
        Block("attitude", 3, None, LAST, Choices(0, 0, 10)),
    ]
    rows = beside(told, Choices(80, 15, 5))
    assert [row.criterion for row in rows] == list(CRITERIA)
    attitude, guidance = rows[-1], rows[0]
    assert (attitude.satisfied.part, attitude.satisfied.whole) == (5, 20)
    assert attitude.difference is not None
    assert attitude.difference.points == pytest.approx(-70)
    assert not attitude.difference.chance
    assert guidance.answers == NONE
    assert guidance.difference is None
