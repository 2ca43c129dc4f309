"""What is given out of a running day is kept with the figures."""

from collections.abc import Iterator

import pytest

from fleet_server.core.choices import NONE, Choices
from fleet_server.store import places, running
from fleet_server.store.database import writing
from fleet_server.store.pages import lines
from fleet_server.store.sql import ask
from tests.fakes import databases

pytestmark = pytest.mark.usefixtures("engine")
TODAY, TOMORROW = "2026-11-22", "2026-11-23"


@pytest.fixture
def counter() -> Iterator[int]:
    with databases.fleeting():
        with writing():
            unit = places.add_unit("U", "Unit")
            made = places.add_counter("Q1", "Counter", unit.id).id
        yield made


def note(counter: int, day: str = TODAY, **made: Choices) -> None:
    with writing():
        running.note(counter, day, made)


def test_what_is_given_out_stays_so_until_five_more_were_made(counter: int) -> None:
    for number in (5, 10, 14):
        note(counter, fees=Choices(number))
    assert running.shown(counter, TODAY) == Choices(5)
    note(counter, fees=Choices(15))
    assert running.shown(counter, TODAY) == Choices(10)


def test_services_are_given_out_each_for_itself(counter: int) -> None:
    note(counter, fees=Choices(5), land=Choices(0, 4))
    note(counter, fees=Choices(10), land=Choices(0, 9))
    assert running.shown(counter, TODAY) == Choices(5)
    note(counter, fees=Choices(10), land=Choices(0, 10))
    assert running.shown(counter, TODAY) == Choices(5)
    note(counter, fees=Choices(10), land=Choices(0, 14))
    assert running.shown(counter, TODAY) == Choices(5, 9)


def test_a_service_that_its_visits_turn_out_not_to_have_tells_nothing(counter: int) -> None:
    note(counter, fees=Choices(5))
    note(counter, fees=Choices(10))
    note(counter, land=Choices(10))
    assert running.shown(counter, TODAY) == NONE


def test_a_new_day_begins_with_nothing_and_the_former_is_forgotten(counter: int) -> None:
    note(counter, fees=Choices(5))
    note(counter, fees=Choices(10))
    note(counter, TOMORROW, fees=Choices(5))
    assert running.shown(counter, TOMORROW) == NONE
    assert ask("SELECT DISTINCT day FROM running_day") == [(TOMORROW,)]


def test_what_comes_late_to_a_former_day_leaves_the_running_one_alone(counter: int) -> None:
    note(counter, TOMORROW, fees=Choices(5))
    note(counter, TOMORROW, fees=Choices(10))
    note(counter, TODAY, fees=Choices(10))
    assert running.shown(counter, TOMORROW) == Choices(5)


def test_nothing_is_beyond_the_lines_of_a_day_without_anything(counter: int) -> None:
    assert list(lines.running(TODAY, None, {counter})) == []
