"""When reports of a schedule are due: each period once, none left out."""

from datetime import date

import pytest

from fleet_server.core.report_schedule import (
    Every,
    begins_after,
    due,
    due_on,
    period_of,
    readable,
)
from fleet_server.core.roles import EVERYTHING, NOTHING, Grant
from tests.unit.fleet_server.core.test_tree import CLINIC, DISTRICT, OTHER, TREE, WARD


@pytest.mark.parametrize(
    ("every", "day", "text"),
    [
        ("month", date(2026, 11, 22), "2026-11"),
        ("quarter", date(2026, 11, 22), "2026-Q4"),
        ("half", date(2026, 6, 30), "2026-01-01..2026-06-30"),
        ("year", date(2024, 2, 29), "2024-01-01..2024-12-31"),
    ],
)
def test_a_schedule_has_the_period_of_a_day(every: Every, day: date, text: str) -> None:
    assert period_of(every, day).text == text


def test_a_report_is_due_on_its_day_of_the_month_after() -> None:
    assert due_on(period_of("quarter", date(2026, 11, 22)), 5) == date(2027, 1, 5)
    assert due_on(period_of("month", date(2026, 1, 1)), 28) == date(2026, 2, 28)


def test_nothing_is_due_the_day_before_and_one_on_the_day() -> None:
    until = date(2026, 9, 30)
    assert list(due("month", 5, until, date(2026, 11, 4))) == []
    assert [one.text for one in due("month", 5, until, date(2026, 11, 5))] == ["2026-10"]


def test_what_was_due_while_nothing_ran_is_due_then_across_the_turn_of_the_year() -> None:
    late = due("month", 1, date(2026, 10, 31), date(2027, 2, 1))
    assert [one.text for one in late] == ["2026-11", "2026-12", "2027-01"]


@pytest.mark.parametrize(
    ("today", "first"), [(date(2026, 11, 4), "2026-10"), (date(2026, 11, 5), "2026-11")]
)
def test_a_new_schedule_begins_with_what_is_due_next(today: date, first: str) -> None:
    until = begins_after("month", 5, today)
    assert list(due("month", 5, until, today)) == []
    assert next(due("month", 5, until, date(2030, 1, 1))).text == first


def test_a_reader_sees_figures_and_may_take_them_away_in_the_same_branch() -> None:
    assert readable([Grant("unit_head", DISTRICT)], TREE).units == {DISTRICT, WARD, CLINIC}
    apart = [Grant("viewer", OTHER), Grant("technician", DISTRICT)]
    assert readable(apart, TREE) == NOTHING
    within = [Grant("viewer", None), Grant("technician", WARD)]
    assert readable(within, TREE).units == {WARD, CLINIC}
    assert readable([Grant("auditor", None)], TREE) == EVERYTHING
