"""Levels above are told of overdue cases once; a dissolved unit's cases move up."""

import pytest

from fleet_server.cases.deadlines import look
from fleet_server.core.case_events import Escalated, Event, Rehomed, Subject
from fleet_server.store import case_files, places
from fleet_server.store.database import writing
from fleet_server.store.models import CaseFile, Unit
from tests.fakes.desk import DAY, HOUR, NINE, SAIGON

pytestmark = pytest.mark.usefixtures("fleet")

DAY_MS = 24 * HOUR
DUE = NINE + 2 * DAY_MS


@pytest.fixture
def unit() -> int:
    """A unit with one case, below a district."""
    above = places.add_unit("Q3", "Quận 3", "district")
    below = places.add_unit("P1", "Phường 1", "unit", above.id)
    counter = places.add_counter("P1-01", "Quầy 1", below.id)
    with writing():
        case_files.open_case(Subject("rating", below.id, counter.id, DAY, "c/1"), DUE, NINE)
    return int(below.id)


def steps() -> list[Event]:
    return case_files.events([CaseFile.get().id])[CaseFile.get().id][1:]


def told() -> list[tuple[int, ...]]:
    return [step.body.levels for step in steps() if isinstance(step.body, Escalated)]


def test_nobody_is_told_before_the_deadline(unit: int) -> None:
    look(DUE - HOUR, SAIGON)
    assert (unit, steps()) == (CaseFile.get().unit_id, [])


def test_each_level_is_told_once_the_nearest_first(unit: int) -> None:
    for hours in range(0, 24 * 12, 6):
        look(DUE + hours * HOUR, SAIGON)
    assert (told(), CaseFile.get().level) == ([(1,), (2,)], 2)
    assert CaseFile.get().unit_id == unit


def test_after_a_week_without_the_process_all_that_is_due_is_told_together(unit: int) -> None:
    look(DUE + 12 * DAY_MS, SAIGON)
    assert told() == [(1, 2)]
    assert CaseFile.get().unit_id == unit


def test_the_case_of_a_dissolved_unit_moves_to_the_one_above_with_new_time(unit: int) -> None:
    Unit.update(closed_day=DAY).where(Unit.id == unit).execute()
    look(NINE, SAIGON)
    above = Unit.get(Unit.code == "Q3")
    [step] = steps()
    assert isinstance(step.body, Rehomed)
    assert CaseFile.get().unit_id == step.body.unit == above.id
    assert CaseFile.get().due == step.body.due > DUE
    look(NINE + HOUR, SAIGON)
    assert len(steps()) == 1
