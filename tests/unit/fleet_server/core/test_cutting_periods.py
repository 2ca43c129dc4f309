"""Which week, month and quarter a day lies in."""

from datetime import date

import pytest

from fleet_server.core.spans import Step, cut

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("step", "begin", "end"),
    [
        ("day", SUNDAY, SUNDAY),
        ("week", date(2026, 11, 16), SUNDAY),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("all", FIRST, LAST),
    ],
)
def test_a_day_lies_in_its_step(step: Step, begin: date, end: date) -> None:
    assert cut(SUNDAY, step, FIRST, LAST) == (begin, end)


def test_a_step_ends_with_the_period() -> None:
    first, last = date(2026, 11, 18), date(2026, 11, 20)
    assert cut(date(2026, 11, 19), "week", first, last) == (first, last)
    assert cut(date(2026, 11, 19), "quarter", first, last) == (first, last)


def test_the_calendars_ends_are_weeks_too() -> None:
    assert cut(date.min, "week", date.min, LAST)[0] == date.min
    assert cut(date(2026, 2, 3), "month", FIRST, LAST)[1] == date(2026, 2, 28)
