"""What kind of trouble the journal has, and how it is put on record."""

import errno
import os
from collections import deque
from pathlib import Path

import pytest

from device.journal import database as databases
from device.journal import disk
from device.journal.care import Care
from device.journal.folding import AT_REST
from device.journal.troubles import Troubles
from device.ports import JournalError
from tests.fakes.journals import StillClock, journal, rating
from wire.records import Boot, Fault


def test_a_full_file_says_so(tmp_path: Path) -> None:
    book = journal(tmp_path)
    pages = book.file._db.execute("PRAGMA page_count").fetchone()[0]
    book.file._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(JournalError) as refused:
        deque((book.append(Boot("1" * 60, "1" * 60)) for _ in range(50)), maxlen=0)
    assert refused.value.trouble == "full"


def test_a_file_that_is_read_only_says_so(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.file._db.execute("PRAGMA query_only = ON")
    with pytest.raises(JournalError) as refused:
        book.append(rating())
    assert refused.value.trouble == "read_only"


def test_a_journal_that_another_process_has_says_so(tmp_path: Path) -> None:
    journal(tmp_path)
    with pytest.raises(JournalError) as refused:
        journal(tmp_path)
    assert refused.value.trouble == "taken"


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"x")
    with pytest.raises(JournalError) as refused:
        databases.open_writer(tmp_path)
    assert refused.value.trouble == "damaged"


def test_a_card_that_was_only_full_or_in_use_is_not_told_to_be_failing() -> None:
    troubles = Troubles()
    for trouble in ("full", "taken", "full"):
        troubles.refused(trouble)
    assert troubles.of_the_card() == 0
    troubles.refused("read_only")
    troubles.refused("other")
    assert (troubles.of_the_card(), troubles.counts.total()) == (2, 5)


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (errno.ENOSPC, "full"),
        (errno.EDQUOT, "full"),
        (errno.EROFS, "read_only"),
        (errno.EACCES, "read_only"),
        (errno.EIO, "other"),
    ],
)
def test_the_file_systems_word_is_understood(code: int, trouble: str) -> None:
    with pytest.raises(JournalError) as refused, databases.files_translated():
        raise OSError(code, os.strerror(code))
    assert refused.value.trouble == trouble
    assert disk.trouble_in(OSError(code, "x")) == trouble


def test_a_sound_disk_is_tried_and_left_as_it_was(tmp_path: Path) -> None:
    assert disk.trouble_of(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    assert disk.trouble_of(tmp_path / "nowhere") is None


def test_the_last_of_the_disk_is_kept_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(tmp_path)
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: disk.LAST_BYTES - 1)
    with pytest.raises(JournalError, match="make room") as refused:
        book.append(rating())
    assert refused.value.trouble == "full"
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: disk.LAST_BYTES)
    assert book.append(rating()).standing


def test_free_pages_of_the_file_are_room_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = journal(tmp_path)
    for number in range(40):
        book.append(rating(f"v{number}"))
    before = book.file.room()
    book.file._db.execute("DELETE FROM record WHERE seq BETWEEN 2 AND 30")
    after = book.file.room()
    assert before is not None
    assert after is not None
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: 0)
    assert (book.file.room() or 0) > 0
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: None)
    assert book.file.room() is None


def test_what_was_refused_is_recorded_once_it_works_again() -> None:
    troubles = Troubles()
    kept: list[object] = []
    troubles.stored(kept.append)
    assert kept == []
    for trouble in ("full", "full", "other"):
        troubles.refused(trouble)  # type: ignore[arg-type]
    troubles.stored(kept.append)
    troubles.stored(kept.append)
    assert kept == [Fault("disk", "full: 2, other: 1")]
    assert troubles.report() == {"refused": {"full": 2, "other": 1}}


def test_what_cannot_be_recorded_yet_is_recorded_later() -> None:
    troubles = Troubles()
    troubles.refused("full")

    def refuse(_: object) -> None:
        raise JournalError("still full", "full")

    troubles.stored(refuse)
    kept: list[object] = []
    troubles.stored(kept.append)
    assert kept == [Fault("disk", "full: 2")]
    assert troubles.counts["full"] == 2


class Turns:
    """A journal, pruner or checker that only counts its turns."""

    def __init__(self) -> None:
        self.turns = 0
        self.error: JournalError | None = None
        self.mended: list[str] = []

    def turn(self, **_: object) -> None:
        self.turns += 1
        if self.error is not None:
            raise self.error

    def fold(self, least: int) -> None:
        assert least == AT_REST
        self.turn()

    def report(self) -> dict[str, object]:
        return {"records": 3}

    def mend(self, why: str) -> None:
        self.mended.append(why)


def test_care_takes_four_turns_a_second_and_checks_only_in_quiet() -> None:
    clock, book, pruner, checker = StillClock(), Turns(), Turns(), Turns()
    quiet = [False]
    care = Care(clock, book, pruner, checker, Troubles(), lambda: quiet[0])  # type: ignore[arg-type]
    for _ in range(100):
        clock.advance(10)
        care.turn()
    assert (pruner.turns, book.turns, checker.turns) == (4, 0, 0)
    quiet[0] = True
    clock.advance(250)
    care.turn()
    assert (pruner.turns, book.turns, checker.turns) == (5, 1, 1)
    assert care.report() == {"records": 3, "refused": {}}


def test_care_that_fails_waits_a_minute() -> None:
    clock, pruner = StillClock(), Turns()
    pruner.error = JournalError("no")
    care = Care(clock, Turns(), pruner, Turns(), Troubles(), lambda: True)  # type: ignore[arg-type]
    for _ in range(59):
        care.turn()
        clock.advance(1000)
    assert pruner.turns == 1
    clock.advance(2000)
    care.turn()
    assert pruner.turns == 2


def test_damage_that_care_meets_is_mended() -> None:
    pruner, checker = Turns(), Turns()
    pruner.error = databases.DamagedError("broken page")
    care = Care(StillClock(), Turns(), pruner, checker, Troubles(), lambda: False)  # type: ignore[arg-type]
    care.turn()
    assert checker.mended == ["broken page"]
