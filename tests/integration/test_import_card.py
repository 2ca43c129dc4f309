"""``hailong-fleet import`` from the card of a terminal that broke."""

import sqlite3
import stat
from pathlib import Path

import pytest

from device.journal.opening import open_journal
from device.journal.writer import Journal
from tests.fakes.journals import StillClock, crashed_copy, everything, rating
from tests.fakes.left_open import closed_later
from tests.integration.test_import import Fleet, said

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def fleet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Fleet:
    made = Fleet(tmp_path)
    capsys.readouterr()
    return made


@pytest.fixture
def journal(fleet: Fleet, tmp_path: Path) -> Journal:
    """The journal of a terminal whose last records are only in SQLite's log."""
    data = tmp_path / "terminal/data"
    book = closed_later(open_journal(data, "t-1", fleet.writer.key, StillClock()).journal)
    for number in range(25):
        book.append(rating(f"v{number}"))
    return book


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_card_gives_all_that_it_holds_and_is_only_read(
    fleet: Fleet, journal: Journal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = crashed_copy(tmp_path / "terminal", tmp_path / "card")
    before = snapshot(card)
    assert fleet.take(card) == 0
    assert "26 taken, 0 known" in said(capsys)
    assert fleet.held() == [entry.token for entry in everything(tmp_path / "terminal/data")]
    assert snapshot(card) == before
    assert fleet.take(card / "data/journal/journal.db") == 0
    assert "0 taken, 26 known" in said(capsys)


def test_a_card_that_cannot_be_written_is_read_all_the_same(
    fleet: Fleet, journal: Journal, tmp_path: Path
) -> None:
    card = crashed_copy(tmp_path / "terminal", tmp_path / "card")
    for path in (card / "data/journal", *(card / "data/journal").iterdir()):
        path.chmod(stat.S_IRUSR | (stat.S_IXUSR if path.is_dir() else 0))
    try:
        assert fleet.take(card) == 0
    finally:
        (card / "data/journal").chmod(stat.S_IRWXU)
    assert len(fleet.held()) == 26


def test_every_journal_of_a_card_is_taken_also_what_was_put_aside(
    fleet: Fleet, journal: Journal, tmp_path: Path
) -> None:
    card = tmp_path / "card"
    crashed_copy(tmp_path / "terminal/data", card / "hailong/data")
    crashed_copy(tmp_path / "terminal/data", card / "hailong/former/t-1-1")
    stick = fleet.file(name="stick.records")
    assert fleet.take(card, stick) == 0
    assert len(fleet.held()) == 26 + len(fleet.writer.tokens)


def test_a_damaged_journal_is_one_sentence_that_says_what_to_do(
    fleet: Fleet, journal: Journal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.close()
    path = tmp_path / "terminal/data/journal/journal.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    assert fleet.take(path) == 1
    message = said(capsys)
    assert "start a terminal with this card" in message
    assert len(message.splitlines()) == 1
    assert fleet.held() == []


def test_another_database_is_no_journal(
    fleet: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = sqlite3.connect(tmp_path / "journal.db")
    other.execute("CREATE TABLE record (jws BLOB)")
    other.close()
    assert fleet.take(tmp_path / "journal.db") == 1
    assert "it is no journal of a terminal" in said(capsys)


def test_the_card_of_another_fleet_is_named_by_its_own_path(
    fleet: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = open_journal(tmp_path / "data", "t-9", fleet.writer.key, StillClock()).journal
    stranger.close()
    assert fleet.take(tmp_path / "data") == 1
    message = said(capsys)
    assert f"{tmp_path}/data/journal/journal.db: terminal t-9 does not belong" in message


def test_a_card_that_was_made_to_harm_is_refused_and_nothing_of_it_runs(
    fleet: Fleet, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT 1 AS chain, i AS seq"
    )
    view = f"CREATE VIEW record AS {endless}, CAST('x' AS BLOB) AS jws FROM n"
    number = "CREATE TABLE record (chain, seq, jws); INSERT INTO record VALUES (1, 1, 10000000000)"
    card = tmp_path / "journal.db"
    for made, why in ((view, "lacks the tables"), (number, "is none")):
        card.unlink(missing_ok=True)
        with sqlite3.connect(card) as database:
            database.executescript(
                f"PRAGMA application_id = 1212959305; {made};"
                "CREATE TABLE chain (number); INSERT INTO chain VALUES (1)"
            )
        database.close()
        assert fleet.take(card) == 1
        assert why in capsys.readouterr().err


def test_a_log_that_claims_more_than_any_disk_is_refused_before_it_is_copied(
    fleet: Fleet, journal: Journal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = crashed_copy(tmp_path / "terminal", tmp_path / "card")
    with (card / "data/journal/journal.db-wal").open("r+b") as log:
        log.truncate(1 << 42)
    assert fleet.take(card) == 1
    assert "at most 4 GiB" in capsys.readouterr().err
