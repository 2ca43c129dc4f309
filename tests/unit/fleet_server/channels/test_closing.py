"""Which unsigned ratings stood is written down once, when the day on which they came is over."""

import pytest

from fleet_server.channels.closing import close_days
from fleet_server.core.channels import Row
from fleet_server.store import unsigned
from fleet_server.store.database import writing
from fleet_server.store.models import UnsignedRating
from fleet_server.store.unsigned import Taking
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, Desk

pytestmark = pytest.mark.usefixtures("fleet")

MIDNIGHT = NINE + 15 * HOUR


@pytest.fixture
def desk() -> Desk:
    """A counter of a unit, at which the ticket A017 is served."""
    desk = Desk()
    desk.ticket("v1", "called", 0)
    desk.ticket("v1", "closed", MINUTE)
    return desk


def enter(ticket: str | None = "a-17", counter: int | None = None, way: str = "paper") -> None:
    row = Row(way, "satisfied", DAY, 1, counter, ticket)  # type: ignore[arg-type]  # a way
    with writing():
        unsigned.take([row], Taking(NINE + HOUR, DAY, "person:lan"))


def stood() -> list[bool | None]:
    return [row.stood for row in UnsignedRating.select().order_by(UnsignedRating.id)]


def test_nothing_is_written_before_the_day_is_over_for_an_hour(desk: Desk) -> None:
    enter()
    close_days(MIDNIGHT + HOUR - 1, SAIGON)
    assert stood() == [None]
    close_days(MIDNIGHT + HOUR, SAIGON)
    assert stood() == [True]


def test_a_ticket_however_it_is_written_finds_its_visit_and_counter(desk: Desk) -> None:
    enter()
    [row] = UnsignedRating.select()
    assert (row.visit, row.counter_id, row.ticket) == ("v1", 1, "A17")


def test_of_a_ticket_one_stands_and_of_those_without_all(desk: Desk) -> None:
    for _ in range(2):
        enter()
    enter(None)
    enter(None)
    close_days(MIDNIGHT + HOUR, SAIGON)
    assert stood() == [True, False, True, True]


def test_behind_a_signed_rating_none_stands(desk: Desk) -> None:
    enter()
    desk.rate("v1", MINUTE)
    close_days(MIDNIGHT + HOUR, SAIGON)
    assert stood() == [False]


def test_a_ticket_that_was_told_of_later_is_found_when_the_day_is_over(desk: Desk) -> None:
    enter("B005")
    assert UnsignedRating.get().visit is None
    desk.ticket("v2", "called", 2 * HOUR, "B005")
    desk.rate("v2", 2 * HOUR + MINUTE)
    close_days(MIDNIGHT + HOUR, SAIGON)
    assert (UnsignedRating.get().visit, UnsignedRating.get().counter_id) == ("v2", 1)
    assert stood() == [False]


def test_what_was_written_down_stays_though_a_signed_rating_comes_later(desk: Desk) -> None:
    enter()
    close_days(MIDNIGHT + HOUR, SAIGON)
    desk.rate("v1", MINUTE, received=20 * HOUR)
    close_days(MIDNIGHT + 25 * HOUR, SAIGON)
    assert stood() == [True]
    held = unsigned.held(UnsignedRating.stood)
    assert list(unsigned.judgements(held).values()) == ["second"]


def test_a_ticket_of_another_unit_or_counter_is_not_found(desk: Desk) -> None:
    Desk("t-2", "C2")
    enter(counter=2)
    assert [(row.visit, row.counter_id) for row in UnsignedRating.select()] == [(None, 2)]
