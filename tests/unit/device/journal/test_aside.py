"""Damaged files that were put aside: when one may go."""

from pathlib import Path

import pytest

from device.inbox.inboxes import Inboxes
from device.journal.aside import Aside, kept
from device.journal.former import Former
from device.journal.writer import Journal
from tests.fakes.journals import DEV, StillClock, everything, opened, rating
from wire import keys


class Damaged:
    """A journal that was damaged, with the old file beside it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        book = opened(data).journal
        for number in range(60):
            book.append(rating(f"v{number}"))
        book.close()
        path = data / "journal" / "journal.db"
        path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
        self.journal: Journal = opened(data).journal
        self.inboxes = Inboxes(data, DEV)
        self.aside = Aside(data, DEV, self.journal.file, self.inboxes)

    def look(self) -> None:
        if self.aside.begin():
            while self.aside.busy:
                self.aside.step()


@pytest.fixture
def damaged(tmp_path: Path) -> Damaged:
    return Damaged(tmp_path)


def test_a_file_of_which_everything_is_held_may_go(damaged: Damaged) -> None:
    assert [path.name for path in kept(damaged.data)] == ["journal.damaged-1"]
    before = everything(damaged.data)
    damaged.look()
    assert kept(damaged.data) == []
    assert everything(damaged.data) == before


def test_a_file_with_a_record_that_nobody_else_has_stays(damaged: Damaged) -> None:
    damaged.journal.file._db.execute("DELETE FROM record WHERE seq = 30")
    damaged.look()
    assert len(kept(damaged.data)) == 1
    assert not damaged.aside.begin(), "it is not looked through again and again"


def test_a_file_with_records_of_another_key_stays(damaged: Damaged, tmp_path: Path) -> None:
    book = opened(tmp_path / "other", StillClock(), keys.generate()).journal
    book.append(rating())
    book.close()
    log = damaged.data / "journal.damaged-1" / "journal.db-wal"
    log.write_bytes((tmp_path / "other" / "journal" / "journal.db").read_bytes())
    damaged.look()
    assert len(kept(damaged.data)) == 1


def test_what_the_server_receipted_need_not_be_held(
    damaged: Damaged, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = next(entry for entry in everything(damaged.data) if entry.seq == 61)
    damaged.journal.file._db.execute("DELETE FROM record WHERE seq = 61")
    held = [Former(last.chain, last.seq, last.hash)]
    inbox = damaged.inboxes.now()
    monkeypatch.setattr(inbox, "held", lambda: held)
    monkeypatch.setattr(damaged.inboxes, "now", lambda: inbox)
    damaged.look()
    assert kept(damaged.data) == []


def test_folders_are_taken_oldest_first(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        (tmp_path / f"journal.damaged-{number}").mkdir()
    (tmp_path / "journal.damaged-x").mkdir()
    assert [path.name for path in kept(tmp_path)] == [
        "journal.damaged-1",
        "journal.damaged-9",
        "journal.damaged-10",
    ]
