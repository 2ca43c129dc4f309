"""Days and hours of the fleet's time zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.days import day_of, hour_of, local, named_day, parse_date
from fleet_server.core.times import MAX_AT, MIN_AT

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1_000)


def test_the_service_day_is_the_date_of_the_fleet_zone() -> None:
    assert day_of(ms("2026-11-21T16:59:59.999+00:00"), SAIGON).name == "2026-11-21"
    assert day_of(ms("2026-11-21T17:00:00+00:00"), SAIGON).name == "2026-11-22"


def test_a_day_holds_its_first_and_not_its_last_millisecond() -> None:
    day = named_day("2026-11-22", SAIGON)
    assert day.holds(ms("2026-11-22T00:00:00+07:00"))
    assert not day.holds(ms("2026-11-23T00:00:00+07:00"))
    assert not day.holds(ms("2026-11-21T23:59:59.999+07:00"))


def test_the_nearest_time_of_a_day_lies_in_it() -> None:
    day = named_day("2026-11-22", SAIGON)
    assert day.nearest(0) == day.start
    assert day.nearest(2**50) == day.end - 1
    assert day.nearest(day.start + 5) == day.start + 5


def test_a_day_on_which_clocks_change_has_23_hours() -> None:
    day = named_day("2026-03-29", ZoneInfo("Europe/Berlin"))
    assert day.end - day.start == 23 * 3_600_000


def test_an_hour_begins_at_the_full_hour_of_the_wall_clock() -> None:
    assert hour_of(ms("2026-11-22T09:59:59.999+07:00"), SAIGON) == ms("2026-11-22T09:00:00+07:00")


def test_hours_hold_in_a_zone_half_an_hour_apart() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    assert hour_of(ms("2026-11-22T09:10:00+05:30"), zone) == ms("2026-11-22T09:00:00+05:30")


@pytest.mark.parametrize(
    ("zone", "at", "begins"),
    [
        ("Australia/Lord_Howe", "2026-10-03T15:40:00+00:00", "2026-10-03T14:30:00+00:00"),
        ("Australia/Lord_Howe", "2026-04-04T15:15:00+00:00", "2026-04-04T14:00:00+00:00"),
        ("Asia/Pyongyang", "2015-08-14T15:15:00+00:00", "2015-08-14T14:00:00+00:00"),
    ],
)
def test_where_clocks_change_by_half_an_hour_the_hour_began_at_the_last_full_one(
    zone: str, at: str, begins: str
) -> None:
    assert local(ms(begins), ZoneInfo(zone)).minute == 0
    assert hour_of(ms(at), ZoneInfo(zone)) == ms(begins)


def test_local_time_is_that_of_the_zone() -> None:
    assert local(0, UTC) == datetime(1970, 1, 1, tzinfo=UTC)
    assert local(0, SAIGON).hour in (7, 8)


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-1-1", "20261122", "2026-W47-7", "1969-12-30", "9999-01-02"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        parse_date(text)


@pytest.mark.parametrize("zone", ["Etc/GMT+12", "Asia/Ho_Chi_Minh", "Etc/GMT-14"])
@pytest.mark.parametrize("at", [MIN_AT, MAX_AT])
def test_every_time_that_a_record_can_have_lies_on_a_day_that_can_be_asked_for(
    at: int, zone: str
) -> None:
    day = day_of(at, ZoneInfo(zone))
    assert day.holds(at)
    assert parse_date(day.name).isoformat() == day.name
    assert named_day(day.name, ZoneInfo(zone)) == day


@pytest.mark.parametrize("name", ["0001-01-01", "9999-12-31"])
def test_a_day_that_a_terminal_invented_has_24_hours(name: str) -> None:
    day = named_day(name, SAIGON)
    assert (day.name, round((day.end - day.start) / 3_600_000)) == (name, 24)
