"""The journal pruned while uplink and server go on, and a server that then loses everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from device.core import pruning
from device.identity.files import IdentityFiles
from device.inbox.store import Finding
from device.journal import disk, inspection
from device.journal.database import DamagedError
from device.journal.former import Former
from device.ports import JournalError
from fleet_server.store import database
from fleet_server.store.models import Matter, Record
from tests.fakes import databases
from tests.fakes.journals import database as journal_file
from tests.fakes.journals import everything, rating
from tests.fakes.together import Together
from wire import keys
from wire.records import Fault

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture(autouse=True)
def few_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep 20 records instead of 1,000, with a milestone each 10."""
    monkeypatch.setattr(pruning, "NEWEST_KEPT", 20)
    monkeypatch.setattr(pruning, "EVERY_RECORDS", 10)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Together]:
    database.open_database(databases.made(tmp_path))
    try:
        yield Together(tmp_path / "data")
    finally:
        database.close()


def held(both: Together) -> list[int]:
    return [entry.seq for entry in everything(both.data)]


def nearly_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: 2 << 20)


def press_and_send(both: Together, runs: int, of: int = 10) -> None:
    for _ in range(runs):
        both.press(of)
        both.exchange()


def lose_everything(both: Together) -> None:
    both.server.lose_records()
    both.server.published.clear()
    both.uplink()


def test_what_is_400_days_old_and_receipted_goes_and_the_newest_stay(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(399)
    both.prune()
    assert held(both) == list(range(1, 62))
    both.days_pass(2)
    both.prune()
    assert held(both) == list(range(42, 62))
    assert both.hello() == [(42, True)]


def test_a_server_that_lost_everything_takes_up_all_that_is_still_held(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    press_and_send(both, 1)
    lose_everything(both)
    both.exchange()
    taken = [row.seq for row in Record.select().order_by(Record.seq)]
    assert taken == held(both) == list(range(42, 72))
    matter = Matter.get(Matter.kind == "new_chain")
    assert (matter.details["missing_from"], matter.details["missing_to"]) == (1, 41)
    assert both.inboxes.now().findings() == []
    assert both.sender.waiting() == (0, None)


def test_what_has_no_receipt_is_never_pruned_however_old_and_full(
    both: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.press(60)
    both.clock.advance(500 * pruning.DAY_MS)
    nearly_full(monkeypatch)
    both.prune()
    assert held(both) == list(range(2, 62)), "only the chain's start was receipted"


def test_what_a_server_held_once_and_holds_no_more_is_not_pruned(
    both: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    lose_everything(both)
    both.exchange(lost="/records")
    nearly_full(monkeypatch)
    both.prune()
    assert held(both) == list(range(1, 62))
    both.uplink()
    both.exchange()
    both.prune()
    assert held(both) == list(range(42, 62))


def test_a_chain_that_has_parted_from_the_server_is_not_pruned(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    head = both.journal.head()
    both.store.add_finding(Finding(head.chain, "fork", 9, "h" * 43))
    both.prune()
    assert held(both)[0] == 1


def test_on_a_disk_that_is_nearly_full_the_oldest_receipted_go_and_no_more_than_needed(
    both: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_and_send(both, 6)
    nearly_full(monkeypatch)
    both.prune(lambda: both.journal.file.room() is not None and held(both)[0] > 1)
    assert held(both)[0] == 2
    both.prune()
    assert held(both) == list(range(42, 62))


def test_on_a_full_disk_ratings_go_on_again_in_the_room_that_pruning_made(
    both: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    press_and_send(both, 12)
    monkeypatch.setattr(disk, "LAST_BYTES", 32 << 10)
    monkeypatch.setattr(disk, "free_bytes", lambda _folder: 0)
    with pytest.raises(JournalError) as refused:
        both.journal.append(rating())
    assert refused.value.trouble == "full"
    both.prune()
    assert both.journal.append(rating()).standing


def test_a_clock_that_runs_ahead_prunes_nothing(both: Together) -> None:
    press_and_send(both, 6)
    both.clock.advance(4000 * pruning.DAY_MS)
    both.prune()
    assert held(both)[0] == 1


def test_an_unset_clock_prunes_nothing_too_much(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.clock.at = 0
    both.clock.now_is = "unset"
    both.prune()
    assert held(both)[0] == 1


def test_a_power_cut_while_records_are_deleted_leaves_a_chain_with_its_anchor(
    both: Together,
) -> None:
    press_and_send(both, 10)
    both.days_pass(401)
    both.prune(lambda: len(everything(both.data)) < 101)
    assert 42 < len(everything(both.data)) < 101
    both.journal.close()
    both.start()
    both.uplink()
    assert both.hello() == [(82, True)]
    both.prune()
    assert held(both) == list(range(82, 102))


def test_a_former_chain_that_is_pruned_as_a_whole_leaves_the_hello_and_keeps_its_anchor(
    both: Together,
) -> None:
    press_and_send(both, 3)
    head = both.journal.head()
    both.journal.begin_chain("fork", Former(head.chain, head.seq, head.hash))
    press_and_send(both, 4)
    both.days_pass(2)
    assert len(both.hello()) == 2
    both.days_pass(401)
    both.prune()
    assert {entry.chain for entry in everything(both.data)} == {both.journal.head().chain}
    assert [anchor.seq for anchor in both.reader.anchors() if anchor.chain == head.chain] == [31]
    both.exchange()
    assert len(both.hello()) == 1
    both.journal.close()
    both.start()
    press_and_send(both, 1)
    assert both.sender.waiting() == (0, None)


def test_an_anchor_outlives_damage_of_the_file(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    pruned = both.journal.head().chain
    both.journal.close()
    path = both.data / "journal" / "journal.db"
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    both.start()
    assert [anchor.seq for anchor in both.reader.anchors()] == [41]
    assert [e.seq for e in everything(both.data) if e.chain == pruned] == list(range(42, 62))
    lose_everything(both)
    both.exchange()
    assert Record.select().count() == len(everything(both.data))


def test_a_visit_that_was_rated_stays_rated_after_its_record_is_pruned(
    both: Together, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.journal.append(rating("v1"))
    press_and_send(both, 6)
    nearly_full(monkeypatch)
    both.prune()
    assert held(both)[0] > 2
    assert both.journal.standing("v1") == 2
    assert not both.journal.append(rating("v1")).standing


def test_what_stood_400_days_ago_is_forgotten(both: Together) -> None:
    both.journal.append(rating("v1"))
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    assert both.journal.standing("v1") is None


def test_a_receipt_that_the_fleet_did_not_sign_prunes_nothing(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.store._db.execute("UPDATE milestone SET token = CAST('a.b.c' AS BLOB)")
    both.prune()
    assert held(both)[0] == 1


def test_milestones_of_what_is_pruned_are_forgotten(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    both.exchange()
    assert [each.seq for each in both.inboxes.now().milestones()] == [41, 51, 61]


def test_pages_that_pruning_leaves_are_used_again(both: Together) -> None:
    press_and_send(both, 30)
    both.days_pass(401)
    with journal_file(both.data) as db:
        before = db.execute("PRAGMA page_count").fetchone()[0]
    both.prune()
    press_and_send(both, 20)
    with journal_file(both.data) as db:
        assert db.execute("PRAGMA page_count").fetchone()[0] <= before


def test_a_damaged_journal_and_a_full_disk_are_matters_of_the_fleet_page(both: Together) -> None:
    press_and_send(both, 2)
    both.journal.close()
    path = both.data / "journal" / "journal.db"
    path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    both.start()
    both.journal.append(Fault("disk", "full: 3"))
    both.exchange()
    found = {(row.kind, row.details.get("what"), row.details.get("reason")) for row in Matter}
    assert {("new_chain", None, "damage"), ("fault", "journal", None)} <= found
    assert ("fault", "disk", None) in found


def test_a_pruned_journal_proves_itself_from_its_anchor_on(both: Together) -> None:
    files = IdentityFiles(both.data)
    files.key.write_bytes(keys.dump_private(both.key))
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    said: list[str] = []
    assert inspection.verify(both.data, "t-1", said.append) == 0
    assert "pruned up to 41" in said[0]
    assert said[-1] == "every record proves itself"


def test_an_anchor_that_is_no_receipt_any_more_is_damage_and_ends_neither_process(
    both: Together,
) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    pruned = both.journal.head().chain
    with journal_file(both.data) as db:
        db.execute("UPDATE anchor SET token = CAST(X'FF' || substr(token, 2) AS BLOB)")
    with pytest.raises(DamagedError, match="receipt"):
        both.prune()
    with pytest.raises(DamagedError):
        both.reader.chains()
    both.journal.close()
    both.start()
    assert both.journal.head().chain != pruned
    assert [e.seq for e in everything(both.data) if e.chain == pruned] == list(range(42, 62))
    lose_everything(both)
    both.exchange()
    assert Record.select().count() == len(everything(both.data)), "a milestone stands in for it"


def test_a_milestone_that_is_damaged_goes_into_no_hello(both: Together) -> None:
    press_and_send(both, 6)
    both.days_pass(401)
    both.prune()
    both.store._db.execute("UPDATE milestone SET token = CAST(X'FF' AS BLOB)")
    with journal_file(both.data) as db:
        db.execute("DELETE FROM anchor")
    assert both.hello() == [(42, False)]
