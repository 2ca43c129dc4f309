"""Figures of counters and units over a period: each day where it was counted, under its target."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask, g

from fleet_server.app import create_app
from fleet_server.core.roles import Scope
from fleet_server.core.spans import Period, of, read, span
from fleet_server.core.targets import Goal
from fleet_server.store import daily, database, places, targets
from fleet_server.store.database import writing
from fleet_server.store.pages import lines
from fleet_server.web import measured
from fleet_server.web.figures import NOTHING, together
from fleet_server.web.pieces import Asked
from tests.fakes import databases
from tests.fakes.fleets import new_fleet

TODAY = date(2026, 11, 25)
FIRST = date(2026, 9, 20)
DAYS = [FIRST + timedelta(n) for n in range((TODAY - FIRST).days + 1)]


@pytest.fixture(scope="module")
def directory(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("measured") / "fleet"
    new_fleet(found)
    return found


@pytest.fixture
def app(directory: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database is empty but for the tables."""
    made = create_app(databases.copied_fleet(directory, tmp_path / "fleet"))
    with made.test_request_context():
        g.now = 0
        yield made
    database.close()


class Model:
    """What a naive person writes down: who lay where on each day, and what was counted there."""

    def __init__(self, seed: int) -> None:
        """Build a tree of units with counters in it, and let them move and count."""
        self.random = Random(seed)
        with writing():
            self.city = places.add_unit("C", "City", "city").id
            self.districts = [
                places.add_unit(f"D{n}", f"D{n}", "district", self.city).id for n in range(2)
            ]
            self.units = [
                places.add_unit(f"U{n}", f"U{n}", "unit", self.random.choice(self.districts)).id
                for n in range(4)
            ]
            self.counters = [
                places.add_counter(f"Q{n}", f"Q{n}", self.random.choice(self.units)).id
                for n in range(6)
            ]
            self.served: dict[tuple[str, int, tuple[int, ...], str], int] = {}
            for day in DAYS:
                self.move(day.isoformat())
                self.count(day.isoformat())

    def move(self, day: str) -> None:
        """Now and then, put a counter or a unit somewhere else."""
        if self.random.random() < 0.2:
            counter, unit = self.random.choice(self.counters), self.random.choice(self.units)
            places.move_counter(counter, unit, day)
        if self.random.random() < 0.1:
            unit, district = self.random.choice(self.units), self.random.choice(self.districts)
            places.move_unit(unit, district, day)

    def count(self, day: str) -> None:
        """Serve people of two services at most counters, and note it with the path of the day."""
        tree, at = places.tree(), lines.placed(day)
        for counter in self.counters:
            if self.random.random() < 0.2:
                continue
            counts = {name: self._counts() for name in ("", "s")}
            daily.note_units(daily.note(counter, day, counts))
            path = tuple(node.id for node in tree.path(at[counter]))
            for name, held in counts.items():
                self.served[day, counter, path, name] = held.served

    def _counts(self) -> daily.Counts:
        served = self.random.randint(0, 20)
        rated = self.random.randint(0, served)
        return daily.Counts(served=served, rated=rated, satisfied=rated)

    def sum(
        self, period: Period, unit: int | None = None, service: str | None = None, **of: int
    ) -> int:
        """Return how many were served, the naive way."""
        return sum(
            served
            for (day, counter, path, name), served in self.served.items()
            if period.holds(date.fromisoformat(day))
            and (unit is None or unit in path)
            and (service is None or service == name)
            and of.get("counter", counter) == counter
        )


PERIODS = [
    of("day", TODAY),
    read("2026-W45"),
    read("2026-10"),
    read("2026-11"),
    read("2026-Q4"),
    span(date(2026, 9, 25), date(2026, 11, 24)),
    span(date(2026, 10, 1), TODAY),
]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("seed", range(3))
def test_figures_after_random_moves_are_those_of_a_naive_model(seed: int) -> None:
    model = Model(seed)
    tree = places.tree()
    for period in PERIODS:
        for service in (None, "s"):
            for node in tree:
                asked = Asked(period, TODAY, unit=node, service=service)
                expected = model.sum(period, node.id, service)
                whole = measured.whole(asked)
                assert whole.sums.served == expected
                by_counter = measured.by_counter(asked)
                assert {
                    one: held.sums.served for one, held in by_counter.items() if held.sums.served
                } == {
                    one: count
                    for one in model.counters
                    if (count := model.sum(period, node.id, service, counter=one))
                }
                parts = together(held for _, held in measured.by_part(asked))
                days = together(measured.by_day(asked).values())
                for other in (parts, days, together(by_counter.values())):
                    assert other.sums == whole.sums
                    assert other.choices == whole.choices
                    assert (other.asked, other.liked) == (whole.asked, whole.liked)
            services = measured.by_service(Asked(period, TODAY))
            assert {name: held.sums.served for name, held in services.items()} == {
                name: model.sum(period, None, name) for name in services
            }


@pytest.mark.usefixtures("app")
def test_a_scope_keeps_to_its_units_on_all_days() -> None:
    model = Model(7)
    scope = Scope(frozenset(model.units[:2]))
    for period in PERIODS:
        asked = Asked(period, TODAY, scope)
        expected = sum(
            served
            for (day, _, path, _), served in model.served.items()
            if period.holds(date.fromisoformat(day)) and path[-1] in model.units[:2]
        )
        assert measured.whole(asked).sums.served == expected
        assert together(measured.by_counter(asked).values()).sums.served == expected
        assert together(held for _, held in measured.by_part(asked)).sums.served == expected


def note(counter: int, day: date, served: int, rated: int) -> None:
    counts = daily.Counts(served=served, rated=rated, satisfied=rated)
    daily.note_units(daily.note(counter, day.isoformat(), {"": counts}))


@pytest.mark.usefixtures("app")
def test_each_day_is_judged_by_the_target_that_held_on_it() -> None:
    day = TODAY - timedelta(days=2)
    with writing():
        unit = places.add_unit("U", "Unit").id
        counter = places.add_counter("Q", "Q", unit).id
        new = Goal(60, 90)
        seen = targets.newest(None)
        later = (day + timedelta(days=1)).isoformat()
        targets.add(None, seen, later, new, day.isoformat(), actor="person:a", now=1)
        note(counter, day, 30, 13)
        note(counter, day + timedelta(days=1), 10, 6)
    asked = Asked(span(day, TODAY), TODAY)
    found = measured.whole(asked)
    assert found.participation_target == (30 * 40 + 10 * 60) / 40
    assert not found.asks_too_few
    held = measured.by_day(asked)
    assert [one.participation_target for _, one in sorted(held.items())] == [40, 60]
    with writing():
        own = Goal(0, 0)
        targets.add(unit, 0, TODAY.isoformat(), own, TODAY.isoformat(), actor="person:a", now=1)
    assert measured.whole(asked).participation_target == 45
    assert measured.by_counter(asked)[counter].participation_target == 45


def test_todays_choices_come_five_at_a_time_in_every_figure(app: Flask) -> None:
    with writing():
        unit = places.add_unit("U", "Unit").id
        counter = places.add_counter("Q", "Q", unit).id
        note(counter, TODAY - timedelta(days=1), 4, 4)
    asked = Asked(span(TODAY - timedelta(days=1), TODAY), TODAY)
    seen = []
    for rated in range(1, 12):
        with writing():
            note(counter, TODAY, 12, rated)
        with app.app_context():  # another answer
            totals = {
                measured.whole(asked).choices.total,
                measured.by_counter(asked)[counter].choices.total,
                together(measured.by_day(asked).values()).choices.total,
                together(measured.by_service(asked).values()).choices.total,
                measured.services_of(counter, asked)[""].choices.total,
            }
        assert len(totals) == 1
        seen += totals
    assert seen == [0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 5]


@pytest.mark.usefixtures("app")
def test_a_branch_without_anything_has_no_figures() -> None:
    with writing():
        places.add_unit("U", "Unit")
    asked = Asked(of("day", TODAY), TODAY, unit=places.tree().by_code("U"))
    assert measured.whole(asked) == NOTHING
    assert measured.by_counter(asked) == {}
    assert measured.by_day(asked) == {}
