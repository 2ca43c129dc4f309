"""Random trees, moves and lists, beside models so plain that they can't be wrong."""

import contextlib
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fleet_server.core.tree import TreeError
from fleet_server.sheets.writing import csv_bytes, xlsx_bytes
from fleet_server.store import audit_log, database, places, sql
from fleet_server.store.database import writing
from fleet_server.store.edits import counters, importing, units
from fleet_server.store.models import Counter, Unit
from fleet_server.tree_import import carry_out, planned, sheets, source_of
from tests.fakes import databases

pytestmark = pytest.mark.usefixtures("engine")

KINDS = ("city", "district", "unit", "unit", "unit")
FIRST = date(2026, 11, 1)


@contextlib.contextmanager
def new_fleet() -> Iterator[None]:
    """Open an empty database."""
    with tempfile.TemporaryDirectory() as folder, databases.dropped_afterwards():
        database.open_database(databases.made(Path(folder)))
        try:
            yield
        finally:
            database.close()


class Model:
    """A tree for each day, copied whole at midnight: what the store must answer."""

    def __init__(self) -> None:
        self.parents: dict[int, int | None] = {}
        self.places: dict[int, int] = {}
        self.days: list[tuple[dict[int, int | None], dict[int, int]]] = []

    def midnight(self) -> None:
        """Keep the day that is over."""
        self.days.append((dict(self.parents), dict(self.places)))

    @staticmethod
    def branch(parents: dict[int, int | None], unit: int) -> set[int]:
        """Return a unit and all below it."""
        found = {unit}
        while more := {one for one, above in parents.items() if above in found} - found:
            found |= more
        return found


@given(st.data())
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_every_day_has_the_branches_that_it_had(data: st.DataObject) -> None:
    with new_fleet():
        model = Model()
        for day in range(4):
            for _ in range(data.draw(st.integers(0, 4))):
                _something_happens(data, model, (FIRST + timedelta(day)).isoformat())
            model.midnight()
        for day, (parents, held) in enumerate(model.days):
            on = (FIRST + timedelta(day)).isoformat()
            for unit in parents:
                wanted = model.branch(parents, unit)
                assert _branch_on(unit, on) & set(parents) == wanted
            for counter, unit in held.items():
                assert _unit_on(counter, on) == unit


def _something_happens(data: st.DataObject, model: Model, today: str) -> None:
    happens = data.draw(st.sampled_from([_unit, _counter, _move, _move, _carry, _close]))
    # What does not fit changes nothing, and the model neither.
    with contextlib.suppress(TreeError):
        if happens is _unit or (model.parents if happens is not _carry else model.places):
            happens(data, model, today)


def _unit(data: st.DataObject, model: Model, _today: str) -> None:
    parent = data.draw(st.sampled_from([None, *model.parents]))
    with writing():
        row = places.add_unit(_new(model), "x", data.draw(st.sampled_from(KINDS)), parent)
    # Its first place holds for all days, also those that are over.
    for parents, _held in model.days:
        parents[row.id] = parent
    model.parents[row.id] = parent


def _counter(data: st.DataObject, model: Model, _today: str) -> None:
    unit = data.draw(st.sampled_from(list(model.parents)))
    with writing():
        counter = places.add_counter(_new(model), "x", unit).id
    for _parents, held in model.days:
        held[counter] = unit
    model.places[counter] = unit


def _move(data: st.DataObject, model: Model, today: str) -> None:
    unit = data.draw(st.sampled_from(list(model.parents)))
    above = data.draw(st.sampled_from([None, *model.parents]))
    units.move(_code(Unit, unit), None, above and _code(Unit, above), today, 1, "x")
    model.parents[unit] = above


def _carry(data: st.DataObject, model: Model, today: str) -> None:
    counter = data.draw(st.sampled_from(list(model.places)))
    unit = data.draw(st.sampled_from(list(model.parents)))
    counters.move(_code(Counter, counter), None, _code(Unit, unit), today, 1, "x")
    model.places[counter] = unit


def _close(data: st.DataObject, model: Model, today: str) -> None:
    unit = data.draw(st.sampled_from(list(model.parents)))
    units.close(_code(Unit, unit), None, today, 1, "x")


def _new(model: Model) -> str:
    return f"n{len(model.parents) + len(model.places)}"


def _code(table: Any, row: int) -> str:
    return str(table.get_by_id(row).code)


def _branch_on(unit: int, day: str) -> set[int]:
    text = (
        "SELECT unit_id FROM unit_branch WHERE ancestor_id = ? AND since_day <= ? AND until_day > ?"
    )
    return {int(one) for (one,) in sql.ask(text, unit, day, day)}


def _unit_on(counter: int, day: str) -> int:
    text = (
        "SELECT unit_id FROM counter_place WHERE counter_id = ? AND since_day <= ? "
        "AND until_day > ?"
    )
    [(unit,)] = sql.ask(text, counter, day, day)
    return int(unit)


NAMES = st.text("aăâ =+-@'\"0;,", min_size=1, max_size=6).map(str.strip).filter(bool)
DAYS = st.sampled_from(["", "", "2026-12-01"])


@st.composite
def fleets(draw: st.DrawFn) -> importing.Fleet:
    """A whole fleet as somebody could wish for it."""
    unit_codes = draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, unique=True))
    made: dict[str, dict[str, str]] = {}
    for code in unit_codes:
        parent = draw(st.sampled_from(["", *made]))
        made[code] = {"name": draw(NAMES), "kind": "unit", "parent": parent, "closed": ""}
    held = {
        f"c{place}": {
            "name": draw(NAMES),
            "unit": draw(st.sampled_from(unit_codes)),
            "closed": draw(DAYS),
        }
        for place in range(draw(st.integers(0, 4)))
    }
    stands = st.sampled_from([code for code, one in held.items() if not one["closed"]] or [""])
    devices = {
        f"t{place}": draw(
            st.one_of(
                st.fixed_dictionaries({"counter": stands, "unit": st.just(""), "note": NAMES}),
                st.fixed_dictionaries(
                    {"counter": st.just(""), "unit": st.sampled_from(unit_codes), "note": NAMES}
                ),
            )
        )
        for place in range(draw(st.integers(0, 4)))
    }
    return importing.Fleet({"units": made, "counters": held, "terminals": devices})


@given(st.lists(fleets(), min_size=1, max_size=3), st.booleans(), st.sampled_from(["en", "vi"]))
@settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_what_a_list_wants_is_there_afterwards_and_the_same_list_changes_nothing_more(
    wishes: list[importing.Fleet], together: bool, language: Any
) -> None:
    with new_fleet():
        for day, wish in enumerate(wishes):
            written = sheets(wish, language)
            files = [xlsx_bytes(written)] if together else [csv_bytes(one) for one in written]
            for content in files:
                _take(content, day)
            there = importing.fleet()
            for subject, things in wish.things.items():
                for code, facts in things.items():
                    assert there.things[subject][code] == facts
            for content in files:
                made = planned(content, "x")
                assert (made.steps, made.problems) == ([], [])
        assert not list(audit_log.wrong())


def _take(content: bytes, day: int) -> None:
    made = planned(content, "x")
    assert made.problems == []
    carry_out(content, source_of("x", content, day * 86_400_000, UTC, "x"), made.digest)
