"""Quiet hours delay."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.alarms.quiet import Quiet, not_before

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NIGHT, NOON = Quiet(22 * 60, 6 * 60), Quiet(12 * 60, 13 * 60)


def at(text: str) -> int:
    return int(datetime.fromisoformat(f"2026-11-{text}+07:00").astimezone(UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("quiet", "asked", "told"),
    [
        (NIGHT, "23T21:59", "23T21:59"),
        (NIGHT, "23T22:00", "24T06:00"),
        (NIGHT, "24T00:00", "24T06:00"),
        (NIGHT, "24T05:59", "24T06:00"),
        (NIGHT, "24T06:00", "24T06:00"),
        (NIGHT, "24T06:00:30", "24T06:00:30"),
        (NOON, "23T11:59", "23T11:59"),
        (NOON, "23T12:00", "23T13:00"),
        (NOON, "23T13:00", "23T13:00"),
        (None, "23T03:00", "23T03:00"),
    ],
)
def test_what_falls_into_quiet_hours_is_told_at_their_end(
    quiet: Quiet | None, asked: str, told: str
) -> None:
    assert not_before(at(asked), quiet, ZONE) == at(told)


@pytest.mark.parametrize("wrong", [(0, 0), (-1, 5), (5, 1440)])
def test_quiet_hours_are_a_part_of_a_day(wrong: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="part of a day"):
        Quiet(*wrong)
