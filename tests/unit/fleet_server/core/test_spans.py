"""Days, weeks, months, quarters, spans: their names, their neighbours, and a year before."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.spans import DAYS_SHOWN, KINDS, Period, of, points, read, span

DAY = date(2026, 11, 22)
DATES = st.dates(date(1971, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("text", "first", "last", "number"),
    [
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 22), 1),
        ("2026-W47", date(2026, 11, 16), date(2026, 11, 22), 47),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), 53),
        ("2026-11", date(2026, 11, 1), date(2026, 11, 30), 11),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), 12),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), 2),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), 4),
        ("2026-11-01..2026-11-20", date(2026, 11, 1), date(2026, 11, 20), 20),
    ],
)
def test_a_period_is_read_from_an_address(text: str, first: date, last: date, number: int) -> None:
    period = read(text)
    assert (period.first, period.last, period.number, period.text) == (first, last, number, text)
    assert len(list(period.days())) == period.length
    assert period.holds(first)
    assert not period.holds(last + timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026", "2026-01-01..2026-12-31"),
        ("2024", "2024-01-01..2024-12-31"),
        ("2026-H1", "2026-01-01..2026-06-30"),
        ("2026-H2", "2026-07-01..2026-12-31"),
    ],
)
def test_years_and_their_halves_are_spans(text: str, days: str) -> None:
    assert read(text).text == days


@pytest.mark.parametrize(
    "text",
    ["", "202", "2026-H3", "2026-13", "2026-Q5", "2025-W53", "2026-W00", "2026-02-30", "1000-01",
     "x..y", "2026-11-20..2026-11-01", "2024-01-01..2025-01-01", "0000-W01"],
)  # fmt: skip
def test_what_names_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(text)


@given(st.sampled_from(KINDS), DATES)
def test_periods_of_a_kind_follow_each_other_without_gap_and_are_written_as_they_are_read(
    kind: str, day: date
) -> None:
    period = of(kind, day)  # type: ignore[arg-type]
    assert period.holds(day)
    assert read(period.text) == period
    assert period.before().last + timedelta(days=1) == period.first
    assert period.before().after() == period
    assert period.after().before() == period


def test_a_year_before_is_the_period_of_that_name_or_of_the_same_weekdays() -> None:
    assert of("month", DAY).year_before() == read("2025-11")
    assert of("quarter", DAY).year_before() == read("2025-Q4")
    assert of("week", DAY).year_before() == read("2025-W47")
    assert read("2026-W53").year_before() == read("2025-W52")
    assert of("day", DAY).year_before().first.weekday() == DAY.weekday()
    assert span(DAY, DAY + timedelta(days=9)).year_before().length == 10
    assert read("2024-02").year_before().length == 28


def test_a_period_that_is_not_over_can_be_cut() -> None:
    month = of("month", DAY)
    assert month.until(DAY) == span(date(2026, 11, 1), DAY)
    assert month.until(date(2026, 11, 30)) == month
    assert month.until(date(2026, 10, 1)) == span(month.first, month.first)


def test_a_line_has_a_point_for_each_day_or_week() -> None:
    assert [one.text for one in points(read("2026-W47"))][:2] == ["2026-11-16", "2026-11-17"]
    year = span(date(2026, 1, 1), date(2026, 12, 31))
    weeks = points(year)
    assert len(weeks) == 53
    assert (weeks[0].first, weeks[0].last) == (date(2026, 1, 1), date(2026, 1, 4))
    assert weeks[-1].last == year.last
    assert len(points(span(DAY, DAY + timedelta(days=DAYS_SHOWN - 1)))) == DAYS_SHOWN
    assert Period("day", DAY, DAY) == of("day", DAY)
