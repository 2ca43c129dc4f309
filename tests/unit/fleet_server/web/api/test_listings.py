"""What other programs read."""

from typing import Any

import pytest

from fleet_server.store import matters
from fleet_server.store.database import writing
from fleet_server.store.matters import Found
from fleet_server.store.models import Terminal, TerminalStatus
from tests.fakes.desk import HOUR, MINUTE, NINE, Desk
from tests.unit.fleet_server.web.api.conftest import Rest


@pytest.fixture
def desk(rest: Rest) -> Desk:
    """A terminal at C1 with one visit of each kind behind it."""
    desk = Desk("t-9", "C1")
    desk.ticket("v1", "closed", 0, ticket="A1")
    desk.rate("v1", MINUTE, "very_satisfied")
    desk.ticket("v2", "closed", 2 * MINUTE, ticket="A2")
    desk.rate("v2", 3 * MINUTE, "unsatisfied")
    desk.rate("v2", 5 * MINUTE, "satisfied")
    desk.ticket("v3", "closed", 6 * MINUTE, ticket="A3")
    desk.ticket("v4", "no_show", 7 * MINUTE, ticket="A4")
    desk.rate(None, 8 * MINUTE)
    desk.rate("v3", 9 * MINUTE, disputed=True)
    rest.now = NINE + HOUR
    return desk


def counter(answer: Any, code: str) -> dict[str, Any]:
    return next(row for row in answer.json["counters"] if row["counter"] == code)


def test_participation_counts_served_visits_with_a_standing_rating(rest: Rest, desk: Desk) -> None:
    answer = rest.get("/counters/participation")
    assert answer.json["from"] == answer.json["to"] == "2026-11-22"
    assert counter(answer, "C1") == {
        "counter": "C1",
        "name": "Counter C1",
        "unit": "U",
        "served": 3,
        "rated": 2,
        "very_satisfied": 1,
        "satisfied": 0,
        "unsatisfied": 1,
        "unbound": 1,
        "contested": 1,
        "disputed": 1,
        "estimated": 0,
        "participation": 2 / 3,
        "satisfaction": 0.5,
        "sources": {"both": 0, "rest": 0, "terminal": 3, "disagreements": 0},
    }


def test_a_counter_where_nothing_happened_has_no_shares(rest: Rest, desk: Desk) -> None:
    row = counter(rest.get("/counters/participation"), "C2")
    assert (row["served"], row["participation"], row["satisfaction"]) == (0, None, None)


def test_the_total_is_that_of_all_counters(rest: Rest, desk: Desk) -> None:
    rest.tell("called", counter="C2", at="2026-11-22T09:10:00+07:00")
    rest.tell("closed", counter="C2", at="2026-11-22T09:11:00+07:00")
    total = rest.get("/counters/participation").json["total"]
    assert (total["served"], total["rated"], total["participation"]) == (4, 2, 0.5)
    assert total["sources"] == {"both": 0, "rest": 1, "terminal": 3, "disagreements": 0}


def test_the_period_holds_both_its_days(rest: Rest, desk: Desk) -> None:
    def served(**period: str) -> int:
        answer = rest.get("/counters/participation", **period)
        assert answer.status_code == 200, answer.text
        return int(answer.json["total"]["served"])

    desk.ticket("v9", "closed", 24 * HOUR)
    rest.now = NINE + 48 * HOUR
    assert served() == 0
    assert served(**{"from": "2026-11-22"}) == 4
    assert served(**{"from": "2026-11-22", "to": "2026-11-22"}) == 3
    assert served(**{"from": "2026-11-23", "to": "2026-11-23"}) == 1
    assert served(to="2026-11-22") == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "2026-11-23", "to": "2026-11-22"}, "from"),
        ({"from": "yesterday"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"to": "99999-01-01"}, "to"),
    ],
)
def test_a_wrong_period_is_refused(rest: Rest, query: dict[str, str], field: str) -> None:
    answer = rest.get("/counters/participation", **query)
    assert answer.status_code == 422
    assert answer.json["detail"].startswith(field)


def test_all_ratings_are_listed_with_what_became_of_them(rest: Rest, desk: Desk) -> None:
    rows = rest.get("/ratings").json["ratings"]
    flags = ("standing", "contested", "disputed", "unbound")
    assert [[flag for flag in flags if row[flag]] for row in rows] == [
        ["standing"],
        ["standing"],
        ["contested"],
        ["unbound"],
        ["disputed"],
    ]
    assert rows[0] == {
        "change": rows[0]["change"],
        "id": rows[0]["id"],
        "withdrawn": False,
        "counter": "C1",
        "visit": "v1",
        "choice": "very_satisfied",
        "at": "2026-11-22T02:01:00.000Z",
        "at_quality": "exact",
        "standing": True,
        "contested": False,
        "disputed": False,
        "unbound": False,
        "replaced_by": None,
        "terminal": "t-9",
        "chain": desk.chain.chain_id,
        "seq": 3,
        "hash": rows[0]["hash"],
        "received_at": "2026-11-22T02:01:00.000Z",
    }
    assert len(rows[0]["hash"]) == 43


def test_ratings_are_read_page_by_page_without_gap_or_repetition(rest: Rest, desk: Desk) -> None:
    cursor, seen = "", []
    for _ in range(10):
        page = rest.get("/ratings", cursor=cursor, limit=2).json
        seen += [row["id"] for row in page["ratings"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    desk.rate(None, 20 * MINUTE)
    assert len(rest.get("/ratings", cursor=cursor).json["ratings"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "-1"},
        {"cursor": "x"},
        {"cursor": str(2**63)},
        {"cursor": "9" * 3_000},
        {"limit": "0"},
        {"limit": "1001"},
    ],
)
def test_a_wrong_page_is_refused(rest: Rest, query: dict[str, str]) -> None:
    answer = rest.get("/ratings", **query)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["parameter"] == next(iter(query))


def test_terminals_are_listed_as_last_heard_of(rest: Rest, desk: Desk) -> None:
    TerminalStatus.create(
        terminal="t-9",
        state="ready",
        state_at=NINE,
        last_seen=NINE + 1,
        waiting=3,
        clock="synced",
        firmware="0.1.0",
    )
    Terminal.update(retired_at=5).where(Terminal.id == "t-2").execute()
    rows = {row["id"]: row for row in rest.get("/terminals").json["terminals"]}
    assert set(rows) == {"t-1", "t-2", "t-9"}
    assert rows["t-2"]["retired"]
    assert rows["t-1"]["state"] is None
    assert rows["t-9"] == {
        "id": "t-9",
        "counter": "C1",
        "unit": "U",
        "retired": False,
        "state": "ready",
        "state_at": "2026-11-22T02:00:00.000Z",
        "last_seen": "2026-11-22T02:00:00.001Z",
        "waiting": 3,
        "oldest_waiting_at": None,
        "clock": "synced",
        "firmware": "0.1.0",
        "matters": 0,
        "head": {"chain": desk.chain.chain_id, "seq": 0, "hash": rows["t-9"]["head"]["hash"]},
    }


def test_matters_are_listed_open_or_closed(rest: Rest) -> None:
    with writing():
        matters.open_matter(Found("fault", "t-1:disk", "t-1", details={"what": "disk"}), NINE)
    (row,) = rest.get("/matters").json["matters"]
    assert (row["kind"], row["terminal"], row["details"]["what"]) == ("fault", "t-1", "disk")
    assert rest.get("/matters", closed="true").json["matters"] == []
    assert rest.get("/matters", closed="perhaps").status_code == 422
