"""Opening the journal after everything that can happen to its file."""

from pathlib import Path

import pytest

from device.journal import opening
from device.journal.former import Former
from device.journal.opening import FOLDER, newest_at, open_journal
from device.ports import JournalError
from tests.fakes.journals import (
    DEV,
    KEY,
    StillClock,
    crashed_copy,
    database,
    everything,
    journal,
    opened,
    rating,
)
from tests.fakes.left_open import closed_later
from wire import codec, keys
from wire.envelope import payload_of, verify
from wire.records import Boot, ChainStart, Fault

DB = f"{FOLDER}/journal.db"


def filled(data: Path, records: int = 20) -> Path:
    book = journal(data)
    for number in range(records - 1):
        book.append(rating(f"v{number}"))
    book.close()
    return data


def last_bodies(data: Path) -> list[object]:
    chain = everything(data)[-1].chain
    return [codec.decode(payload_of(e.token)).body for e in everything(data) if e.chain == chain]


def test_a_whole_journal_goes_on_where_it_was(tmp_path: Path) -> None:
    before = everything(filled(tmp_path))
    found = opened(tmp_path)
    assert (found.how, found.aside, found.rescued) == ("ready", None, 0)
    done = found.journal.append(Boot("1", "1"))
    assert (done.chain, done.seq) == (before[-1].chain, 21)
    assert everything(tmp_path)[:-1] == before


def test_a_rating_stands_over_a_restart(tmp_path: Path) -> None:
    filled(tmp_path)
    assert journal(tmp_path).standing("v3") == 5


def test_a_killed_writer_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    book = journal(tmp_path / "live")
    done = [book.append(rating(f"v{n}")).hash for n in range(5)]
    copy = crashed_copy(tmp_path / "live", tmp_path / "copy")
    assert opened(copy).how == "ready"
    assert [e.hash for e in everything(copy)][1:] == done


def test_an_overwritten_file_is_kept_and_its_records_are_saved(tmp_path: Path) -> None:
    before = everything(filled(tmp_path))
    path = tmp_path / DB
    damaged = b"\0" * 4096 + path.read_bytes()[4096:]
    path.write_bytes(damaged)
    found = opened(tmp_path)
    assert found.how == "damage"
    assert found.aside is not None
    assert (found.aside / "journal.db").read_bytes() == damaged
    assert everything(tmp_path)[:20] == before
    start, fault = last_bodies(tmp_path)
    assert start == ChainStart("damage", before[-1].chain, 20, before[-1].hash)
    assert isinstance(fault, Fault)
    assert fault.what == "journal"
    assert "20 records saved" in str(fault.details)


def test_what_stands_is_known_after_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / DB).write_bytes(b"\0" * 4096 + (tmp_path / DB).read_bytes()[4096:])
    book = journal(tmp_path)
    assert book.standing("v3") == 5
    assert not book.append(rating("v3")).standing


def test_an_empty_file_does_not_lose_the_log_beside_it(tmp_path: Path) -> None:
    book = journal(tmp_path / "live")
    done = [book.append(rating(f"v{n}")).hash for n in range(5)]
    copy = crashed_copy(tmp_path / "live", tmp_path / "copy")
    (copy / DB).write_bytes(b"")
    assert opened(copy).how == "damage"
    assert [e.hash for e in everything(copy)][1:6] == done


def test_commits_in_a_log_whose_beginning_is_overwritten_are_taken_up_again(tmp_path: Path) -> None:
    book = journal(tmp_path / "live")
    done = [book.append(rating(f"v{n}")).hash for n in range(5)]
    copy = crashed_copy(tmp_path / "live", tmp_path / "copy")
    log = copy / FOLDER / "journal.db-wal"
    log.write_bytes(b"\0" * 32 + log.read_bytes()[32:])
    found = opened(copy)
    assert (found.how, found.rescued) == ("ready", 5)
    assert [e.hash for e in everything(copy)][1:] == done
    assert found.journal.standing("v4") == 6


def test_a_record_changed_in_the_file_is_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    with database(tmp_path) as db:
        db.execute("DROP TRIGGER record_is_never_changed")
        db.execute("UPDATE record SET jws = (SELECT jws FROM record WHERE seq = 2) WHERE seq = 15")
    found = opened(tmp_path)
    assert found.how == "damage"
    saved = [e.seq for e in everything(tmp_path)]
    assert saved[:14] == list(range(1, 15))


def test_damage_where_the_server_holds_the_record_is_left_to_verify(tmp_path: Path) -> None:
    before = everything(filled(tmp_path, 200))
    with database(tmp_path) as db:
        db.execute("DROP TRIGGER record_is_never_changed")
        db.execute("UPDATE record SET jws = CAST(jws || 'A' AS BLOB) WHERE seq = 15")
    receipted = Former(before[0].chain, 100, before[99].hash)
    found = opened(tmp_path, known=[receipted])
    assert found.how == "ready"
    found.journal.close()
    assert opened(tmp_path).how == "damage"


def test_a_record_missing_near_the_end_is_damage(tmp_path: Path) -> None:
    filled(tmp_path)
    with database(tmp_path) as db:
        db.execute("DELETE FROM record WHERE seq = 15")
    assert opened(tmp_path).how == "damage"


def test_a_journal_of_another_version_is_kept_aside(tmp_path: Path) -> None:
    filled(tmp_path)
    with database(tmp_path) as db:
        db.execute("PRAGMA user_version = 9")
    found = opened(tmp_path)
    assert found.how == "damage"
    assert len(everything(tmp_path)) == 22


def test_a_missing_journal_that_the_server_knows_is_not_a_first_start(tmp_path: Path) -> None:
    known = Former("c" * 32, 7, "A" * 43, "r.r.r")
    found = opened(tmp_path, known=[known])
    assert found.how == "damage"
    assert last_bodies(tmp_path)[0] == ChainStart("damage", "c" * 32, 7, "A" * 43, "r.r.r")


def test_the_server_knowing_more_than_was_saved_is_named(tmp_path: Path) -> None:
    chain = everything(filled(tmp_path))[0].chain
    (tmp_path / DB).write_bytes(b"x" * 10)
    opened(tmp_path, known=[Former(chain, 20, "A" * 43, "r.r.r")])
    start = last_bodies(tmp_path)[0]
    assert isinstance(start, ChainStart)
    assert (start.former, start.former_seq, start.receipt) == (chain, 20, "r.r.r")


def test_a_power_cut_between_the_two_renames_is_finished_at_the_next_start(tmp_path: Path) -> None:
    before = everything(filled(tmp_path))
    (tmp_path / FOLDER).rename(tmp_path / "journal.new")
    assert opened(tmp_path).how == "ready"
    assert everything(tmp_path) == before


def test_an_unfinished_new_file_is_thrown_away(tmp_path: Path) -> None:
    before = everything(filled(tmp_path))
    (tmp_path / "journal.new").mkdir()
    (tmp_path / "journal.new" / "journal.db").write_bytes(b"half")
    assert opened(tmp_path).how == "ready"
    assert everything(tmp_path) == before


def test_a_new_key_begins_a_new_chain(tmp_path: Path) -> None:
    before = everything(filled(tmp_path))
    key = keys.generate()
    found = opened(tmp_path, key=key)
    assert found.how == "new_key"
    newest = everything(tmp_path)[-1]
    body = codec.decode(verify(newest.token, key)).body
    assert body == ChainStart("new_key", before[-1].chain, 20, before[-1].hash)
    found.journal.close()
    assert opened(tmp_path, key=key).how == "ready"


def test_damage_while_running_begins_a_new_chain_and_takes_the_rating(tmp_path: Path) -> None:
    clock = StillClock()
    book = opened(tmp_path, clock).journal
    for number in range(40):
        book.append(rating(f"v{number}"))
    before = everything(tmp_path)
    book.file._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    book.file._db.execute("PRAGMA cache_size = 0")
    path = tmp_path / DB
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))
    book.file._db.execute("PRAGMA shrink_memory")
    done = book.append(rating("w"))
    assert done.standing
    assert done.chain != before[0].chain
    assert (tmp_path / "journal.damaged-1" / "journal.db").exists()
    assert everything(tmp_path)[-1].hash == done.hash


def test_the_newest_time_can_be_asked_before_the_journal_is_opened(tmp_path: Path) -> None:
    assert newest_at(tmp_path) is None
    filled(tmp_path)
    assert newest_at(tmp_path) == StillClock().at
    (tmp_path / DB).write_bytes(b"x")
    assert newest_at(tmp_path) is None


def test_a_full_disk_while_beginning_again_leaves_the_old_file_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path)
    (tmp_path / DB).write_bytes(b"x")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening, "_fsync_all", full)
    with pytest.raises(JournalError, match="No space"):
        opened(tmp_path)
    assert (tmp_path / DB).read_bytes() == b"x"
    monkeypatch.undo()
    assert opened(tmp_path).how == "damage"


def test_a_schema_that_is_no_longer_utf_8_is_damage(tmp_path: Path) -> None:
    before = everything(filled(tmp_path))
    content = (tmp_path / DB).read_bytes()
    # SQLite's complaint names the table, in bytes that Python cannot read.
    (tmp_path / DB).write_bytes(content.replace(b"tablechain", b"table\x80hain"))
    assert opened(tmp_path).how == "damage"
    assert everything(tmp_path)[:20] == before


def test_a_watchdog_hears_of_every_record_that_is_saved(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / DB).write_bytes(b"\0" * 100 + (tmp_path / DB).read_bytes()[100:])
    heard = []
    found = open_journal(tmp_path, DEV, KEY, StillClock(), alive=lambda: heard.append(1))
    closed_later(found.journal)
    assert len(heard) >= found.rescued == 20
