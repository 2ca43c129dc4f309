"""The write-ahead log goes into the file only after a look at what it holds."""

from pathlib import Path

import pytest

from device.journal.database import DamagedError
from device.journal.folding import EVERY, fold
from device.journal.opening import FOLDER
from device.journal.writer import Journal
from device.ports import JournalError
from tests.fakes.journals import DEV, everything, journal, opened, rating
from wire import codec
from wire.envelope import payload_of
from wire.records import Fault

DB, LOG = f"{FOLDER}/journal.db", f"{FOLDER}/journal.db-wal"
RECORDS = 30
"""More than a page holds: the page of the first ones is not written again by the next."""


def filled(data: Path) -> Journal:
    book = journal(data)
    for number in range(RECORDS):
        book.append(rating(f"v{number}"))
    return book


def log_of(data: Path) -> bytes:
    return (data / LOG).read_bytes()


def damage_in_log(data: Path, token: bytes) -> None:
    """Overwrite the copy of a record that counts, the last; older ones are left in the log."""
    log = log_of(data)
    assert log.count(token) > 1
    with (data / LOG).open("r+b") as file:
        file.seek(log.rindex(token) + len(token) // 2)
        file.write(b"~" * 20)


def test_a_record_that_was_overwritten_in_the_log_is_saved_from_an_older_copy(
    tmp_path: Path,
) -> None:
    book = filled(tmp_path)
    third = everything(tmp_path)[2]
    damage_in_log(tmp_path, third.token)
    for number in range(4 * EVERY):
        book.append(rating(f"w{number}"))
    held = everything(tmp_path)
    assert third.hash in {entry.hash for entry in held}
    bodies = [codec.decode(payload_of(entry.token)).body for entry in held]
    assert [body.what for body in bodies if isinstance(body, Fault)] == ["journal"]
    assert len({entry.hash for entry in held}) == 1 + RECORDS + 4 * EVERY + 2


def test_it_is_saved_as_well_when_the_terminal_ends_before_that(tmp_path: Path) -> None:
    book = filled(tmp_path)
    third = everything(tmp_path)[2]
    damage_in_log(tmp_path, third.token)
    book.close()
    assert opened(tmp_path).how == "ready"
    assert third.hash in {entry.hash for entry in everything(tmp_path)}


def test_a_log_that_is_whole_goes_into_the_file(tmp_path: Path) -> None:
    book = filled(tmp_path)
    newest = everything(tmp_path)[-1]
    assert newest.token not in (tmp_path / DB).read_bytes()
    with book.file.looking() as db:
        fold(db, DEV)
    assert newest.token in (tmp_path / DB).read_bytes()


def test_the_log_does_not_grow_without_end(tmp_path: Path) -> None:
    book = filled(tmp_path)
    for number in range(6 * EVERY):
        book.append(rating(f"w{number}"))
    assert len(log_of(tmp_path)) < 1 << 20


def test_a_file_that_cannot_grow_keeps_no_press_from_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise JournalError("the disk is full", "full")

    book = filled(tmp_path)
    monkeypatch.setattr("device.journal.file.fold", refuse)
    for number in range(2 * EVERY):
        assert book.append(rating(f"w{number}")).standing
    book.close()
    assert len(everything(tmp_path)) == 1 + RECORDS + 2 * EVERY


def test_a_log_that_is_damaged_stays_out_of_the_file(tmp_path: Path) -> None:
    book = filled(tmp_path)
    before = (tmp_path / DB).read_bytes()
    damage_in_log(tmp_path, everything(tmp_path)[2].token)
    with pytest.raises(DamagedError), book.file.looking() as db:
        fold(db, DEV)
    assert (tmp_path / DB).read_bytes() == before


def test_what_is_behind_a_cut_in_the_log_is_saved_when_the_terminal_ends(tmp_path: Path) -> None:
    book = filled(tmp_path)
    before = everything(tmp_path)
    overlapping = next(e for e in before[-12:] if log_of(tmp_path).count(e.token) > 1)
    damage_in_log(tmp_path, overlapping.token)
    index = tmp_path / f"{LOG.removesuffix('wal')}shm"
    with index.open("r+b") as file:
        file.write(b"~" * 96)
    book.close()
    opened(tmp_path)
    saved = {entry.hash for entry in everything(tmp_path)}
    assert [entry.seq for entry in before if entry.hash not in saved] == []
