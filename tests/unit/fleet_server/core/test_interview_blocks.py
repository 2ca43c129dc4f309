"""What may be told of interviews: five sheets or more, of a unit's quarter or a counter's."""

from collections.abc import Iterable
from datetime import date
from random import Random

import pytest

from fleet_server.core.choices import NONE, Choices
from fleet_server.core.interview_blocks import Block, beside, blocks, outcomes
from fleet_server.core.interviews import CRITERIA, OUTCOMES, Answer, Criterion, Outcome, Sheet

LAST = date(2026, 12, 31)
ABOVE = {3: [3, 2, 1], 4: [4, 2, 1], 5: [5, 1], 2: [2, 1]}
"""A city 1 with a district 2, in which the wards 3 and 4 lie, and a department 5."""


def sheet(
    nth: int,
    counter: int = 1,
    unit: int = 3,
    answer: Answer = "satisfied",
    outcome: Outcome = "done",
    asker: int | None = 8,
) -> Sheet:
    answers: dict[Criterion, Answer] = {"attitude": answer} if outcome == "done" else {}
    day = date(2026, 10, 1 + nth % 30)
    return Sheet(nth, f"v{99 - nth}", counter, unit, day, outcome, answers, asker)


def attitude(sheets: Iterable[Sheet], over: bool = True) -> list[Block]:
    """Return the blocks of one question."""
    return [one for one in blocks(sheets, over, ABOVE) if one.subject == "attitude"]


def test_four_sheets_are_told_by_nobody_and_five_by_their_counter_at_once() -> None:
    assert blocks(map(sheet, range(4)), over=False, above=ABOVE) == []
    five = [sheet(n) for n in range(4)] + [sheet(4, answer="unsatisfied")]
    assert blocks(five, over=False, above={}) == [
        Block("attitude", 3, 1, {"satisfied": 4, "unsatisfied": 1}),
        Block("outcome", 3, 1, {"done": 5}),
    ]


def test_each_question_waits_for_itself_and_what_was_not_asked_counts_nowhere() -> None:
    full: dict[Criterion, Answer] = {"intake": "very_satisfied", "attitude": "not_asked"}
    five = [Sheet(n, f"v{n}", 1, 3, LAST, "done", full) for n in range(5)]
    assert [one.subject for one in blocks(five, over=True, above=ABOVE)] == ["intake", "outcome"]


def test_what_was_too_few_for_counters_is_told_by_the_unit_once_the_term_is_over() -> None:
    sheets = [sheet(n, counter=n % 2) for n in range(8)]
    assert attitude(sheets, over=False) == []
    assert attitude(sheets) == [Block("attitude", 3, None, {"satisfied": 8})]


def test_what_is_too_few_for_units_goes_up_until_it_is_enough() -> None:
    wards = [sheet(n, counter=n, unit=3 + n % 2) for n in range(6)]
    assert [one.unit for one in attitude(wards)] == [2]
    spread = [sheet(1, unit=3), sheet(2, unit=4), *(sheet(n, unit=5) for n in range(3, 6))]
    assert [one.unit for one in attitude(spread)] == [1]


def test_what_is_too_few_even_at_the_top_is_never_told() -> None:
    assert blocks([sheet(1, unit=3), sheet(2, unit=5)], over=True, above=ABOVE) == []


def test_what_came_of_asking_waits_for_five_too() -> None:
    asked = [sheet(n, outcome="refused" if n % 2 else "done") for n in range(4)]
    assert blocks(asked, over=True, above=ABOVE) == []
    told = blocks([*asked, sheet(4)], over=True, above=ABOVE)
    assert told == [Block("outcome", 3, 1, {"done": 3, "refused": 2})]
    assert outcomes(told) == {**dict.fromkeys(OUTCOMES, 0), "done": 3, "refused": 2}


def test_what_was_told_does_not_change_by_sheets_that_are_closed_later() -> None:
    sheets = [
        Sheet(n, f"v{9 - n}", 1, 3, LAST, "done", {"attitude": "satisfied"}) for n in range(8)
    ]
    before = blocks(sheets[:5], over=False, above=ABOVE)
    assert before == blocks(sheets[::-1], over=False, above=ABOVE)


def test_whoever_asked_four_of_five_does_not_learn_what_the_fifth_said() -> None:
    sheets = [sheet(n, asker=8 if n < 4 else 9) for n in range(9)]
    assert attitude(sheets[:5]) == attitude(sheets[:8], over=False) == []
    others = [*sheets, sheet(9, asker=8)]
    assert attitude(others, over=False) == [Block("attitude", 3, 1, {"satisfied": 10})]


def test_what_two_asked_of_two_counters_goes_up_until_each_has_five_of_the_other() -> None:
    sheets = [sheet(n, counter=n % 2, unit=3 + n % 2, asker=8 + n % 2) for n in range(8)]
    assert attitude(sheets) == []
    more = [sheet(8, unit=5, asker=8), sheet(9, unit=5, asker=9)]
    assert [(one.unit, sum(one.counts.values())) for one in attitude([*sheets, *more])] == [(1, 10)]


def test_what_the_server_closed_is_no_askers_own() -> None:
    withdrawn = [sheet(n, outcome="withdrawn", asker=None) for n in range(5)]
    assert blocks(withdrawn, over=False, above=ABOVE) == [Block("outcome", 3, 1, {"withdrawn": 5})]
    asked = [sheet(n, outcome="refused", asker=8) for n in range(5, 11)]
    assert blocks([*withdrawn[:4], *asked], over=True, above=ABOVE) == []


@pytest.mark.parametrize("seed", range(50))
def test_blocks_are_five_or_more_and_hold_no_answer_twice(seed: int) -> None:
    random = Random(seed)
    sheets = [
        sheet(n, counter := random.randrange(12), 3 + counter % 3)
        for n in range(random.randrange(90))
    ]
    running, over = (attitude(sheets, it) for it in (False, True))
    assert all(sum(one.counts.values()) >= 5 for one in over)
    assert over[: len(running)] == running
    whole = sum(sum(one.counts.values()) for one in over)
    assert whole <= len(sheets)
    assert len(sheets) - whole < 5


def test_answers_stand_beside_the_terminals_with_their_difference() -> None:
    told = [
        Block("attitude", 3, 1, {"very_satisfied": 2, "satisfied": 3, "unsatisfied": 5}),
        Block("attitude", 3, None, {"unsatisfied": 10}),
    ]
    rows = beside(told, Choices(80, 15, 5))
    assert [row.criterion for row in rows] == list(CRITERIA)
    of_staff, guidance = rows[-1], rows[0]
    assert (of_staff.satisfied.part, of_staff.satisfied.whole) == (5, 20)
    assert of_staff.difference is not None
    assert of_staff.difference.points == pytest.approx(-70)
    assert not of_staff.difference.chance
    assert guidance.answers == NONE
    assert guidance.difference is None
