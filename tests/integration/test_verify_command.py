"""``hailong-fleet verify`` on a database that somebody has been at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server import cli
from fleet_server.store import database, places, rollups
from fleet_server.store.models import Counter, ParkedRecord, Rating, Record
from tests.fakes import databases
from tests.fakes.chains import ChainWriter
from tests.fakes.fleets import new_fleet
from tests.fakes.ingest import ZONE, Ingest, new_signer


@pytest.fixture(scope="module")
def made(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_fleet(tmp_path_factory.mktemp("fleet") / "fleet").path


@pytest.fixture
def config(made: Path, tmp_path: Path) -> Iterator[Path]:
    copy = databases.copied_fleet(made.parent, tmp_path / "fleet")
    database.open_database(copy.database.url)
    yield copy.path
    database.close()


@pytest.fixture
def writer(config: Path) -> ChainWriter:
    server = Ingest(new_signer())
    writer = server.enrol()
    writer.start()
    writer.presses(5)
    server.send("t-1", writer.tokens)
    clone = writer.cloned(4)
    clone.press(choice="unsatisfied")
    clone.press()
    server.send("t-1", clone.tokens)
    return writer


def test_a_sound_database_is_whole(
    config: Path, writer: ChainWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert f"whole  t-1 chain {writer.chain}: 8 records up to position 6, 2 disputed" in said
    assert "none is missing" in said


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("UPDATE rating SET choice = 'very_satisfied' WHERE record_id = 3", "the figures say"),
        ("UPDATE record SET jws = substr(jws, 2) WHERE seq = 3", "their hash is another"),
        ("UPDATE record SET branch = 9 WHERE branch = 1", "knows of no such branch"),
        ("UPDATE chain SET head_seq = 5", "the head is position 5, but 6 is held"),
        ("UPDATE record SET disputed = false WHERE branch = 1", "but not disputed"),
        ("UPDATE terminal_key SET kid = 'x'", "not enrolled"),
    ],
)
def test_what_somebody_changed_is_said(
    config: Path, writer: ChainWriter, capsys: pytest.CaptureFixture[str], what: str, says: str
) -> None:
    database.proxy.execute_sql(what)
    assert cli.main(["verify", "--config", str(config)]) == 1
    said = capsys.readouterr().out
    assert "WRONG" in said
    assert says in said


def park(terminal: str, counter: str, again_at: int = 0) -> None:
    """Take a rating out of the figures, and say that it waits."""
    row = Record.get(Record.seq == 3)
    Rating.delete().where(Rating.record == row.id).execute()
    ParkedRecord.create(record=row, terminal=terminal, counter_code=counter, again_at=again_at)
    with database.writing():
        rollups.recount(ZONE, fix=True)


@pytest.mark.parametrize(
    ("terminal", "counter", "again_at"),
    [("t", "nowhere", 0), ("t-1", "nowhere", 0), ("t-2", "A1", 0), ("t-1", "A1", 2**60)],
)
def test_a_rating_that_was_taken_out_of_the_figures_does_not_pass_as_waiting(
    config: Path,
    writer: ChainWriter,
    capsys: pytest.CaptureFixture[str],
    terminal: str,
    counter: str,
    again_at: int,
) -> None:
    park(terminal, counter, again_at)
    assert cli.main(["verify", "--config", str(config)]) == 1
    assert "is held back, though it should be in the figures" in capsys.readouterr().out


def test_what_waits_is_told_and_that_ingest_takes_it_up(
    config: Path, writer: ChainWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    server = Ingest(new_signer())
    writer.press(counter="A9")
    server.send("t-1", writer.tokens)
    assert cli.main(["verify", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert "2 disputed, 1 wait to be counted" in said
    assert "note" not in said
    places.add_counter("A9", "Quầy 9", Counter.get().unit_id)
    assert cli.main(["verify", "--config", str(config)]) == 0
    assert "1 of them may count by now; ingest takes them up" in capsys.readouterr().out


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("value", ["7", "x'00'", "replace(jws, '.', ':')", "NULL || 'x'"])
def test_another_type_in_the_place_of_a_records_bytes_is_said(
    config: Path, writer: ChainWriter, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    database.proxy.execute_sql(f"UPDATE record SET jws = coalesce({value}, 7.5) WHERE seq = 3")
    assert cli.main(["verify", "--config", str(config)]) == 1
    assert "their hash is another" in capsys.readouterr().out


def test_a_record_deleted_with_its_rating_is_missed(
    config: Path, writer: ChainWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    row = Record.get(Record.seq == 3)
    Rating.delete().where(Rating.record == row.id).execute()
    row.delete_instance()
    assert cli.main(["verify", "--config", str(config)]) == 1
    assert "positions 3 to 3 before it are missing" in capsys.readouterr().out


def test_one_terminal_can_be_asked_for(
    config: Path, writer: ChainWriter, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", "--config", str(config), "--terminal", "t-1"]) == 0
    assert cli.main(["verify", "--config", str(config), "--terminal", "t-9"]) == 2
    assert "no terminal has the id t-9" in capsys.readouterr().err
