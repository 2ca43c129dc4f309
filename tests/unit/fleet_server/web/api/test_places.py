"""Units, counters, terminals and matters, page by page."""

import pytest

from fleet_server.store import matters, places
from fleet_server.store.database import writing
from fleet_server.store.matters import Found
from fleet_server.store.models import Counter, Terminal, TerminalStatus, Unit
from tests.fakes.desk import NINE
from tests.unit.fleet_server.web.api.conftest import Rest


@pytest.fixture
def city(rest: Rest) -> Rest:
    """A city with a district with a unit, each with a counter, beside the unit U."""
    with writing():
        above = None
        for code, kind in (("CITY", "city"), ("Q1", "district"), ("P1", "unit")):
            above = places.add_unit(code, f"Unit {code}", kind, above and above.id)
            places.add_counter(f"{code}-01", f"Counter {code}", above.id)
        places.add_terminal("kept", None, 0, unit=above.id)
        places.add_terminal("nowhere", None, 0)
        for number in range(3):
            matters.open_matter(Found("fault", f"t-1:{number}", "t-1"), NINE)
        matters.open_matter(Found("expiry", "kept", "kept"), NINE)
    return rest


@pytest.mark.parametrize(
    ("path", "name", "field"),
    [
        ("/units", "units", "code"),
        ("/counters", "counters", "code"),
        ("/terminals", "terminals", "id"),
        ("/matters", "matters", "id"),
    ],
)
def test_a_list_is_read_page_by_page_without_gap_or_repetition(
    city: Rest, path: str, name: str, field: str
) -> None:
    whole = [row[field] for row in city.get(path).json[name]]
    assert len(whole) > 3
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        answer = city.get(path, cursor=cursor, limit=3)
        seen += [row[field] for row in answer.json[name]]
        cursor = answer.json["next"]
        assert ("Link" in answer.headers) == (cursor is not None)
        pages += 1
    assert seen == whole
    assert pages == -(-len(whole) // 3)


def test_a_unit_says_what_it_lies_in(city: Rest) -> None:
    rows = {row["code"]: row for row in city.get("/units").json["units"]}
    assert (rows["P1"]["parent"], rows["P1"]["kind"]) == ("Q1", "unit")
    assert rows["CITY"]["parent"] is None
    assert {row["code"] for row in city.get("/units", unit="Q1").json["units"]} == {"Q1", "P1"}


def test_a_counter_says_which_terminals_stand_there(city: Rest) -> None:
    Terminal.update(retired_at=5).where(Terminal.id == "t-2").execute()
    rows = {row["code"]: row for row in city.get("/counters").json["counters"]}
    assert rows["C1"]["terminals"] == ["t-1"]
    assert rows["C2"]["terminals"] == []
    below = city.get("/counters", unit="Q1").json["counters"]
    assert [row["code"] for row in below] == ["P1-01", "Q1-01"]


def test_lists_say_since_when_units_and_counters_are_closed(city: Rest) -> None:
    Counter.update(closed_day="2026-11-20").where(Counter.code == "C1").execute()
    Unit.update(closed_day="2027-01-01").where(Unit.code == "P1").execute()
    counters = {row["code"]: row["closed"] for row in city.get("/counters").json["counters"]}
    units = {row["code"]: row["closed"] for row in city.get("/units").json["units"]}
    assert (counters["C1"], counters["C2"]) == ("2026-11-20", None)
    assert (units["P1"], units["Q1"]) == ("2027-01-01", None)


def test_terminals_can_be_asked_for_by_place_state_and_retirement(city: Rest) -> None:
    TerminalStatus.create(terminal="t-1", state="lost", state_at=NINE)
    Terminal.update(retired_at=5).where(Terminal.id == "t-2").execute()

    def ids(**query: object) -> list[str]:
        return [row["id"] for row in city.get("/terminals", **query).json["terminals"]]

    assert ids() == ["kept", "nowhere", "t-1", "t-2"]
    assert ids(state="lost") == ["t-1"]
    assert ids(retired="true") == ["t-2"]
    assert ids(retired="false") == ["kept", "nowhere", "t-1"]
    assert ids(counter="C1") == ["t-1"]
    assert ids(unit="CITY") == ["kept"]
    assert city.get("/terminals", state="asleep").status_code == 422


def test_matters_can_be_asked_for_by_kind_and_place(city: Rest) -> None:
    def kinds(**query: object) -> list[str]:
        return [row["kind"] for row in city.get("/matters", **query).json["matters"]]

    assert kinds() == ["expiry", "fault", "fault", "fault"]
    assert kinds(kind="fault") == ["fault"] * 3
    assert kinds(unit="Q1") == ["expiry"]
