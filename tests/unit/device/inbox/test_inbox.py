"""``link.db``: what the uplink writes and the terminal reads."""

import sqlite3
from pathlib import Path

import pytest

from device.inbox import files
from device.inbox.files import InboxError
from device.inbox.reader import Inbox, ServerTime
from device.inbox.store import Answer, Finding, LinkStore
from device.journal.former import Former
from tests.fakes import control
from tests.fakes.control import CHAIN, DEV, FLEET_X
from tests.fakes.left_open import closed_later


@pytest.fixture
def store(tmp_path: Path) -> LinkStore:
    made = closed_later(LinkStore(tmp_path))
    made.take("keys", 1, control.key_list(), 0)
    return made


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path, DEV, FLEET_X)


def another_boot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "machine_boot_id", lambda: "another")


def test_before_the_uplink_ever_ran_there_is_nothing(inbox: Inbox) -> None:
    assert inbox.ticket(0) is None
    assert inbox.config() is None
    assert inbox.server_time() is None
    assert (inbox.held(), inbox.findings(), inbox.commands(0)) == ([], [], [])


def test_before_the_enrolment_nothing_is_believed(tmp_path: Path, store: LinkStore) -> None:
    store.take("ticket", 1, control.signed(control.ticket()), 0)
    assert Inbox(tmp_path, DEV, None).ticket(0) is None


def test_a_ticket_counts_until_its_time_to_live_is_over(store: LinkStore, inbox: Inbox) -> None:
    sent = control.ticket(ttl_s=60)
    store.take("ticket", 1, control.signed(sent), 5_000)
    assert inbox.ticket(64_999) == sent
    assert inbox.ticket(65_000) is None


def test_the_same_ticket_again_is_no_younger(store: LinkStore, inbox: Inbox) -> None:
    token = control.signed(control.ticket(ttl_s=60))
    assert store.take("ticket", 1, token, 5_000)
    assert not store.take("ticket", 1, token, 60_000)
    assert inbox.ticket(65_000) is None


def test_after_a_reboot_a_ticket_counts_once_it_has_come_again(
    tmp_path: Path, store: LinkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = control.signed(control.ticket())
    store.take("ticket", 1, token, 5_000)
    store.close()
    another_boot(monkeypatch)
    inbox = Inbox(tmp_path, DEV, FLEET_X)
    assert inbox.ticket(5_000) is None
    assert closed_later(LinkStore(tmp_path)).take("ticket", 1, token, 0)
    assert inbox.ticket(5_000) is not None


def test_an_older_object_is_refused_for_ever(store: LinkStore, inbox: Inbox) -> None:
    newer = control.ticket(2, "v2")
    assert store.take("ticket", 2, control.signed(newer), 0)
    assert not store.take("ticket", 1, control.signed(control.ticket(1, "v1")), 0)
    assert inbox.ticket(0) == newer
    assert store.newest_n("ticket") == 2


def test_another_object_with_the_same_number_is_refused(
    tmp_path: Path, store: LinkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.take("ticket", 2, control.signed(control.ticket(2, "v2")), 0)
    store.close()
    another_boot(monkeypatch)
    other = control.signed(control.ticket(2, "v3"))
    assert not closed_later(LinkStore(tmp_path)).take("ticket", 2, other, 0)


def test_types_are_numbered_apart(store: LinkStore, inbox: Inbox) -> None:
    store.take("ticket", 9, control.signed(control.ticket(9)), 0)
    assert store.take("config", 2, control.signed(control.config(2)), 0)
    assert inbox.config() == control.config(2)


def test_commands_come_in_order_until_they_are_answered(store: LinkStore, inbox: Inbox) -> None:
    for n, ttl_s in ((1, 60), (2, 5), (3, 60)):
        store.take("command", n, control.signed(control.command(n, ttl_s=ttl_s)), 0)
    waiting = [(each.command.n, each.fresh) for each in inbox.commands(10_000)]
    assert waiting == [(1, True), (2, False), (3, True)]
    assert store.add_answer(Answer("command", 1, b"{}"))
    assert [each.command.n for each in inbox.commands(0)] == [2, 3]
    assert store.commands() == [
        control.signed(control.command(n, ttl_s=ttl_s)) for n, ttl_s in ((2, 5), (3, 60))
    ]


def test_a_reboot_ends_a_commands_time_and_it_is_not_taken_again(
    tmp_path: Path, store: LinkStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = control.signed(control.command(1))
    store.take("command", 1, token, 0)
    store.close()
    another_boot(monkeypatch)
    assert not closed_later(LinkStore(tmp_path)).take("command", 1, token, 0)
    assert [each.fresh for each in Inbox(tmp_path, DEV, FLEET_X).commands(0)] == [False]


def test_what_was_refused_uses_up_its_number_and_the_last_good_one_stays(
    store: LinkStore, inbox: Inbox
) -> None:
    store.take("config", 2, control.signed(control.config(2)), 0)
    assert store.refuse("config", 4)
    assert not store.refuse("config", 4)
    for n in (3, 4):
        assert not store.take("config", n, control.signed(control.config(n)), 0)
    assert inbox.config() == control.config(2)
    assert (store.newest_n("config"), store.n_highest()) == (4, 4)
    assert store.take("config", 5, control.signed(control.config(5)), 0)


def test_an_answer_is_kept_once_until_it_is_told(store: LinkStore, inbox: Inbox) -> None:
    first = Answer("command", 7, b"first")
    assert store.add_answer(first)
    assert not store.add_answer(Answer("command", 7, b"second"))
    assert store.add_answer(Answer("config", 7, b"other"))
    assert store.untold() == [first, Answer("config", 7, b"other")]
    store.told([first])
    assert store.untold() == [Answer("config", 7, b"other")]
    assert inbox.answered("command") == inbox.answered("config") == {7}


def test_told_answers_are_kept_within_a_bound_and_untold_ones_always(store: LinkStore) -> None:
    for n in range(1, 300):
        answer = Answer("command", n, b"{}")
        store.add_answer(answer)
        if n > 5:
            store.told([answer])
    assert [answer.n for answer in store.untold()] == [1, 2, 3, 4, 5]
    assert store._db.execute("SELECT count(*) FROM answer").fetchone()[0] <= 262


def test_a_file_of_the_first_version_is_brought_up_to_date(tmp_path: Path, inbox: Inbox) -> None:
    with closed_later(sqlite3.connect(tmp_path / "link.db")) as db:
        db.executescript(Path(files.__file__).with_name("schema.sql").read_text("utf-8"))
        row = ("ticket", 9, b"token", "boot", 1)
        db.execute("INSERT INTO object VALUES (?, ?, ?, ?, ?)", row)
    store = closed_later(LinkStore(tmp_path))
    assert store.newest("ticket") == b"token"
    assert store.untold() == []
    assert not (tmp_path / "link.db.damaged-1").exists()


def test_commands_are_kept_until_they_are_answered_then_only_the_newest(
    store: LinkStore, inbox: Inbox
) -> None:
    for n in range(1, 101):
        store.take("command", n, control.signed(control.command(n)), 0)
        if n > 3:
            store.add_answer(Answer("command", n, b"{}"))
    assert [each.command.n for each in inbox.commands(0)] == [1, 2, 3]
    held = store._db.execute("SELECT n FROM object WHERE typ = 'command' ORDER BY n").fetchall()
    assert [n for (n,) in held] == [1, 2, 3, *range(37, 101)]
    assert store.newest_n("command") == 100


def test_an_object_changed_in_the_file_is_not_believed(
    tmp_path: Path, store: LinkStore, inbox: Inbox
) -> None:
    store.take("ticket", 1, control.signed(control.ticket()), 0)
    with closed_later(sqlite3.connect(tmp_path / "link.db")) as db:
        db.execute("UPDATE object SET token = CAST(token || 'A' AS BLOB) WHERE typ = 'ticket'")
    assert inbox.ticket(0) is None


def test_a_key_list_changed_in_the_file_is_not_believed(
    tmp_path: Path, store: LinkStore, inbox: Inbox
) -> None:
    store.take("ticket", 1, control.signed(control.ticket()), 0)
    with closed_later(sqlite3.connect(tmp_path / "link.db")) as db:
        db.execute("UPDATE object SET token = x'00' WHERE typ = 'keys'")
    assert inbox.ticket(0) is None


def test_the_receipts_say_what_the_server_holds_the_newest_last(
    store: LinkStore, inbox: Inbox
) -> None:
    other = "d" * 32
    store.keep_receipt(control.receipt(8, 5), b"r8")
    store.keep_receipt(control.receipt(9, 6, chain=other), b"r9")
    store.keep_receipt(control.receipt(10, 7), b"r10")
    assert inbox.held() == [
        Former(other, 6, "A" * 43, "r9"),
        Former(CHAIN, 7, "A" * 43, "r10"),
    ]
    assert store.receipts()[CHAIN].seq == 7


def test_the_highest_number_is_that_of_all_but_the_key_list(store: LinkStore) -> None:
    assert store.n_highest() == 0
    store.keep_receipt(control.receipt(8, 5), b"r8")
    store.take("ticket", 5, control.signed(control.ticket(5)), 0)
    store.take("keys", 99, control.key_list(99), 0)
    assert store.n_highest() == 8
    store.take("command", 12, control.signed(control.command(12)), 0)
    assert store.n_highest() == 12


def test_a_finding_is_told_once(store: LinkStore, inbox: Inbox) -> None:
    finding = Finding(CHAIN, "fork", 9, "A" * 43, b"r.r.r", None)
    assert store.add_finding(finding)
    assert not store.add_finding(finding)
    assert inbox.findings() == [finding]


def test_the_servers_time_counts_in_this_boot(
    tmp_path: Path, store: LinkStore, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.set_server_time(5, 1_790_000_000_000)
    store.set_server_time(6, 1_790_000_000_001)
    assert inbox.server_time() == ServerTime(6, 1_790_000_000_001)
    another_boot(monkeypatch)
    assert Inbox(tmp_path, DEV, FLEET_X).server_time() is None


def test_everything_is_there_after_a_restart(tmp_path: Path, store: LinkStore) -> None:
    store.keep_receipt(control.receipt(8, 5), b"r8")
    store.close()
    again = closed_later(LinkStore(tmp_path))
    assert again.receipts()[CHAIN].token == b"r8"
    assert again.newest("keys") is not None
    assert again.newest("ticket") is None


@pytest.mark.parametrize(
    "content", [b"", b"nothing", b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192]
)
def test_a_broken_file_is_put_aside_and_a_new_one_begun(
    tmp_path: Path, inbox: Inbox, content: bytes
) -> None:
    (tmp_path / "link.db").write_bytes(content)
    assert inbox.ticket(0) is None
    store = closed_later(LinkStore(tmp_path))
    assert store.n_highest() == 0
    if content:
        assert (tmp_path / "link.db.damaged-1").read_bytes() == content
    assert inbox.findings() == []


def test_a_file_of_another_version_is_put_aside(tmp_path: Path, store: LinkStore) -> None:
    store.close()
    with closed_later(sqlite3.connect(tmp_path / "link.db")) as db:
        db.execute("PRAGMA user_version = 9")
    LinkStore(tmp_path).close()
    assert (tmp_path / "link.db.damaged-1").exists()


def test_a_folder_that_cannot_be_used_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InboxError, match=r"link\.db: cannot be written"):
        LinkStore(tmp_path / "file")


def test_a_full_disk_is_one_clear_error_and_nothing_changes(store: LinkStore) -> None:
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(InboxError):
        store.take("config", 1, b"x" * 60_000, 0)
    assert store.newest_n("config") is None
    store._db.execute("PRAGMA max_page_count = 100000")
    assert store.take("config", 1, b"x" * 60_000, 0)
