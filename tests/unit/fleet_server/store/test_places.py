"""Units, counters and terminals are put somewhere, and moved, with their history."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.core.tree import BEGINNING, OPEN, TreeError
from fleet_server.store import database, places
from fleet_server.store.database import rows
from fleet_server.store.models import (
    Counter,
    CounterPlace,
    Terminal,
    TerminalPlace,
    Unit,
    UnitBranch,
)
from tests.fakes import databases

DAY = "2026-11-22"


@pytest.fixture(autouse=True)
def fleet(engine: str, tmp_path: Path) -> Iterator[None]:
    """A city with two districts, a ward in the first, and a counter there."""
    database.open_database(databases.made(tmp_path))
    city = places.add_unit("C", "City", "city").id
    one = places.add_unit("D1", "District 1", "district", city).id
    places.add_unit("D2", "District 2", "district", city)
    ward = places.add_unit("W", "Ward", "unit", one).id
    places.add_counter("A", "Counter A", ward)
    yield
    database.close()


def unit(code: str) -> int:
    """Return a unit's id."""
    return int(Unit.get(Unit.code == code).id)


def branch_on(ancestor: str, day: str) -> set[str]:
    """Return the codes of the units that lay below one on a day."""
    query = (
        UnitBranch.select(Unit.code)
        .join(Unit, on=(UnitBranch.unit == Unit.id))
        .where(
            UnitBranch.ancestor == unit(ancestor),
            UnitBranch.since_day <= day,
            UnitBranch.until_day > day,
        )
    )
    return {code for (code,) in rows(query)}


def test_a_unit_that_moves_lies_in_its_former_branch_on_the_days_before() -> None:
    places.move_unit(unit("W"), unit("D2"), DAY)
    assert branch_on("D1", "2026-11-21") == {"D1", "W"}
    assert branch_on("D1", DAY) == {"D1"}
    assert branch_on("D2", DAY) == {"D2", "W"}
    assert branch_on("C", "2026-01-01") == branch_on("C", DAY) == {"C", "D1", "D2", "W"}
    assert [node.code for node in places.tree().path(unit("W"))] == ["C", "D2", "W"]


def test_a_move_that_does_not_fit_changes_nothing() -> None:
    with pytest.raises(TreeError):
        places.move_unit(unit("C"), unit("W"), DAY)
    assert branch_on("C", DAY) == {"C", "D1", "D2", "W"}


def test_a_counter_that_moves_keeps_its_former_unit_for_the_days_before() -> None:
    counter = Counter.get(Counter.code == "A")
    places.move_counter(counter.id, unit("D2"), DAY)
    held = rows(
        CounterPlace.select(CounterPlace.unit, CounterPlace.since_day, CounterPlace.until_day)
    )
    assert held == [(unit("W"), BEGINNING, DAY), (unit("D2"), DAY, OPEN)]
    assert Counter.get(Counter.code == "A").unit_id == unit("D2")


def test_a_terminal_has_a_history_of_places() -> None:
    counter = int(Counter.get(Counter.code == "A").id)
    places.add_terminal("t-1", None, 10, unit=unit("D1"), actor="person:a")
    places.move_terminal("t-1", counter, 20, actor="person:b")
    places.move_terminal("t-1", counter, 30, actor="person:c")
    query = TerminalPlace.select(
        TerminalPlace.counter, TerminalPlace.unit, TerminalPlace.since, TerminalPlace.until
    )
    assert rows(query.order_by(TerminalPlace.since)) == [
        (None, unit("D1"), 10, 20),
        (counter, None, 20, None),
    ]
    assert Terminal.get_by_id("t-1").counter_id == counter
