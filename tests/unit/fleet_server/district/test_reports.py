"""Each figure of a report of the small district is what a count of its own comes to."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.database import rows, writing
from fleet_server.store.models import Counter, CounterPlace, Unit, UnsignedRating, WeeklyDraw
from fleet_server.web.words.channels import WAYS
from fleet_server.web.words.interviews import CRITERIA
from tests.fakes import reported, reported_beside
from tests.fakes.district import NOW
from tests.fakes.draws import answered

pytestmark = [pytest.mark.timeout(600), pytest.mark.engines("sqlite")]

FIRST, LAST = "2026-11-01", "2026-11-25"
"""Days that are over; those of today go by what the running day gives out."""

QUARTER = "2026-Q4"
"""Of which interviews are told, as far as it has come."""

Rows = list[list[str]]


@pytest.fixture
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the moment at which the small district is looked at."""
    monkeypatch.setattr("fleet_server.clock.now_ms", lambda: NOW)


def report(fleet: Settings, unit: str, to: Path, period: str = f"{FIRST}..{LAST}") -> Rows:
    directory = str(fleet.layout.directory / "fleet.toml")
    words = ["--branch", unit, "--period", period, "--config", directory]
    assert main(["report", "make", *words, "--language", "en", "--to", str(to)]) == 0
    return list(csv.reader(StringIO(to.read_bytes().decode("utf-8-sig"))))


def table(lines: Rows, title: str) -> Rows:
    """Return the rows below a table's heads; nothing where there is no such table."""
    begin = next((n for n, row in enumerate(lines) if row and row[0].startswith(title)), None)
    return [] if begin is None else lines[begin + 2 : lines.index([], begin)]


def test_each_figure_of_each_counter_is_the_same_counted_from_visits_and_ratings(
    fleet: Settings, tmp_path: Path, at_noon: None
) -> None:
    counted = reported.count(fleet.layout.directory / "fleet.db", FIRST, LAST)
    codes = {number: code for code, number in rows(Counter.select(Counter.code, Counter.id))}
    units = {number: code for code, number in rows(Unit.select(Unit.code, Unit.id))}
    database.close()
    of_unit: dict[str, dict[str, list[int]]] = {}
    for (counter, unit), figures in counted.items():
        of_unit.setdefault(units[unit], {})[codes[counter]] = figures
    for code, counters in of_unit.items():
        *lines, total = table(report(fleet, code, tmp_path / "report.csv"), "Signed ratings")
        found = {line[0]: [int(line[2]), int(line[3]), *map(shown, line[6:9])] for line in lines}
        assert {name: line for name, line in found.items() if any(line)} == counters
        together = [sum(one) for one in zip(*counters.values(), strict=True)]
        assert [int(total[2]), int(total[3]), *map(shown, total[6:9])] == together
    assert sum(map(len, of_unit.values())) >= 10


def shown(cell: str) -> int:
    """Return a cell; one that may not be told is empty."""
    return int(cell) if cell else 0


def enter(fleet: Settings) -> None:
    """Let other channels and interviews tell something of a counter, and too little of another."""
    counters = rows(
        CounterPlace.select(CounterPlace.counter, CounterPlace.unit).order_by(CounterPlace.counter)
    )
    with writing():
        WeeklyDraw.get_or_create(
            week="2026-W46",
            defaults={
                "day": "2026-11-09", "first_day": "2026-10-12", "last_day": "2026-11-08",
                "wanted": 5, "witness": "", "listed": "", "hash": "", "tickets": 0, "left_out": {},
                "sealed_at": NOW, "due": "2026-11-13", "state": "drawn", "drawn_at": NOW,
            },
        )  # fmt: skip
        for place, (day, way, choice, many) in enumerate(
            (("10", "paper", "satisfied", 4), ("12", "paper", "unsatisfied", 3),
             ("12", "phone", "very_satisfied", 6), ("19", "box", "unsatisfied", 2))
        ):  # fmt: skip
            counter, unit = counters[place // 2]
            for _again in range(many):
                UnsignedRating.create(
                    way=way, choice=choice, at=NOW, taken=f"2026-11-{day}", day="2026-11-09",
                    unit=unit, counter=counter, entered_by="person:officer", stood=True,
                )  # fmt: skip
    (one, unit), (other, its) = counters[:2]
    answered(one, unit, 4, day="2026-11-16", attitude="satisfied", intake="unsatisfied")
    answered(one, unit, 3, day="2026-11-18", attitude="unsatisfied", intake="not_asked")
    answered(other, its, 4, day="2026-11-18", attitude="satisfied")


def test_what_stands_beside_is_the_same_counted_from_steps_sheets_and_entries(
    fleet: Settings, tmp_path: Path, at_noon: None
) -> None:
    enter(fleet)
    counted = reported_beside.count(fleet.layout.directory / "fleet.db", FIRST, LAST, NOW)
    places = rows(Unit.select(Unit.id, Unit.code).join(CounterPlace).distinct())
    database.close()
    told = {"cases": 0, "others": 0, "answers": 0}
    for unit, code in places:
        lines = report(fleet, code, tmp_path / "report.csv")
        cases = table(lines, "Cases of unsatisfied")
        assert ([int(cell) for cell in cases[-1][2:]] if cases else None) == (
            counted.cases.get(unit)
        )
        _same, *ways = table(lines, "Ratings by other channels") or [[]]
        assert {row[1]: [int(row[2]), *map(shown, row[3:6])] for row in ways} == {
            str(WAYS[way]): line  # type: ignore[index]  # a way
            for way, line in counted.others.get(unit, {}).items()
        }
        of_quarter = report(fleet, code, tmp_path / "quarter.csv", QUARTER)
        asked = {row[1]: row[2:4] for row in table(of_quarter, "Interviews beside")}
        answers = {str(CRITERIA[one]): line for one, line in counted.answers.get(unit, {}).items()}
        assert {name: cells for name, cells in asked.items() if any(cells)} == {
            name: [str(sum(line)), f"{100 * sum(line[:2]) / sum(line):.1f}"]
            for name, line in answers.items()
            if sum(line)
        }
        told["cases"] += len(cases)
        told["others"] += len(ways)
        told["answers"] += len(asked)
    assert min(told.values()) > 0
