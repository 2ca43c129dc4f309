"""The journal's writer: what a commit holds, and which rating stands."""

import sqlite3
from collections import deque
from pathlib import Path

import pytest

from device.journal.former import Former
from device.journal.opening import FOLDER
from device.ports import JournalError
from tests.fakes.journals import DEV, KEY, StillClock, database, everything, journal, opened, rating
from wire import codec
from wire.envelope import digest, root_hash, verify
from wire.records import Boot, ChainStart, Fault, Rating, Ticket


def bodies(data: Path) -> list[object]:
    return [codec.decode(verify(e.token, KEY)).body for e in everything(data)]


def test_the_first_start_begins_a_chain(tmp_path: Path) -> None:
    found = opened(tmp_path)
    assert found.how == "first"
    assert bodies(tmp_path) == [ChainStart("first")]
    first = codec.decode(verify(everything(tmp_path)[0].token, KEY)).stamp
    assert first.prev == root_hash(first.chain)


def test_a_record_is_stamped_signed_and_linked_to_the_one_before(tmp_path: Path) -> None:
    clock = StillClock()
    book = opened(tmp_path, clock).journal
    clock.advance(5)
    done = book.append(Boot("1.0", "none"))
    start, boot = everything(tmp_path)
    stamp = codec.decode(verify(boot.token, KEY)).stamp
    assert (stamp.dev, stamp.chain, stamp.seq, stamp.prev) == (DEV, start.chain, 2, start.hash)
    assert (stamp.boot, stamp.up, stamp.at, stamp.clock) == (
        clock.boot_id,
        1005,
        1_790_000_000_005,
        "synced",
    )
    assert (done.chain, done.seq, done.hash) == (boot.chain, 2, digest(boot.token))
    assert not done.standing


def test_a_committed_record_is_seen_by_a_second_process_at_once(tmp_path: Path) -> None:
    book = journal(tmp_path)
    done = book.append(rating("v1"))
    with database(tmp_path) as db:
        assert db.execute("SELECT count(*) FROM record WHERE seq = ?", (done.seq,)).fetchone()[0]


def test_the_first_rating_of_a_visit_stands(tmp_path: Path) -> None:
    book = journal(tmp_path)
    done = book.append(rating("v1"))
    assert done.standing
    assert book.standing("v1") == done.seq
    assert book.standing("v2") is None


def test_a_correction_takes_the_place_of_the_standing_rating(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.append(rating("v1"))
    second = book.append(rating("v1", replaces=first.seq, choice="unsatisfied"))
    assert second.standing
    assert book.standing("v1") == second.seq


def test_a_contested_rating_is_kept_and_does_not_stand(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.append(rating("v1"))
    second = book.append(rating("v1", contested=True))
    assert not second.standing
    assert book.standing("v1") == first.seq
    assert len(everything(tmp_path)) == 3


def test_a_second_rating_that_claims_to_stand_is_kept_as_contested(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.append(rating("v1"))
    second = book.append(rating("v1"))
    assert not second.standing
    assert book.standing("v1") == first.seq
    body = bodies(tmp_path)[-1]
    assert isinstance(body, Rating)
    assert body.contested


def test_a_correction_of_another_than_the_standing_rating_is_kept_as_contested(
    tmp_path: Path,
) -> None:
    book = journal(tmp_path)
    first = book.append(rating("v1"))
    second = book.append(rating("v1", replaces=first.seq))
    third = book.append(rating("v1", replaces=first.seq))
    assert not third.standing
    assert book.standing("v1") == second.seq


def test_a_correction_where_nothing_stands_stands_itself(tmp_path: Path) -> None:
    book = journal(tmp_path)
    done = book.append(rating("v1", replaces=1))
    assert done.standing
    body = bodies(tmp_path)[-1]
    assert isinstance(body, Rating)
    assert body.replaces is None


def test_unbound_ratings_stand_beside_each_other(tmp_path: Path) -> None:
    book = journal(tmp_path)
    assert book.append(rating(None)).standing
    assert book.append(rating(None)).standing


def test_the_database_itself_refuses_a_second_standing_rating(tmp_path: Path) -> None:
    journal(tmp_path).append(rating("v1"))
    with database(tmp_path) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO standing VALUES ('v1', 1, 9)")


def test_the_database_itself_refuses_to_change_a_record(tmp_path: Path) -> None:
    journal(tmp_path)
    with database(tmp_path) as db, pytest.raises(sqlite3.IntegrityError, match="never changed"):
        db.execute("UPDATE record SET seq = 9")


def test_the_database_itself_refuses_a_second_record_at_one_position(tmp_path: Path) -> None:
    journal(tmp_path)
    with database(tmp_path) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute("INSERT INTO record (chain, seq, jws) SELECT 1, 1, jws FROM record")


def test_a_body_that_is_no_record_is_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    book = journal(tmp_path)
    with pytest.raises(JournalError, match="ticket"):
        book.append(Ticket("Q1", "v1", "A" * 17, "called", "server"))
    assert book.append(Fault("disk")).seq == 2


def test_a_chain_start_is_not_appended_like_a_rating(tmp_path: Path) -> None:
    with pytest.raises(JournalError):
        journal(tmp_path).append(ChainStart("first"))


def test_a_new_chain_names_the_former_one_and_takes_the_next_records(tmp_path: Path) -> None:
    book = journal(tmp_path)
    old = book.append(Boot("1", "1"))
    began = book.begin_chain("fork", Former(old.chain, old.seq, old.hash, "r.r.r", 9, "A" * 43))
    after = book.append(Boot("1", "1"))
    assert after.chain == began.chain != old.chain
    assert after.seq == 2
    assert bodies(tmp_path)[2] == ChainStart("fork", old.chain, 2, old.hash, "r.r.r", 9, "A" * 43)


def test_a_receipt_too_long_for_the_record_is_left_out(tmp_path: Path) -> None:
    book = journal(tmp_path)
    head = book.head()
    began = book.begin_chain("fork", Former(head.chain, head.seq, head.hash, "r" * 1401))
    assert began.seq == 1
    start = bodies(tmp_path)[1]
    assert isinstance(start, ChainStart)
    assert start.receipt is None


def test_a_former_chain_that_cannot_be_named_keeps_no_chain_from_beginning(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.begin_chain("damage", Former("no chain", 1, "no hash", "r"))
    assert bodies(tmp_path)[1] == ChainStart("damage")


def test_a_rating_is_never_corrected_across_chains(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.append(Boot("1", "1"))
    first = book.append(rating("v1"))
    book.begin_chain("fork")
    book.append(Boot("1", "1"))
    book.append(Boot("1", "1"))
    again = book.append(rating("v1", replaces=first.seq))
    assert not again.standing


def test_the_newest_time_is_that_of_the_last_record(tmp_path: Path) -> None:
    clock = StillClock()
    book = opened(tmp_path, clock).journal
    clock.advance(60_000)
    book.append(Boot("1", "1"))
    assert book.newest_at() == 1_790_000_060_000


def test_a_second_writer_is_kept_out(tmp_path: Path) -> None:
    first = journal(tmp_path)
    with pytest.raises(JournalError, match="another process"):
        journal(tmp_path)
    first.close()
    journal(tmp_path).close()


def test_a_full_disk_is_an_error_and_the_chain_goes_on_afterwards(tmp_path: Path) -> None:
    book = journal(tmp_path)
    db = book.file._db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError, match="make room"):
        deque((book.append(Boot("1" * 60, "1" * 60)) for _ in range(50)), maxlen=0)
    held = len(everything(tmp_path))
    db.execute("PRAGMA max_page_count = 100000")
    assert book.append(Boot("1", "1")).seq == held + 1


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError):
        journal(tmp_path / "file" / "data")


def test_a_read_only_file_is_an_error(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.file._db.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalError, match="read-only"):
        book.append(Boot("1", "1"))


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.close()
    with pytest.raises(JournalError):
        book.append(Boot("1", "1"))
    assert (tmp_path / FOLDER / "journal.db").exists()
