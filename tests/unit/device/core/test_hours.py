"""What the local time means (device/core/hours.py)."""

from datetime import UTC, datetime, timedelta

import pytest

from device.core.hours import brightness, is_open, service_day, service_day_ms
from device.core.policy import Hours, Span

MORNINGS = Hours(opening=(Span(0, 450, 690), Span(1, 450, 690)))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in a week whose Monday is the 23rd."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("local", "opened"),
    [
        (at(23, 7, 29), False),
        (at(23, 7, 30), True),
        (at(24, 11, 29), True),
        (at(24, 11, 30), False),
        (at(25, 8), False),
        (None, True),
    ],
)
def test_the_office_is_open_in_its_hours_and_when_nobody_knows_the_time(
    local: datetime | None, opened: bool
) -> None:
    assert is_open(MORNINGS, local) == opened


def test_without_hours_the_office_is_always_open() -> None:
    assert is_open(Hours(), at(25, 3))


def test_the_panel_is_as_bright_as_was_set_last_the_day_before_too() -> None:
    evening = Hours(brightness=((1080, 30), (420, 90)))
    assert [brightness(evening, at(23, hour)) for hour in (3, 7, 17, 18)] == [30, 90, 90, 30]
    assert brightness(evening, None) == 100
    assert brightness(Hours(), at(23, 3)) == 100


def test_a_service_day_ends_at_its_set_minute() -> None:
    late = Hours(day_ends=180)
    assert service_day(late, at(24, 2, 59)) == "2026-11-23"
    assert service_day(late, at(24, 3)) == "2026-11-24"
    assert service_day_ms(late, at(24, 2, 59)) == (23 * 60 + 59) * 60_000
    assert service_day_ms(late, at(24, 3)) == 0
    second = timedelta(seconds=1, milliseconds=5)
    assert service_day_ms(late, at(24, 3, 1) + second) == 61_005
