"""The daily check, on a real file that somebody changed."""

from pathlib import Path

import pytest

from device.core import checking
from device.core.pruning import DAY_MS
from device.journal.checker import Checker
from device.journal.database import DamagedError
from device.journal.reader import JournalReader
from tests.fakes.journals import DEV, StillClock, database, everything, opened, rating
from wire import codec
from wire.down import Receipt, seal_down
from wire.envelope import payload_of
from wire.keys import generate
from wire.records import ChainStart, Fault


class Checked:
    """A journal of 300 records, of which every day the newest 20 and a tenth are checked."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = StillClock()
        self.journal = opened(data, self.clock).journal
        for number in range(299):
            self.journal.append(rating(f"v{number}"))
        self.chains = 0
        self.checker = self.start()

    def start(self) -> Checker:
        reader = JournalReader(self.data)
        return Checker(self.clock, self.journal, reader, DEV, lambda: None, self.new_chain)

    def new_chain(self) -> None:
        self.chains += 1

    def days(self, count: int) -> None:
        for _ in range(count):
            self.clock.advance(DAY_MS)
            for _ in range(30):
                self.turn()

    def turn(self) -> None:
        try:
            self.checker.turn()
        except DamagedError as damage:
            self.checker.mend(str(damage))

    def spoil(self, seq: int) -> None:
        with database(self.data) as db:
            db.execute("DROP TRIGGER IF EXISTS record_is_never_changed")
            db.execute("UPDATE record SET jws = CAST(jws || 'A' AS BLOB) WHERE seq = ?", (seq,))

    def bodies(self) -> list[object]:
        return [codec.decode(payload_of(e.token)).body for e in everything(self.data)]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checked:
    monkeypatch.setattr(checking, "TAIL", 20)
    return Checked(tmp_path)


def test_a_whole_journal_is_reported_as_such_once_a_day(checked: Checked) -> None:
    assert checked.checker.report()["checked_at"] is None
    checked.days(1)
    first = checked.checker.report()
    assert (first["records"], first["trouble"]) == (50, None)
    checked.days(1)
    assert checked.checker.report()["checked_at"] == first["checked_at"] + DAY_MS
    assert checked.chains == 0


def test_nothing_is_checked_in_the_first_minute(checked: Checked) -> None:
    for _ in range(100):
        checked.checker.turn()
    assert checked.checker.report()["checked_at"] is None


def test_a_record_spoilt_near_the_end_is_found_within_a_day(checked: Checked) -> None:
    checked.spoil(295)
    checked.days(1)
    assert checked.chains == 1
    assert "record 295" in checked.checker.report()["trouble"]
    start, fault = checked.bodies()[-2:]
    assert isinstance(start, ChainStart)
    assert start.reason == "damage"
    assert isinstance(fault, Fault)
    assert (checked.data / "journal.damaged-1" / "journal.db").exists()


def test_a_record_spoilt_anywhere_is_found_within_ten_days_and_once(checked: Checked) -> None:
    checked.spoil(77)
    checked.days(10)
    assert checked.chains == 1
    saved = {entry.seq for entry in everything(checked.data) if entry.chain != "new"}
    assert set(range(78, 301)) <= saved
    checked.days(20)
    assert checked.chains == 1, "what is missing in a former chain is not damage again"
    assert checked.checker.report()["trouble"] is None


def test_a_record_missing_in_the_chain_being_written_is_found(checked: Checked) -> None:
    with database(checked.data) as db:
        db.execute("DELETE FROM record WHERE seq = 290")
    checked.days(1)
    assert checked.chains == 1
    assert "record 290" in checked.checker.report()["trouble"]


def test_a_pruned_chain_is_whole(checked: Checked) -> None:
    anchored = everything(checked.data)[99]
    receipt = seal_down(Receipt(DEV, 1, 1, anchored.chain, 100, anchored.hash, "ok"), generate())
    with database(checked.data) as db:
        db.execute("DELETE FROM record WHERE seq <= 100")
        db.execute("INSERT INTO anchor VALUES (1, 100, ?, ?)", (anchored.hash, receipt))
    checked.days(10)
    assert checked.chains == 0
