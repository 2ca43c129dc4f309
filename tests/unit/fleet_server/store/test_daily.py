"""Days by service, months and days of units follow the rows, whatever comes late or twice."""

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from fleet_server.store import daily, places, rollups
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Counter, Daily, Hourly, Monthly, Unit, UnitDaily, Visit
from tests.fakes.desk import DAY, MINUTE, SAIGON, Desk, add_counter

pytestmark = pytest.mark.usefixtures("fleet")


def held(table: Any, *keys: str) -> dict[tuple[Any, ...], dict[str, int]]:
    """The rows of a roll-up, what is not zero of them."""
    found = {}
    for row in table.select().dicts():
        numbers = {name: row[name] for name in daily.NAMES if row[name]}
        found[tuple(row[key] for key in keys)] = numbers
    return found


def days() -> dict[tuple[Any, ...], dict[str, int]]:
    return held(Daily, "day", "service")


def serve(desk: Desk, visit: str, minute: int, service: str | None, choice: str | None) -> None:
    """Serve a visit of a service, and rate it."""
    at = minute * MINUTE
    desk.ticket(visit, "called", at, ticket=visit)
    if service:
        with writing():
            Visit.update(service=service).where(Visit.id == visit).execute()
    if choice:
        desk.rate(visit, at + 1000, choice)  # type: ignore[arg-type]
    desk.ticket(visit, "closed", at + 30_000, ticket=visit)


def test_a_day_is_divided_by_service() -> None:
    desk = Desk()
    serve(desk, "v1", 0, "birth", "satisfied")
    serve(desk, "v2", 1, "birth", None)
    serve(desk, "v3", 2, None, "unsatisfied")
    desk.rate(None, 4 * MINUTE)
    assert days() == {
        (DAY, "birth"): {"served": 2, "rated": 1, "satisfied": 1},
        (DAY, ""): {"served": 1, "rated": 1, "unsatisfied": 1, "unbound": 1},
    }
    assert held(Monthly, "month", "service") == {
        (DAY[:7], "birth"): {"served": 2, "rated": 1, "satisfied": 1},
        (DAY[:7], ""): {"served": 1, "rated": 1, "unsatisfied": 1, "unbound": 1},
    }
    assert held(UnitDaily, "unit", "day", "service").keys() == {
        (Unit.get().id, DAY, "birth"),
        (Unit.get().id, DAY, ""),
    }


def test_services_add_up_to_the_hours_of_the_day() -> None:
    desk, random = Desk(), Random(5)
    for number in range(30):
        choice = random.choice(["satisfied", "unsatisfied", "very_satisfied", None])
        serve(desk, f"v{number}", number, random.choice(["a", "b", None]), choice)
    for name in daily.COUNTED:
        hours = sum(getattr(row, name) for row in Hourly.select())
        assert sum(getattr(row, name) for row in Daily.select()) == hours, name
        assert sum(getattr(row, name) for row in Monthly.select()) == hours, name
        assert sum(getattr(row, name) for row in UnitDaily.select()) == hours, name


def test_what_is_told_twice_counts_nothing() -> None:
    desk = Desk()
    serve(desk, "v1", 0, "birth", "satisfied")
    before = days()
    with writing():
        rollups.recompute([(desk.terminal.counter_id, DAY)] * 2, SAIGON)
    assert days() == before


def test_a_visit_that_gets_its_service_late_leaves_nothing_behind() -> None:
    desk = Desk()
    serve(desk, "v1", 0, None, "satisfied")
    assert list(days()) == [(DAY, "")]
    with writing():
        Visit.update(service="birth").execute()
        rollups.recompute([(desk.terminal.counter_id, DAY)], SAIGON)
    assert list(days()) == [(DAY, "birth")]
    assert [service for _, service in held(Monthly, "month", "service")] == ["birth"]
    assert [key[2] for key in held(UnitDaily, "unit", "day", "service")] == ["birth"]


def test_five_choices_are_given_out_together_on_the_day_of_the_fifth() -> None:
    desk = Desk()
    for number in range(3):
        serve(desk, f"v{number}", number, None, "satisfied")
    for number in range(3, 6):
        serve(desk, f"v{number}", 24 * 60 + number, None, "unsatisfied")
    told = {
        day: [row[name] for name in daily.TOLD if name in row] for (day, _), row in days().items()
    }
    assert told == {DAY: [], "2026-11-23": [3, 3]}
    serve(desk, "late-1", 10, None, "very_satisfied")
    serve(desk, "late-2", 12, None, "very_satisfied")
    told = {
        day: [row[name] for name in daily.TOLD if name in row] for (day, _), row in days().items()
    }
    assert told == {DAY: [2, 3], "2026-11-23": []}
    assert daily.odd_units() == []


def test_a_recount_finds_every_roll_up_that_was_changed_and_mends_it() -> None:
    desk = Desk()
    for number in range(6):
        serve(desk, f"v{number}", number, "birth", "satisfied")
    assert rollups.recount(SAIGON).differences == []
    with writing():
        Daily.update(satisfied=9).execute()
        Monthly.update(served=9).execute()
        UnitDaily.update(served=8).execute()
    found = {(one.counter, one.what) for one in rollups.recount(SAIGON).differences}
    assert found == {("C1", "services"), ("C1", "month"), ("U", "unit_days")}
    rollups.recount(SAIGON, fix=True)
    assert rollups.recount(SAIGON).differences == []
    assert Monthly.get().served == 6


def test_a_month_without_days_is_found_and_taken_away() -> None:
    add_counter("C1")
    with writing():
        Monthly.create(counter=1, month="2026-10", service="", served=3)
    assert [(one.day, one.what) for one in rollups.recount(SAIGON).differences] == [
        ("2026-10-01", "month")
    ]
    rollups.recount(SAIGON, fix=True)
    assert Monthly.select().count() == 0


def test_days_of_units_follow_counters_that_move() -> None:
    desk = Desk()
    serve(desk, "v1", 0, None, None)
    serve(desk, "v2", 24 * 60, None, None)
    with writing():
        other = places.add_unit("V", "Another").id
        places.move_counter(Counter.get().id, other, "2026-11-23")
    assert {(key[0], key[1]) for key in held(UnitDaily, "unit", "day")} == {
        (Unit.get(Unit.code == "U").id, DAY),
        (other, "2026-11-23"),
    }
    assert daily.odd_units() == []


def test_days_of_units_are_those_of_a_naive_model_after_random_moves() -> None:
    random = Random(8)
    first = date(2026, 11, 1)
    with writing():
        units = [places.add_unit(f"U{n}", "Unit").id for n in range(3)]
        counters = [places.add_counter(f"C{n}", "C", random.choice(units)).id for n in range(4)]
        lay = {(c, n): Counter.get_by_id(c).unit_id for c in counters for n in range(20)}
        for n in range(20):
            day = (first + timedelta(n)).isoformat()
            if random.random() < 0.5:
                counter, unit = random.choice(counters), random.choice(units)
                places.move_counter(counter, unit, day)
                lay |= {(counter, later): unit for later in range(n, 20)}
            for counter in counters:
                touched = daily.note(counter, day, {"": daily.Counts(served=random.randint(0, 9))})
                daily.note_units(touched)
    expected: dict[tuple[int, str], int] = {}
    for counter, day, served in rows(Daily.select(Daily.counter, Daily.day, Daily.served)):
        place = lay[counter, (date.fromisoformat(day) - first).days]
        expected[place, day] = expected.get((place, day), 0) + served
    assert {(row.unit_id, row.day): row.served for row in UnitDaily.select()} == expected
    assert daily.odd_units() == []
