"""When an office is open, and whom a counter asks."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.opening import (
    FLEET,
    USUAL,
    Calendar,
    Holder,
    HoursError,
    Plan,
    Special,
    Stretch,
    Week,
    days_from,
    holder_of,
    next_year,
    of_unit,
    read_spans,
    stretches,
    write_spans,
)
from fleet_server.core.tree import BEGINNING, OPEN, Place

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY, SATURDAY, SUNDAY = "2026-11-23", "2026-11-28", "2026-11-29"
HOUR_MS = 3_600_000
MORNING = ((480, 660),)
SHORT = Week((MORNING,) * 7)


def at(day: str, clock: str) -> int:
    moment = datetime.fromisoformat(f"{day}T{clock}+07:00").astimezone(UTC)
    return int(moment.timestamp() * 1000)


def calendar(plans: dict[Holder, Plan] | None = None, *asked: Stretch) -> Calendar:
    return Calendar(asked or stretches(None, of_unit(1), {}), plans or {}, ZONE)


def test_where_nobody_says_anything_an_office_has_the_usual_hours() -> None:
    one = calendar()
    assert one.is_open(MONDAY)
    assert not one.is_open(SATURDAY)
    assert one.week(MONDAY) == (USUAL, None)
    assert one.expected(at(MONDAY, "07:30"))
    assert one.expected(at(MONDAY, "11:29"))
    assert not one.expected(at(MONDAY, "11:30")), "lunch"
    assert not one.expected(at(MONDAY, "17:00"))
    assert not one.expected(at(SUNDAY, "09:00"))


def test_open_time_leaves_out_nights_lunch_and_weekends() -> None:
    one = calendar()
    assert one.open_ms_between(at(MONDAY, "00:00"), at(MONDAY, "23:59")) == 8 * HOUR_MS
    assert one.open_ms_between(at(MONDAY, "11:00"), at(MONDAY, "14:00")) == 1.5 * HOUR_MS
    assert one.open_ms_between(at("2026-11-27", "16:00"), at("2026-11-30", "08:30")) == 2 * HOUR_MS
    assert one.open_ms_between(at(MONDAY, "14:00"), at(MONDAY, "14:00")) == 0


def test_the_next_opening_is_looked_for_over_two_weeks() -> None:
    assert calendar().opens_next(at("2026-11-27", "18:00")) == at("2026-11-30", "07:30")
    assert calendar().opens_next(at(MONDAY, "09:00")) == at(MONDAY, "09:00"), "it is open now"
    never = {FLEET: Plan({BEGINNING: Week(((),) * 7)})}
    assert calendar(never).opens_next(at(MONDAY, "09:00")) is None


def test_a_holiday_is_closed_and_an_extra_day_open() -> None:
    plan = Plan(
        specials={MONDAY: Special(MONDAY, "Lễ"), SATURDAY: Special(SATURDAY, "Bù", MORNING)}
    )
    one = calendar({FLEET: plan})
    assert not one.is_open(MONDAY)
    assert one.special(MONDAY) == Special(MONDAY, "Lễ")
    assert one.spans(SATURDAY) == MORNING
    assert one.special(SUNDAY) is None


def test_the_nearest_that_says_something_counts() -> None:
    units = {1: [Place(2)], 2: [Place(None)]}
    asked = stretches(5, [Place(1)], units)
    assert asked == (Stretch(BEGINNING, (("counter", 5), ("unit", 1), ("unit", 2), FLEET)),)
    closed = Week(((),) * 7)
    plans: dict[Holder, Plan] = {("unit", 2): Plan({BEGINNING: SHORT}), FLEET: Plan()}
    assert calendar(plans, *asked).week(MONDAY) == (SHORT, ("unit", 2))
    plans["counter", 5] = Plan({BEGINNING: closed})
    assert calendar(plans, *asked).week(MONDAY) == (closed, ("counter", 5))


def test_a_change_leaves_the_days_before_as_they_were() -> None:
    plans: dict[Holder, Plan] = {("unit", 1): Plan({MONDAY: SHORT, SATURDAY: None})}
    one = calendar(plans)
    assert one.week("2026-11-22")[0] == USUAL
    assert one.week("2026-11-27")[0] == SHORT
    assert one.week(SATURDAY)[0] == USUAL, "it says nothing any more"


def test_a_counter_that_moved_asks_the_unit_in_which_it_lay() -> None:
    units = {1: [Place(None)], 2: [Place(3, BEGINNING, MONDAY), Place(None, MONDAY)]}
    places = [Place(1, BEGINNING, "2026-01-01"), Place(2, "2026-01-01", OPEN)]
    found = stretches(None, places, units)
    assert [(one.since, one.path) for one in found] == [
        (BEGINNING, (("unit", 1), FLEET)),
        ("2026-01-01", (("unit", 2), ("unit", 3), FLEET)),
        (MONDAY, (("unit", 2), FLEET)),
    ]
    plans: dict[Holder, Plan] = {("unit", 3): Plan({BEGINNING: SHORT})}
    one = calendar(plans, *found)
    assert [one.week(day)[0] for day in ("2025-12-31", "2026-02-02", MONDAY)] == [
        USUAL, SHORT, USUAL,
    ]  # fmt: skip


def test_where_its_unit_lay_before_the_counter_came_is_not_asked() -> None:
    units = {2: [Place(3, BEGINNING, MONDAY), Place(None, MONDAY)]}
    assert [one.path for one in stretches(None, [Place(2, SATURDAY)], units)] == [
        (("unit", 2), FLEET)
    ]


def test_moving_between_units_that_ask_the_same_is_one_stretch() -> None:
    places = [Place(1, BEGINNING, MONDAY), Place(1, MONDAY, OPEN)]
    assert len(stretches(None, places, {})) == 1


def test_what_lies_nowhere_asks_the_fleet() -> None:
    assert stretches(None, [], {}) == (Stretch(BEGINNING, (FLEET,)),)
    assert stretches(7, [], {}) == (Stretch(BEGINNING, (("counter", 7), FLEET)),)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("7:30-11:30, 13:00-17:00", ((450, 690), (780, 1020))),
        ("7h30–11h30; 13-17", ((450, 690), (780, 1020))),
        ("0-24", ((0, 1440),)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, spans: object) -> None:
    assert read_spans(text) == spans


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("morning", "form"),
        ("7:60-8:00", "form"),
        ("20-25", "form"),
        ("11-7", "order"),
        ("7-11, 10-12", "order"),
        ("1-2,3-4,5-6,7-8,9-10,11-12,13-14", "many"),
    ],
)
def test_what_names_no_hours_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(HoursError) as refused:
        read_spans(text)
    assert refused.value.why == why


def test_what_is_written_is_read_again() -> None:
    assert write_spans(read_spans("7:05-11:30,13-17")) == "7:05–11:30, 13:00–17:00"
    assert read_spans(write_spans(USUAL.spans(0))) == USUAL.spans(0)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(ValueError, match="seven"):
        Week(((),) * 6)


def test_days_from_one_to_another() -> None:
    assert days_from("2026-12-31", "2027-01-01") == ["2026-12-31", "2027-01-01"]
    for first, last in (("2026-01-02", "2026-01-01"), ("2026-01-01", "2030-01-01"), ("x", "y")):
        with pytest.raises(ValueError, match=r"2026|x"):
            days_from(first, last)


def test_hours_are_held_by_the_counter_else_its_unit_else_the_fleet() -> None:
    assert holder_of(4, 7) == ("counter", 7)
    assert holder_of(4) == ("unit", 4)
    assert holder_of(None) == FLEET


def test_the_same_day_a_year_later() -> None:
    assert next_year("2026-09-02") == "2027-09-02"
    assert next_year("2028-02-29") is None
