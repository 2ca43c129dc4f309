"""Sheets of interviews, and who may close one how."""

from datetime import date

import pytest

from fleet_server.core.interviews import (
    AGAIN_MS,
    REPLACED,
    Answer,
    Criterion,
    Outcome,
    Sheet,
    SheetError,
    check_closing,
    enough_tries,
    is_another,
)

LAST = date(2026, 12, 31)


# ---- sheets ----


def test_an_interview_has_at_least_one_answer() -> None:
    nothing: dict[Criterion, Answer] = {"attitude": "not_asked"}
    with pytest.raises(SheetError) as refused:
        Sheet(1, "v", 1, 3, LAST, "done", nothing)
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


def test_a_try_that_is_sent_twice_is_one() -> None:
    assert is_another([], AGAIN_MS)
    assert not is_another([0, AGAIN_MS], 2 * AGAIN_MS - 1)
    assert is_another([0, AGAIN_MS], 2 * AGAIN_MS)


# ---- who may close one how ----


@pytest.mark.parametrize("outcome", ["done", "refused", "not_reached", "withdrawn"])
def test_nobody_is_passed_over_by_who_has_not_looked(outcome: Outcome) -> None:
    check_closing(outcome, looked=True, usable=True)
    with pytest.raises(SheetError) as refused:
        check_closing(outcome, looked=False, usable=True)
    assert refused.value.reason == "not_looked"


def test_contact_data_has_ended_only_where_it_can_not_be_used_any_more() -> None:
    check_closing("contact_ended", looked=False, usable=False)
    for looked in (False, True):
        with pytest.raises(SheetError) as refused:
            check_closing("contact_ended", looked=looked, usable=True)
        assert refused.value.reason == "still_usable"


def test_who_took_consent_back_elsewhere_can_not_be_looked_at_before() -> None:
    check_closing("withdrawn", looked=False, usable=False)
    with pytest.raises(SheetError):
        check_closing("refused", looked=False, usable=False)
