"""A journal of version 1 is brought up to date; one of a newer version is gone on with."""

from pathlib import Path

import pytest

from device.journal.opening import newest_at
from device.journal.reader import JournalReader
from tests.fakes.journals import database, everything, journal, opened, rating


def of_version_1(data: Path) -> Path:
    book = journal(data)
    for number in range(30):
        book.append(rating(f"v{number}"))
    book.close()
    with database(data) as db:
        db.execute("DROP TABLE anchor")
        db.execute("DROP INDEX standing_place")
        db.execute("PRAGMA user_version = 1")
    return data


def test_it_can_be_read_before_the_terminal_has_brought_it_up_to_date(tmp_path: Path) -> None:
    reader = JournalReader(of_version_1(tmp_path))
    [span] = reader.chains()
    assert (span.oldest_seq, span.newest_seq, span.anchor) == (1, 31, None)
    assert reader.anchors() == []
    assert reader.hash_at(span.chain, 31) == span.newest_hash
    assert newest_at(tmp_path) is not None


def test_it_is_brought_up_to_date_with_nothing_lost(tmp_path: Path) -> None:
    before = everything(of_version_1(tmp_path))
    found = opened(tmp_path)
    assert found.how == "ready"
    assert everything(tmp_path) == before
    assert found.journal.standing("v7") == 9
    found.journal.append(rating("w"))
    with database(tmp_path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (2,)
    found.journal.close()
    assert opened(tmp_path).how == "ready"


def test_a_damaged_one_is_saved_into_a_new_file(tmp_path: Path) -> None:
    before = everything(of_version_1(tmp_path))
    path = tmp_path / "journal" / "journal.db"
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])
    assert opened(tmp_path).how == "damage"
    assert everything(tmp_path)[:31] == before


def made_by_a_newer_program(data: Path, user_version: int) -> Path:
    """Return a journal into which a later version has put what it needs."""
    book = journal(data)
    for number in range(30):
        book.append(rating(f"v{number}"))
    book.close()
    with database(data) as db:
        db.execute("CREATE TABLE summary (day TEXT PRIMARY KEY, ratings INTEGER NOT NULL) STRICT")
        for table in ("record", "chain", "standing", "anchor"):
            db.execute(f"ALTER TABLE {table} ADD COLUMN later TEXT DEFAULT 'x'")
        db.execute("CREATE INDEX record_later ON record (later)")
        db.execute(f"PRAGMA user_version = {user_version}")
    return data


@pytest.mark.parametrize("user_version", [2003, 1007, 2999])
def test_a_program_that_was_put_back_goes_on_in_the_newer_file(
    tmp_path: Path, user_version: int
) -> None:
    before = everything(made_by_a_newer_program(tmp_path, user_version))
    found = opened(tmp_path)
    assert found.how == "ready"
    assert found.journal.standing("v7") == 9
    found.journal.append(rating("w"))
    found.journal.close()
    assert everything(tmp_path)[: len(before)] == before
    assert len(everything(tmp_path)) == len(before) + 1
    [span] = JournalReader(tmp_path).chains()
    assert (span.oldest_seq, span.newest_seq) == (1, 32)
    with database(tmp_path) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (user_version,)
        assert db.execute("SELECT DISTINCT later FROM record").fetchall() == [("x",)]
    assert opened(tmp_path).how == "ready"


@pytest.mark.parametrize("user_version", [3003, 3, 4, 0])
def test_a_file_that_this_program_cannot_keep_up_is_saved_into_a_new_one(
    tmp_path: Path, user_version: int
) -> None:
    before = everything(made_by_a_newer_program(tmp_path, user_version))
    assert opened(tmp_path).how == "damage"
    assert everything(tmp_path)[: len(before)] == before
