"""Participation by place and time, and which choices are told to whom."""

from typing import Any

import pytest

from fleet_server.core.participation import Counts
from fleet_server.store import daily, places
from fleet_server.store.database import writing
from fleet_server.store.models import AuditEntry, Hourly
from tests.fakes.desk import HOUR, NINE
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest

DAY = 24 * HOUR


def count(counter: int, day: str, **sums: int) -> None:
    """Add an hour to a counter's day."""
    hour = NINE + Hourly.select().count() * HOUR * 1000
    Hourly.create(counter=counter, hour=hour, day=day, **sums)
    roll_up(counter, day, **sums)


def roll_up(counter: int, day: str, **sums: int) -> None:
    """Keep a day as ingest keeps it, all of no service that is known."""
    with writing():
        daily.note_units(daily.note(counter, day, {"": Counts(**sums)}))


@pytest.fixture
def year(rest: Rest) -> Rest:
    """Two units with a counter each (ids 1 and 3), and days in three quarters."""
    with writing():
        unit = places.add_unit("V", "Another")
        places.add_counter("V1", "Counter V1", unit.id)
    count(1, "2026-06-30", served=10, rated=6, satisfied=6)
    count(1, "2026-10-31", served=4, rated=1, unsatisfied=1)
    count(1, "2026-11-16", served=5, rated=3, very_satisfied=3)
    count(1, "2026-11-22", served=8, rated=7, satisfied=4, unsatisfied=3)
    count(3, "2026-11-16", served=2, rated=2, unsatisfied=2)
    return rest


def rows(rest: Rest, **query: object) -> list[dict[str, Any]]:
    answer = rest.get("/participation", **{"from": "2026-01-01", "to": "2026-12-31", **query})
    assert answer.status_code == 200, answer.text
    return list(answer.json["rows"])


def told(row: dict[str, Any]) -> tuple[object, ...]:
    return row["from"], row["to"], row["unit"], row["counter"], row["served"], row["rated"]


def test_steps_are_days_weeks_months_and_quarters(year: Rest) -> None:
    fleet = {"by": "fleet"}
    assert [told(row)[:2] for row in rows(year, step="quarter", **fleet)] == [
        ("2026-04-01", "2026-06-30"),
        ("2026-10-01", "2026-12-31"),
    ]
    assert [told(row) for row in rows(year, step="month", **fleet)] == [
        ("2026-06-01", "2026-06-30", None, None, 10, 6),
        ("2026-10-01", "2026-10-31", None, None, 4, 1),
        ("2026-11-01", "2026-11-30", None, None, 15, 12),
    ]
    weeks = rows(year, step="week", **fleet)
    assert told(weeks[-1]) == ("2026-11-16", "2026-11-22", None, None, 15, 12)
    assert len(rows(year, step="day", **fleet)) == 4
    assert told(rows(year, **fleet)[0])[:2] == ("2026-01-01", "2026-12-31")


def test_groups_are_counters_units_and_the_fleet(year: Rest) -> None:
    november = {"from": "2026-11-01", "to": "2026-11-30"}
    assert [told(row)[2:] for row in rows(year, **november)] == [
        ("U", "C1", 13, 10),
        ("V", "V1", 2, 2),
    ]
    units = rows(year, by="unit", **november)
    assert [told(row)[2:] for row in units] == [("U", None, 13, 10), ("V", None, 2, 2)]


def test_a_day_on_which_nothing_was_held_has_no_row(year: Rest) -> None:
    assert rows(year, step="day", **{"from": "2026-11-17", "to": "2026-11-21"}) == []


def test_a_unit_or_counter_can_be_asked_for(year: Rest) -> None:
    assert {row["counter"] for row in rows(year, unit="V")} == {"V1"}
    assert {row["counter"] for row in rows(year, counter="C1")} == {"C1"}


def test_too_much_at_once_is_refused(year: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    from fleet_server.web.api import figures

    monkeypatch.setattr(figures, "MOST_CELLS", 100)
    answer = year.get("/participation", step="day", **{"from": "2026-01-01"})
    assert answer.status_code == 422
    assert "ask for less" in answer.json["detail"]


def test_without_leave_choices_are_told_from_five_ratings_on(year: Rest) -> None:
    year.key = new_key("figures", {"figures:read"})
    year.now = NINE + 3 * DAY
    days = {row["from"]: row for row in rows(year, step="day", by="counter", counter="C1")}
    assert days["2026-06-30"]["satisfied"] == 6
    assert days["2026-10-31"]["unsatisfied"] is None
    assert days["2026-10-31"]["satisfaction"] is None
    assert days["2026-10-31"]["rated"] == 1
    assert days["2026-11-16"]["satisfaction"] is None
    assert days["2026-11-22"]["satisfaction"] == 7 / 10  # with the three that waited


def test_a_unit_hides_what_its_counters_hide(year: Rest) -> None:
    year.key = new_key("figures", {"figures:read"})
    year.now = NINE + 3 * DAY
    [row] = rows(year, by="fleet", **{"from": "2026-11-01", "to": "2026-11-30"})
    assert (row["rated"], row["unsatisfied"]) == (12, 3)


def test_todays_choices_are_told_five_at_a_time(year: Rest) -> None:
    year.key = new_key("figures", {"figures:read"})
    today = {"from": "2026-11-22", "to": "2026-11-22", "counter": "C1"}
    assert rows(year, **today)[0]["unsatisfied"] == 3
    Hourly.update(unsatisfied=4, rated=8).where(Hourly.day == "2026-11-22").execute()
    roll_up(1, "2026-11-22", served=8, rated=8, satisfied=4, unsatisfied=4)
    [row] = rows(year, **today)
    assert (row["rated"], row["unsatisfied"]) == (8, 3)
    year.key = new_key("all")
    assert rows(year, **today)[0]["unsatisfied"] == 4


def test_an_answer_that_is_still_true_is_not_sent_again(year: Rest) -> None:
    first = year.get("/participation")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = year.call(
        "GET", "/api/v1/participation", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    Hourly.update(served=99).execute()
    changed = year.call(
        "GET", "/api/v1/participation", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert changed.status_code == 200


@pytest.mark.parametrize("path", ["/participation", "/counters/participation"])
def test_who_is_told_all_choices_is_in_the_audit_log(year: Rest, path: str) -> None:
    days = {"from": "2026-11-01", "to": "2026-11-30", "counter": "C1"}
    reads = AuditEntry.select().where(AuditEntry.action == "choices.read")
    year.key = new_key("figures", {"figures:read"})
    year.get(path, **days)
    assert reads.count() == 0, "what pages show leaves no entry"
    year.key = new_key("seeing", {"figures:read", "ratings:read", "choices:read"})
    assert year.get(path, **days).json["total"]["unsatisfied"] == 3
    [entry] = reads
    assert (entry.actor, entry.subject) == ("key:seeing", "participation")
    assert '"counter":"C1"' in entry.details
    assert '"from":"2026-11-01","' in entry.details
    assert "unsatisfied" not in entry.details
    year.get(path, **{**days, "to": "2026-11-01"})
    assert reads.count() == 1, "nothing was told, so nothing is written down"
