"""``hailong-fleet draw``: what is published, and repeating it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import audit_log, database
from fleet_server.store.database import writing
from tests.fakes.desk import MINUTE, NINE, Desk
from tests.fakes.draws import WITNESS, close_all, drawn, reachable, sealed
from tests.fakes.fleets import new_fleet

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def fleet(engine: str, tmp_path: Path) -> Iterator[Settings]:
    found = new_fleet(tmp_path / "fleet")
    database.open_database(found.database.url)
    desk = Desk()
    for number in range(12):
        desk.ticket(f"v-{number}", "closed", number * MINUTE)
    with writing():
        reachable([f"v-{number}" for number in range(11)], NINE)
        drawn("2026-W46", NINE)
        sealed("2026-W47", NINE, WITNESS)
    database.close()
    yield found
    database.close()


def run(fleet: Settings, *words: str) -> int:
    return main(["draw", *words, "--config", str(fleet.path)])


def test_draws_are_listed(fleet: Settings, capsys: Capture) -> None:
    capsys.readouterr()
    assert run(fleet, "list") == 0
    assert capsys.readouterr().out.splitlines() == [
        "2026-W47\t2026-11-22\tpulsed\t6",
        "2026-W46\t2026-11-22\tdrawn\t11",
    ]


@pytest.fixture
def asked(fleet: Settings) -> Settings:
    """The fleet once all interviews of its draw are closed."""
    database.open_database(fleet.database.url)
    with writing():
        close_all("2026-W46", NINE)
    database.close()
    return fleet


@pytest.mark.parametrize("action", ["show", "names"])
def test_the_list_waits_until_nobody_is_to_be_asked_any_more(
    fleet: Settings, capsys: Capture, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet_server.clock.now_ms", lambda: NINE)
    capsys.readouterr()
    assert run(fleet, action, "2026-W46") == 1
    told = capsys.readouterr()
    assert "open when all interviews of the draw are closed" in told.err
    assert "still to be asked: 5" in told.err
    assert told.out == ""


def test_a_published_draw_is_repeated_from_its_file_and_a_changed_one_found(
    asked: Settings, tmp_path: Path, capsys: Capture
) -> None:
    capsys.readouterr()
    assert run(asked, "show", "2026-W46") == 0
    text = capsys.readouterr().out
    file = tmp_path / "draw.json"
    file.write_text(text, "utf-8")
    assert main(["draw", "repeat", str(file)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 6
    file.write_text(text.replace('"wanted": 5', '"wanted": 6'), "utf-8")
    assert main(["draw", "repeat", str(file)]) == 1
    assert "others were drawn than follow from the seed" in capsys.readouterr().err
    file.write_text("{}")
    assert main(["draw", "repeat", str(file)]) == 1
    assert "no draw of the form hailong-draw-1" in capsys.readouterr().err


def test_what_is_not_drawn_is_not_published(fleet: Settings, capsys: Capture) -> None:
    assert run(fleet, "show", "2026-W47") == 1
    assert "it is published once it is drawn" in capsys.readouterr().err
    assert run(fleet, "show", "2026-W01") == 1
    assert "hailong-fleet draw list" in capsys.readouterr().err


def test_who_checks_the_list_reads_its_names_and_that_is_noted(
    asked: Settings, capsys: Capture
) -> None:
    capsys.readouterr()
    assert run(asked, "names", "2026-W46") == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert sorted(visit for _, visit, _ in lines) == sorted(f"v-{n}" for n in range(11))
    assert {how for *_, how in lines} == {"listed"}
    database.open_database(asked.database.url)
    assert audit_log.newest(1)[0].action == "draw.names"
