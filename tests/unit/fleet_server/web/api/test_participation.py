"""Participation by place and time, and which choices are told to whom."""

from datetime import date
from typing import Any

import pytest

from fleet_server.core.participation import Counts
from fleet_server.core.roles import EVERYTHING
from fleet_server.core.spans import read
from fleet_server.store import daily, listings, places
from fleet_server.store.database import writing
from fleet_server.store.models import AuditEntry, Hourly
from fleet_server.web import measured
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked
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


@pytest.fixture
def moved(year: Rest) -> Rest:
    """The same after C1 went from U to V, on the 16th of November."""
    with writing():
        places.move_counter(1, 2, "2026-11-16")
    return year


def test_a_day_counts_in_the_unit_where_the_counter_lay_on_it(moved: Rest) -> None:
    units = rows(moved, by="unit")
    assert [told(row)[2:] for row in units] == [("U", None, 14, 7), ("V", None, 15, 12)]
    weeks = rows(moved, by="unit", step="week", **{"from": "2026-10-26"})
    assert [told(row) for row in weeks] == [
        ("2026-10-26", "2026-11-01", "U", None, 4, 1),
        ("2026-11-16", "2026-11-22", "V", None, 15, 12),
    ]
    months = rows(moved, by="unit", step="month", **{"from": "2026-11-01"})
    assert [told(row)[2:] for row in months] == [("V", None, 15, 12)]


def test_a_branch_is_asked_for_as_it_was_on_each_day(moved: Rest) -> None:
    answer = moved.get("/participation", unit="U", **{"from": "2026-01-01", "to": "2026-12-31"})
    [row] = answer.json["rows"]
    assert told(row)[2:] == ("U", "C1", 14, 7)
    assert answer.json["total"]["served"] == 14
    [one] = [row for row in rows(moved, unit="V") if row["counter"] == "C1"]
    assert told(one)[2:] == ("V", "C1", 13, 10)
    answer = moved.get("/counters/participation", unit="U", **{"from": "2026-01-01"})
    assert [(one["counter"], one["unit"], one["served"]) for one in answer.json["counters"]] == [
        ("C1", "U", 14),
        ("C2", "U", 0),
    ]


def test_a_unit_moved_into_another_branch_keeps_its_days_there(year: Rest) -> None:
    with writing():
        first = places.add_unit("D1", "District 1", "district").id
        second = places.add_unit("D2", "District 2", "district").id
        places.move_unit(1, first, "2026-06-01")
        places.move_unit(1, second, "2026-11-01")
    assert [told(row)[2:] for row in rows(year, unit="D1")] == [("U", "C1", 14, 7)]
    assert [told(row)[2:] for row in rows(year, unit="D2")] == [("U", "C1", 13, 10)]


def test_a_key_of_a_branch_is_told_what_lay_in_it(moved: Rest) -> None:
    moved.key = new_key("U", unit="U")
    assert [told(row)[2:] for row in rows(moved)] == [("U", "C1", 14, 7)]
    moved.key = new_key("V", unit="V")
    assert [told(row)[2:] for row in rows(moved, by="unit")] == [("V", None, 15, 12)]
    days = {"from": "2026-06-30", "to": "2026-06-30"}
    [one, _] = moved.get("/counters/participation", **days).json["counters"]
    assert (one["counter"], one["unit"], one["served"]) == ("C1", "V", 0)
    assert rows(moved, counter="C1", **days) == []


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
    assert rows(year, **today)[0]["unsatisfied"] is None, "five more must come first"
    Hourly.update(unsatisfied=8, rated=12).where(Hourly.day == "2026-11-22").execute()
    roll_up(1, "2026-11-22", served=12, rated=12, satisfied=4, unsatisfied=8)
    [row] = rows(year, **today)
    assert (row["rated"], row["unsatisfied"]) == (12, 3)
    year.key = new_key("all")
    assert rows(year, **today)[0]["unsatisfied"] == 8


def test_an_answer_that_is_still_true_is_not_sent_again(year: Rest) -> None:
    first = year.get("/participation")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = year.call(
        "GET", "/api/v1/participation", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    roll_up(1, "2026-11-22", served=99)
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


# ---- by service ----

SERVICES = ("Khai sinh", "Kết hôn", "")


@pytest.fixture
def served(rest: Rest) -> Rest:
    """Two branches with two counters, each with services; one of them moved within the month."""
    with writing():
        units = [places.add_unit(code, f"Unit {code}") for code in ("A", "B")]
        counters = [places.add_counter(f"{u.code}{n}", "Q", u.id) for u in units for n in (1, 2)]
    for number, counter in enumerate(counters):
        for day in ("2026-10-30", "2026-11-09", "2026-11-10", "2026-11-20", "2026-11-22"):
            made = {
                service: Counts(
                    served=9 + number + place, rated=3 + place, very_satisfied=1 + number,
                    satisfied=1, unsatisfied=place, unbound=number,
                )
                for place, service in enumerate(SERVICES)
            }  # fmt: skip
            with writing():
                daily.note_units(daily.note(counter.id, day, made))
    with writing():
        places.move_counter(counters[1].id, units[1].id, "2026-11-10")
    return rest


def shown(rest: Rest, unit: str | None, counter: str | None = None) -> dict[str, Figures]:
    """Return the figures of the page of services, or of a counter's page, for November."""
    with rest.client.application.app_context():
        tree = places.tree()
        node = tree.by_code(unit) if unit else None
        asked = Asked(read("2026-11"), date(2026, 11, 22), EVERYTHING, node)
        if counter is None:
            return measured.by_service(asked)
        [row] = listings.counters(EVERYTHING, code=counter)
        return measured.services_of(row.id, asked)


def as_shown(row: dict[str, Any], page: Figures) -> None:
    """Compare a row with what a page shows."""
    counted = ("served", "rated", "unbound", "contested", "disputed", "estimated")
    assert {name: row[name] for name in counted} == {
        name: getattr(page.sums, name) for name in counted
    }
    choices = [row[name] for name in ("very_satisfied", "satisfied", "unsatisfied")]
    told = page.shown
    assert choices == (
        [None] * 3 if told is None else [told.very_satisfied, told.satisfied, told.unsatisfied]
    )
    for share, percent in ((row["participation"], page.participation),
                           (row["satisfaction"], page.satisfaction)):  # fmt: skip
        assert (None if share is None else 100 * share) == pytest.approx(percent)


@pytest.mark.parametrize(
    ("unit", "counter"), [(None, None), ("A", None), ("B", None), (None, "A1"), (None, "A2")]
)
def test_services_have_the_figures_of_their_page(
    served: Rest, unit: str | None, counter: str | None
) -> None:
    served.key = new_key("figures", {"figures:read"})
    november = {"from": "2026-11-01", "to": "2026-11-30", "by": "service"}
    where = {"unit": unit} if unit else {"counter": counter} if counter else {}
    found = rows(served, **november, **where)
    assert [row["service"] for row in found] == sorted(SERVICES, key=lambda one: (not one, one))
    page = shown(served, unit, counter)
    assert page.keys() == set(SERVICES)
    for row in found:
        as_shown(row, page[row["service"]])
        assert (row["unit"], row["counter"], row["name"]) == (None, None, None)
        assert (row["from"], row["to"]) == ("2026-11-01", "2026-11-30")


def test_steps_of_services_add_up_to_the_whole(served: Rest) -> None:
    for step in ("day", "week", "month", "quarter"):
        found = rows(served, by="service", step=step)
        assert [row["from"] for row in found] == sorted(row["from"] for row in found)
        for whole in rows(served, by="service"):
            own = [row for row in found if row["service"] == whole["service"]]
            for name in ("served", "rated", "very_satisfied", "unsatisfied", "unbound"):
                assert sum(row[name] for row in own) == whole[name]
    days = [row for row in rows(served, by="service", step="day") if row["service"] == "Kết hôn"]
    assert [row["from"] for row in days] == [
        "2026-10-30", "2026-11-09", "2026-11-10", "2026-11-20", "2026-11-22",
    ]  # fmt: skip


def test_a_branch_has_the_services_of_its_days(served: Rest) -> None:
    """A2 lay in A on one day of November, and in B on three."""
    figures = {"by": "service", "from": "2026-11-01", "to": "2026-11-30"}
    served.key = new_key("branch", {"figures:read"}, "A")
    only_a = rows(served, **figures)
    assert sum(row["served"] for row in only_a) == sum(
        9 + number + place
        for number, days in ((0, 4), (1, 1))
        for place in range(3)
        for _ in range(days)
    )
    assert served.get("/participation", by="service", unit="B").status_code == 404
    assert served.get("/participation", by="service", counter="B1").status_code == 404


def test_only_who_may_is_told_all_choices_of_services_and_that_is_noted(served: Rest) -> None:
    day = {"from": "2026-11-09", "to": "2026-11-09", "by": "service", "counter": "A1"}
    served.key = new_key("figures", {"figures:read"})
    assert {row["very_satisfied"] for row in rows(served, **day)} == {None}
    reads = AuditEntry.select().where(AuditEntry.action == "choices.read")
    assert reads.count() == 0
    served.key = new_key("seeing", {"figures:read", "ratings:read", "choices:read"})
    assert {row["very_satisfied"] for row in rows(served, **day)} == {1}
    [entry] = reads
    assert '"by":"service"' in entry.details


def test_services_tell_who_told_of_their_visits(rest: Rest) -> None:
    rest.tell("called", service="Khai sinh")
    rest.tell("closed")
    rest.tell("called", "B1")
    rest.tell("closed", "B1")
    found = {row["service"]: row["sources"] for row in rows(rest, by="service")}
    none = {"both": 0, "rest": 1, "terminal": 0, "disagreements": 0}
    assert found == {"Khai sinh": none, "": none}
    total = rest.get("/participation", by="service").json["total"]
    assert total == rest.get("/participation", by="fleet").json["total"]


def test_services_of_too_many_days_are_refused(
    served: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet_server.web.api.figures.MOST_CELLS", 3 * 365)
    long = {"by": "service", "step": "day", "from": "2025-01-01", "to": "2026-12-31"}
    assert served.get("/participation", **long).status_code == 422
    assert served.get("/participation", **{**long, "step": "month"}).status_code == 200
