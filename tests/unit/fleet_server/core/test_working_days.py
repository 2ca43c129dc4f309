"""Deadlines in working days: holidays, the turn of the year, Saturdays that are made up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.opening import (
    FLEET,
    Calendar,
    Holder,
    Plan,
    Special,
    Stretch,
    Week,
    of_unit,
    stretches,
)
from fleet_server.core.tree import BEGINNING, Place
from fleet_server.core.working_days import MOST_DAYS, NeverOpenError, due, left

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY, FRIDAY, SATURDAY, SUNDAY = "2026-11-23", "2026-11-27", "2026-11-28", "2026-11-29"
HOURS = ((450, 690),)
SHUT = Week(((),) * 7)


def at(day: str, clock: str) -> int:
    moment = datetime.fromisoformat(f"{day}T{clock}+07:00").astimezone(UTC)
    return int(moment.timestamp() * 1000)


def after(day: str) -> int:
    """Return midnight after a day."""
    return at((date.fromisoformat(day) + timedelta(days=1)).isoformat(), "00:00")


def calendar(*specials: Special, week: Week | None = None, unit: int = 1) -> Calendar:
    weeks = {} if week is None else {BEGINNING: week}
    plans: dict[Holder, Plan] = {FLEET: Plan(weeks, {one.day: one for one in specials})}
    return Calendar(stretches(None, of_unit(unit), {}), plans, ZONE)


def closed(first: str, days: int) -> list[Special]:
    start = date.fromisoformat(first)
    return [Special((start + timedelta(days=n)).isoformat(), "Tết") for n in range(days)]


@pytest.mark.parametrize("clock", ["00:00", "09:00", "16:59", "23:59"])
def test_the_first_day_does_not_count_whatever_the_hour(clock: str) -> None:
    assert due(calendar(), at(MONDAY, clock), 1) == after("2026-11-24")
    assert due(calendar(), at(MONDAY, clock), 4) == after(FRIDAY)


def test_a_weekend_is_left_out() -> None:
    for start in (FRIDAY, SATURDAY, SUNDAY):
        assert due(calendar(), at(start, "10:00"), 1) == after("2026-11-30")
    assert due(calendar(), at(MONDAY, "10:00"), 5) == after("2026-11-30")


def test_tet_is_left_out_and_a_saturday_made_up_counts() -> None:
    tet = [*closed("2027-02-04", 8), Special("2027-02-13", "làm bù", HOURS)]
    assert due(calendar(*tet), at("2027-02-03", "15:00"), 1) == after("2027-02-12")
    assert due(calendar(*tet), at("2027-02-03", "15:00"), 2) == after("2027-02-13")
    assert due(calendar(*tet), at("2027-02-03", "15:00"), 3) == after("2027-02-15")


def test_a_deadline_goes_over_the_turn_of_the_year() -> None:
    new_year = Special("2027-01-01", "Tết dương lịch")
    assert due(calendar(new_year), at("2026-12-30", "15:00"), 2) == after("2027-01-04")


def test_the_longest_deadline_is_about_a_year() -> None:
    assert due(calendar(), at("2026-01-01", "08:00"), MOST_DAYS) == after("2026-12-17")
    for wrong in (0, -1, MOST_DAYS + 1):
        with pytest.raises(ValueError, match="no number of working days"):
            due(calendar(), at(MONDAY, "08:00"), wrong)


def test_a_plan_that_is_never_open_has_no_deadline() -> None:
    with pytest.raises(NeverOpenError, match="2026-11-24") as caught:
        due(calendar(week=SHUT), at(MONDAY, "08:00"), 1)
    assert caught.value.since == "2026-11-24"


def test_a_plan_that_ends_says_since_when_it_is_closed() -> None:
    last = Special(FRIDAY, "the last day", HOURS)
    with pytest.raises(NeverOpenError) as caught:
        due(calendar(last, week=SHUT), at(MONDAY, "08:00"), 2)
    assert caught.value.since == SATURDAY


def test_the_end_of_the_calendar_is_no_open_day_either() -> None:
    with pytest.raises(NeverOpenError):
        due(calendar(week=SHUT), at("9999-12-30", "08:00"), 1)


def test_a_unit_that_now_lies_elsewhere_goes_by_the_hours_there() -> None:
    plans: dict[Holder, Plan] = {("unit", 2): Plan({BEGINNING: Week(((),) * 5 + (HOURS,) * 2)})}
    moves = {1: [Place(None, BEGINNING, FRIDAY), Place(2, FRIDAY)]}
    one = Calendar(stretches(None, of_unit(1), moves), plans, ZONE)
    assert due(one, at("2026-11-26", "08:00"), 1) == after(SATURDAY)
    assert Stretch(FRIDAY, (("unit", 1), ("unit", 2), FLEET)) in stretches(None, of_unit(1), moves)


def test_the_days_that_are_left_count_today() -> None:
    until = after(FRIDAY)
    assert left(calendar(), at(MONDAY, "08:00"), until) == 5
    assert left(calendar(), at(FRIDAY, "23:59"), until) == 1
    assert left(calendar(), at("2026-11-21", "23:59"), until) == 5, "a Saturday counts for nothing"


def test_over_are_the_working_days_since() -> None:
    until = after(FRIDAY)
    assert left(calendar(), until, until) == 0
    assert left(calendar(), at(SUNDAY, "12:00"), until) == 0
    assert left(calendar(), at("2026-11-30", "00:00"), until) == -1
    assert left(calendar(), at(FRIDAY, "00:00"), at(FRIDAY, "00:00")) == -1
    assert left(calendar(), at("2026-12-02", "12:00"), until) == -3


def test_no_more_than_a_year_is_counted() -> None:
    assert left(calendar(), at("2030-01-01", "12:00"), after(FRIDAY)) == -260
