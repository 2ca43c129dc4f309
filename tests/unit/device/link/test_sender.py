"""What is sent of the journal, and what is found wrong with it before it is."""

from pathlib import Path

import pytest

from device.journal.rows import Span
from tests.fakes import control
from tests.fakes.control import DEV
from tests.fakes.journals import KEY, database, everything, rating
from tests.unit.device.link.test_receiver import Uplink
from wire.begins import check_begins
from wire.envelope import MAX_RUN, seal, split_run
from wire.topics import topic
from wire.up import decode_hello


@pytest.fixture
def uplink(tmp_path: Path) -> Uplink:
    made = Uplink(tmp_path)
    made.take("keys", control.key_list())
    return made


def press(uplink: Uplink, count: int) -> None:
    for _ in range(count):
        uplink.journal.append(rating())


def sent(uplink: Uplink) -> list[bytes]:
    return [token for run in uplink.said("records") for token in split_run(run)]


def alter(uplink: Uplink, seq: int, token: bytes) -> None:
    with database(uplink.data) as db:
        db.execute("DROP TRIGGER IF EXISTS record_is_never_changed")
        db.execute("UPDATE record SET jws = ? WHERE seq = ?", (token, seq))


def test_a_backlog_goes_in_runs_of_up_to_64_kib_and_a_window_of_four(uplink: Uplink) -> None:
    uplink.published.clear()
    press(uplink, 600)
    uplink.sender.look()
    runs = uplink.said("records")
    assert len(runs) == 3
    assert all(60_000 < len(run) <= MAX_RUN for run in runs[:2])
    assert (
        sent(uplink)
        == [entry.token for entry in everything(uplink.data)][1 : 1 + len(sent(uplink))]
    )


def test_the_very_bytes_of_the_journal_are_sent(uplink: Uplink) -> None:
    press(uplink, 3)
    uplink.sender.look()
    assert sent(uplink) == [entry.token for entry in everything(uplink.data)]


def test_nothing_is_sent_while_the_connection_takes_nothing(
    uplink: Uplink, monkeypatch: pytest.MonkeyPatch
) -> None:
    uplink.published.clear()
    monkeypatch.setattr(uplink.sender, "_publish", lambda *_a, **_k: False)
    press(uplink, 3)
    uplink.sender.look()
    monkeypatch.undo()
    uplink.sender.tick()
    assert len(sent(uplink)) == 3


def test_a_record_changed_on_the_disk_is_not_sent_but_told(uplink: Uplink) -> None:
    press(uplink, 6)
    whole = everything(uplink.data)[4].token
    alter(uplink, 5, whole[:-10] + b"AAAAAAAAAA")
    uplink.sender.look()
    assert len(sent(uplink)) == 4
    finding = uplink.inbox.findings()[0]
    assert (finding.kind, finding.seq) == ("broken", 5)


def test_a_record_that_links_but_cannot_be_read_is_sent_and_told(uplink: Uplink) -> None:
    press(uplink, 3)
    entries = everything(uplink.data)
    poison = seal(b'{"v":9}', KEY)
    alter(uplink, 3, poison)
    # The next record was made after it, and names its hash.
    from tests.fakes.chains import ChainWriter

    writer = ChainWriter(dev=DEV, key=KEY, chain=entries[0].chain)
    writer.tokens = [entries[0].token, entries[1].token, poison]
    alter(uplink, 4, writer.add(rating()))
    uplink.sender.look()
    assert sent(uplink)[2] == poison
    assert len(sent(uplink)) == 4
    assert [(f.kind, f.seq) for f in uplink.inbox.findings()] == [("poison", 3)]


def test_a_gap_ends_what_is_sent_of_a_chain(uplink: Uplink) -> None:
    press(uplink, 6)
    with database(uplink.data) as db:
        db.execute("DELETE FROM record WHERE seq = 4")
    uplink.sender.look()
    assert len(sent(uplink)) == 3


def test_the_send_position_outlives_a_restart(tmp_path: Path) -> None:
    uplink = Uplink(tmp_path / "a")
    press(uplink, 5)
    entry = everything(uplink.data)[3]
    uplink.store.keep_receipt(control.receipt(1, 4, entry.hash, chain=entry.chain), b"r")
    uplink.journal.close()
    again = Uplink(tmp_path / "a")
    assert [e.seq for e in everything(again.data) if e.token in sent(again)] == [5, 6]


def test_a_receipt_that_the_journal_does_not_bear_out_is_no_send_position(tmp_path: Path) -> None:
    uplink = Uplink(tmp_path / "a")
    chain = uplink.journal.head().chain
    uplink.store.keep_receipt(control.receipt(1, 1, "A" * 43, chain=chain), b"r")
    uplink.journal.close()
    assert len(sent(Uplink(tmp_path / "a"))) == 1


def test_a_hello_names_every_chain_with_both_ends(uplink: Uplink) -> None:
    press(uplink, 2)
    uplink.journal.begin_chain("fork")
    uplink.sender.look()
    hello = decode_hello(uplink.said("hello")[-1])
    assert [(c.oldest_seq, c.newest_seq) for c in hello.chains] == [(1, 3), (1, 1)]
    assert hello.chains[1].chain == uplink.journal.head().chain


def test_a_chain_whose_start_is_gone_has_its_receipt_as_anchor(uplink: Uplink) -> None:
    press(uplink, 5)
    entry = everything(uplink.data)[2]
    token = control.signed(control.receipt(1, 3, entry.hash, chain=entry.chain))
    uplink.receiver.take(topic(DEV, f"receipt/{entry.chain}"), token)
    with database(uplink.data) as db:
        db.execute("DELETE FROM record WHERE seq <= 3")
    uplink.sender.look()
    uplink.sender.hello()
    chain = decode_hello(uplink.said("hello")[-1]).chains[0]
    assert (chain.oldest_seq, chain.anchor) == (4, token.decode())
    assert chain.begins is not None
    check_begins(chain.begins, DEV, chain, KEY)


def test_waiting_tells_how_many_and_since_when(uplink: Uplink) -> None:
    press(uplink, 2)
    uplink.sender.look()
    count, oldest = uplink.sender.waiting()
    assert (count, oldest) == (3, 1_790_000_000_000)


def test_a_journal_that_is_away_for_a_moment_is_not_sent_from_the_start(uplink: Uplink) -> None:
    press(uplink, 4)
    uplink.sender.look()
    head = uplink.journal.head()
    receipt = control.receipt(1, head.seq, head.hash, chain=head.chain)
    uplink.take(f"receipt/{head.chain}", control.signed(receipt))
    uplink.published.clear()
    folder = uplink.data / "journal"
    folder.rename(uplink.data / "elsewhere")
    uplink.sender.look()
    (uplink.data / "elsewhere").rename(folder)
    uplink.sender.look()
    assert uplink.published == []
    assert uplink.sender.waiting() == (0, None)


def test_a_journal_that_cannot_be_read_stops_nothing_else(uplink: Uplink) -> None:
    (uplink.data / "journal" / "journal.db").write_bytes(b"")
    uplink.sender.look()
    uplink.sender.tick()
    uplink.take("ticket", control.signed(control.ticket()))
    assert uplink.inbox.ticket(1000) is not None


def test_a_hello_names_as_many_chains_as_fit_the_newest_in_any_case(
    uplink: Uplink, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = everything(uplink.data)[0].hash
    spans = [Span(f"{n:032x}", 2, digest, 9, digest, b"r" * 4000) for n in range(64)]
    uplink.sender.journal.spans = spans
    monkeypatch.setattr("device.link.outgoing.is_receipt_for", lambda *_: True)
    uplink.published.clear()
    uplink.sender.hello()
    [payload] = uplink.said("hello")
    named = [chain.chain for chain in decode_hello(payload).chains]
    assert 10 < len(named) < 20
    assert named == [span.chain for span in spans][-len(named) :]
