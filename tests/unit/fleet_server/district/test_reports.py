"""Each figure of a report of the small district is what a count of its own comes to."""

import csv
from io import StringIO
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Unit
from tests.fakes import reported
from tests.fakes.district import NOW

pytestmark = [pytest.mark.timeout(600), pytest.mark.engines("sqlite")]

FIRST, LAST = "2026-11-01", "2026-11-25"
"""Days that are over; those of today go by what the running day gives out."""


def table(fleet: Settings, unit: str, to: Path) -> list[list[str]]:
    directory = str(fleet.layout.directory / "fleet.toml")
    words = ["--branch", unit, "--period", f"{FIRST}..{LAST}", "--config", directory]
    assert main(["report", "make", *words, "--to", str(to)]) == 0
    lines = list(csv.reader(StringIO(to.read_bytes().decode("utf-8-sig"))))
    return lines[2 : lines.index([])]


def test_each_figure_of_each_counter_is_the_same_counted_from_visits_and_ratings(
    fleet: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet_server.clock.now_ms", lambda: NOW)
    counted = reported.count(fleet.layout.directory / "fleet.db", FIRST, LAST)
    codes = {number: code for code, number in rows(Counter.select(Counter.code, Counter.id))}
    units = {number: code for code, number in rows(Unit.select(Unit.code, Unit.id))}
    database.close()
    of_unit: dict[str, dict[str, list[int]]] = {}
    for (counter, unit), figures in counted.items():
        of_unit.setdefault(units[unit], {})[codes[counter]] = figures
    for code, counters in of_unit.items():
        *lines, total = table(fleet, code, tmp_path / "report.csv")
        found = {line[0]: [int(line[2]), int(line[3]), *map(shown, line[6:9])] for line in lines}
        assert {name: line for name, line in found.items() if any(line)} == counters
        together = [sum(one) for one in zip(*counters.values(), strict=True)]
        assert [int(total[2]), int(total[3]), *map(shown, total[6:9])] == together
    assert sum(map(len, of_unit.values())) >= 10


def shown(cell: str) -> int:
    """Return a cell; one that may not be told is empty."""
    return int(cell) if cell else 0
