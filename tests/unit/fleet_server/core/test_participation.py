"""Who rated, hour by hour and service by service: one day of one counter."""

from datetime import UTC

import pytest

from fleet_server.core.choices import Choices
from fleet_server.core.days import named_day
from fleet_server.core.participation import Counts, Rating, services_of
from fleet_server.core.participation import hours_of as hours_in
from fleet_server.core.standing import Status
from fleet_server.core.visits import Visit

DAY = named_day("2026-11-22", UTC)
MINUTE = 60_000
HOUR = 60 * MINUTE
NINE = DAY.start + 9 * HOUR


def rating(status: Status, visit: str | None = None, minutes: int = 0, **more: bool) -> Rating:
    return Rating(visit, "satisfied", NINE + minutes * MINUTE, status, **more)


SERVED = Visit("a", NINE, NINE, NINE + MINUTE, "closed", True, True, None)
OPEN = Visit("b", NINE, NINE, None, None, True, True, None)


def test_a_rating_of_a_served_visit_counts_in_the_visits_hour() -> None:
    (hour,) = hours_in([SERVED], [rating("standing", "a", minutes=90)], DAY, UTC)
    assert (hour.hour, hour.served, hour.rated, hour.satisfied) == (NINE, 1, 1, 1)


def test_a_rating_of_a_visit_not_served_yet_is_a_choice_but_not_yet_rated() -> None:
    (hour,) = hours_in([OPEN], [rating("standing", "b")], DAY, UTC)
    assert (hour.served, hour.rated, hour.satisfied) == (0, 0, 1)


def test_a_standing_rating_of_an_unknown_visit_counts_in_its_own_hour() -> None:
    (hour,) = hours_in([], [rating("standing", "zz", minutes=61)], DAY, UTC)
    assert (hour.hour, hour.rated, hour.satisfied) == (NINE + HOUR, 0, 1)


@pytest.mark.parametrize("status", ["unbound", "contested", "disputed"])
def test_what_does_not_stand_counts_apart_in_its_own_hour(status: Status) -> None:
    first, second = hours_in([SERVED], [rating(status, "a", minutes=61)], DAY, UTC)
    assert (first.served, first.rated, first.satisfied) == (1, 0, 0)
    assert (second.hour, getattr(second, status), second.satisfied) == (NINE + HOUR, 1, 0)


def test_a_replaced_rating_counts_nowhere() -> None:
    assert hours_in([], [rating("replaced", "a")], DAY, UTC) == []


def test_what_does_not_stand_and_was_made_on_another_day_is_left_to_that_day() -> None:
    assert hours_in([], [rating("contested", "a", minutes=60 * 24)], DAY, UTC) == []


def test_a_visit_whose_first_event_lies_outside_its_day_counts_in_the_nearest_hour() -> None:
    late = Visit("a", DAY.end + HOUR, None, None, "closed", False, True, None)
    (hour,) = hours_in([late], [], DAY, UTC)
    assert hour.hour == DAY.end - HOUR


def test_counted_ratings_with_an_estimated_time_are_told() -> None:
    told = [rating("standing", "a", estimated=True), rating("replaced", "a", estimated=True)]
    (hour,) = hours_in([SERVED], told, DAY, UTC)
    assert hour.estimated == 1


def test_a_day_is_counted_by_the_services_of_its_visits() -> None:
    pressed = [rating("standing", "a"), rating("standing", "b"), rating("unbound")]
    found = services_of([SERVED, OPEN], pressed, DAY, {"a": "land"})
    assert (found["land"].served, found["land"].rated, found["land"].satisfied) == (1, 1, 1)
    assert (found[""].served, found[""].rated, found[""].unbound) == (0, 0, 1)


def test_figures_add_up_each_by_itself() -> None:
    one = Counts(9, 8, 1, 2, 3, 4, 5, 6, 7)
    assert one + Counts(1, 1, 1, 1, 1, 1, 1, 1, 1) == Counts(10, 9, 2, 3, 4, 5, 6, 7, 8)
    assert one.choices == Choices(1, 2, 3)
