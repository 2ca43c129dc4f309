"""Changing what is there: the second of two people is told, and every change is written down."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.core.tree import OPEN, TreeError
from fleet_server.store import audit_log, database, enrolment, places
from fleet_server.store.database import rows, writing
from fleet_server.store.editing import Stale
from fleet_server.store.edits import counters, drafts, terminals, units
from fleet_server.store.enrolment import Missing, Place, Taken
from fleet_server.store.models import (
    Counter,
    CounterPlace,
    Hourly,
    ImportDraft,
    Terminal,
    TerminalPlace,
    Unit,
)
from tests.fakes import databases

DAY = "2026-11-22"
WHO = "person:a@b.vn"


@pytest.fixture(autouse=True)
def fleet(engine: str, tmp_path: Path) -> Iterator[None]:
    """A city with two districts, a ward in the first, a counter and a terminal there."""
    database.open_database(databases.made(tmp_path))
    city = places.add_unit("C", "City", "city").id
    one = places.add_unit("D1", "District 1", "district", city).id
    places.add_unit("D2", "District 2", "district", city)
    ward = places.add_unit("W", "Ward", "unit", one).id
    counter = places.add_counter("A", "Counter A", ward).id
    places.add_terminal("t-1", counter, 10)
    yield
    database.close()


def log() -> list[tuple[str, str, dict[str, object]]]:
    """Return action, subject and details of the audit log, oldest first."""
    assert not list(audit_log.wrong())
    found = [(one.action, one.subject, json.loads(one.details)) for one in audit_log.newest(50)]
    return found[::-1]


def test_a_unit_gets_another_code_name_and_kind_and_the_log_has_both() -> None:
    units.change("W", 1, to="W2", name="Clinic", kind="unit", now=1, actor=WHO)
    assert Unit.get(Unit.code == "W2").name == "Clinic"
    changed = {"code": ["W", "W2"], "name": ["Ward", "Clinic"]}
    assert log() == [("unit.change", "unit:W2", changed)]


def test_the_second_of_two_edits_is_refused_and_changes_nothing() -> None:
    units.change("W", 1, to="W", name="First", kind="unit", now=1, actor=WHO)
    with pytest.raises(Stale):
        units.change("W", 1, to="W", name="Second", kind="unit", now=1, actor=WHO)
    for stale in (
        lambda: units.move("W", 1, "D2", DAY, 1, WHO),
        lambda: units.close("W", 1, DAY, 1, WHO),
    ):
        with pytest.raises(Stale):
            stale()
    assert Unit.get(Unit.code == "W").name == "First"
    assert len(log()) == 1


def test_a_move_makes_what_others_have_open_stale() -> None:
    counters.move("A", 1, "D2", DAY, 1, WHO)
    with pytest.raises(Stale):
        counters.rename("A", 1, "Other", 1, WHO)
    units.move("W", 1, "D2", DAY, 1, WHO)
    with pytest.raises(Stale):
        units.move("W", 1, "D1", DAY, 1, WHO)
    terminals.move("t-1", 1, None, "D2", 20, WHO)
    with pytest.raises(Stale):
        terminals.write_note("t-1", 1, "x", 1, WHO)


def test_what_changes_nothing_is_not_written_down() -> None:
    units.change("W", 1, to="W", name="Ward", kind="unit", now=1, actor=WHO)
    units.move("W", 1, "D1", DAY, 1, WHO)
    counters.rename("A", 1, "Counter A", 1, WHO)
    counters.move("A", 1, "W", DAY, 1, WHO)
    terminals.move("t-1", 1, "A", None, 1, WHO)
    terminals.write_note("t-1", 1, "", 1, WHO)
    assert log() == []


def test_a_code_in_use_and_a_place_that_does_not_fit_are_refused() -> None:
    with pytest.raises(Taken):
        units.change("W", 1, to="D1", name="x", kind="unit", now=1, actor=WHO)
    with pytest.raises(TreeError, match="rank"):
        units.change("W", 1, to="W", name="x", kind="city", now=1, actor=WHO)
    with pytest.raises(TreeError, match="below"):
        units.move("D1", None, "W", DAY, 1, WHO)
    with pytest.raises(Missing):
        units.move("D1", None, "nowhere", DAY, 1, WHO)
    with pytest.raises(Missing):
        counters.rename("nowhere", None, "x", 1, WHO)
    with pytest.raises(Missing):
        terminals.write_note("nobody", None, "x", 1, WHO)
    assert log() == []


def test_a_unit_can_move_to_the_top() -> None:
    units.move("D1", None, None, DAY, 1, WHO)
    assert log() == [("unit.move", "unit:D1", {"parent": ["C", None], "from": DAY})]


def test_a_place_says_who_put_it_there() -> None:
    counters.move("A", 1, "D2", DAY, 1, WHO)
    query = CounterPlace.select(CounterPlace.since_day, CounterPlace.until_day, CounterPlace.actor)
    assert rows(query.order_by(CounterPlace.since_day))[1] == (DAY, OPEN, WHO)
    assert counters.last_move(1) == DAY
    with pytest.raises(TreeError, match="before"):
        counters.move("A", None, "W", "2026-11-21", 1, WHO)


def test_a_counter_closes_after_its_last_day_and_its_past_stays() -> None:
    with writing():
        Hourly.create(counter=1, hour=0, day=DAY, served=1)
    assert counters.last_day("A") == DAY
    with pytest.raises(TreeError) as error:
        counters.close("A", 1, DAY, 1, WHO)
    assert (error.value.reason, error.value.value) == ("served", DAY)
    counters.close("A", 1, "2026-11-23", 1, WHO)
    assert Counter.get(Counter.code == "A").closed_day == "2026-11-23"
    counters.reopen("A", 2, 1, WHO)
    assert Counter.get(Counter.code == "A").closed_day is None
    assert [entry[0] for entry in log()] == ["counter.close", "counter.reopen"]


def test_a_unit_closes_when_all_in_it_is_closed_and_takes_nothing_in() -> None:
    with pytest.raises(TreeError, match="holds_open"):
        units.close("W", None, DAY, 1, WHO)
    with pytest.raises(TreeError, match="holds_open"):
        units.close("D1", None, DAY, 1, WHO)
    counters.close("A", None, DAY, 1, WHO)
    units.close("W", None, DAY, 1, WHO)
    units.close("D1", None, DAY, 1, WHO)
    for refused in (
        lambda: units.reopen("W", None, 1, WHO),
        lambda: counters.reopen("A", None, 1, WHO),
        lambda: units.move("D2", None, "D1", DAY, 1, WHO),
    ):
        with pytest.raises(TreeError):
            refused()
    units.reopen("D1", None, 1, WHO)
    units.reopen("W", None, 1, WHO)
    terminals.move("t-1", None, None, None, 1, WHO)
    with pytest.raises(TreeError, match="in_closed"):
        terminals.move("t-1", None, "A", None, 1, WHO)


def test_a_retired_terminal_is_out_of_use_for_good_and_stays_in_its_branch() -> None:
    enrolment.add_token("t-1", "t", 99, 1, place=Place("A", "Counter A"), actor=WHO)
    terminals.retire("t-1", 1, "broken", 50, WHO)
    row = Terminal.get_by_id("t-1")
    assert (row.retired_at, row.retired_reason) == (50, "broken")
    assert (row.counter_id, row.unit.code) == (None, "W")
    assert enrolment.tokens_of("t-1")[0].closed
    for again in (
        lambda: terminals.retire("t-1", None, "again", 51, WHO),
        lambda: terminals.move("t-1", None, "A", None, 51, WHO),
    ):
        with pytest.raises(TreeError, match="retired"):
            again()
    assert log()[-1] == ("terminal.retire", "terminal:t-1", {"reason": "broken", "counter": "A"})


def test_a_terminal_of_a_store_stays_there_when_it_retires() -> None:
    terminals.add("t-2", None, "D2", "spare", 10, WHO)
    terminals.retire("t-2", None, "broken", 50, WHO)
    assert Terminal.get_by_id("t-2").unit.code == "D2"
    with pytest.raises(Taken):
        terminals.add("t-2", "A", None, "", 60, WHO)


def test_a_terminal_moves_with_its_history_and_a_note() -> None:
    terminals.move("t-1", 1, None, "D2", 20, WHO)
    terminals.write_note("t-1", 2, "key at the porter's", 30, WHO)
    query = TerminalPlace.select(TerminalPlace.since, TerminalPlace.until, TerminalPlace.actor)
    assert rows(query.order_by(TerminalPlace.since)) == [(10, 20, ""), (20, None, WHO)]
    assert Terminal.get_by_id("t-1").note == "key at the porter's"


def test_a_list_waits_for_its_sender_alone_and_not_for_ever() -> None:
    token = drafts.keep(WHO, "list.csv", b"abc", 0)
    found = drafts.find(WHO, token, 1)
    assert found is not None
    assert (found.name, found.content, len(found.sha256)) == ("list.csv", b"abc", 64)
    assert drafts.find("person:other", token, 1) is None
    assert drafts.find(WHO, token, drafts.LIFE_MS) is None
    drafts.keep("person:other", "x", b"x", 1)
    drafts.keep(WHO, "y", b"y", 2 * drafts.LIFE_MS)
    assert [row.name for row in ImportDraft.select()] == ["y"]
