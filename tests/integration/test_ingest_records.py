"""Records from bytes to rows: real database, real signatures, no broker."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fleet_server import scrub
from fleet_server.core.times import MAX_AT
from fleet_server.mqtt import receiving
from fleet_server.mqtt.receiving import Receiver
from fleet_server.store import chains, intake, tallies
from fleet_server.store.edits import terminals
from fleet_server.store.models import (
    Chain,
    Hourly,
    Matter,
    Quarantine,
    Rating,
    Record,
    TerminalStatus,
)
from tests.fakes.chains import joined
from tests.fakes.forger import Forger
from tests.fakes.ingest import ZONE, Ingest, ingest
from wire import keys, up
from wire.begins import seal_begins
from wire.down import Head
from wire.envelope import digest, root_hash
from wire.ids import new_id
from wire.topics import topic

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Ingest]:
    with ingest(tmp_path) as running:
        yield running


def held() -> list[tuple[int, int, str]]:
    query = Record.select().order_by(Record.chain, Record.branch, Record.seq)
    return [(row.branch, row.seq, row.hash) for row in query]


def test_a_run_is_stored_byte_for_byte_and_receipted(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(3)
    [receipt] = server.send("t-1", writer.tokens)
    assert (receipt.seq, receipt.hash, receipt.status) == (4, writer.prev, "ok")
    rows = list(Record.select().order_by(Record.seq))
    assert [bytes(row.jws) for row in rows] == writer.tokens
    assert [row.checked for row in rows] == [0, 0, 0, 1]
    assert [row.type for row in rows] == ["chain", "rating", "rating", "rating"]
    assert Rating.select().count() == 3
    assert server.published[0].retain


def test_a_repeated_run_counts_nothing_and_is_receipted_again(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(2)
    server.send("t-1", writer.tokens)
    before = held(), Rating.select().count()
    [receipt] = server.send("t-1", writer.tokens)
    assert receipt.seq == 3
    assert (held(), Rating.select().count()) == before
    assert TerminalStatus.get().repeated == 3


def test_a_terminal_out_of_use_is_not_heard_from_the_broker(server: Ingest) -> None:
    writer, other = server.enrol(), server.enrol("t-2", "A2")
    for one in (writer, other):
        one.start()
    server.send("t-1", writer.tokens)
    terminals.retire("t-1", None, "broken", server.now, "person:x")
    writer.presses(2)
    # No receipt: they stay on the card, and count once they are read in from there.
    assert server.send("t-1", writer.tokens) == []
    state = up.encode_up(up.State("ready", new_id(), 1, server.now))
    server.raw((topic("t-1", "state"), state))
    assert (TerminalStatus.get(terminal="t-1").state, Rating.select().count()) == ("init", 0)
    assert server.send("t-2", other.tokens) != []
    server.receiver = Receiver(server.signer, ZONE, out_of_use=True)
    [receipt] = server.send("t-1", writer.tokens)
    assert (receipt.seq, Rating.select().count()) == (3, 2)


def test_numbers_of_receipts_only_grow(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    numbers = [server.send("t-1", writer.tokens)[0].n for _ in range(3)]
    server.now -= 60_000
    numbers += [server.send("t-1", writer.tokens)[0].n for _ in range(3)]
    assert numbers == sorted(set(numbers))
    assert numbers[0] >= server.now - 60_000


def test_a_number_is_above_what_the_terminal_has_obeyed(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    ahead = server.now + 10_000_000
    assert server.hello(writer, n_highest=ahead).n == ahead + 1


def test_a_hello_is_answered_for_a_chain_that_is_not_known(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    receipt = server.hello(writer)
    assert (receipt.seq, receipt.hash) == (0, root_hash(writer.chain))
    assert Chain.select().count() == 0
    assert not server.published[-1].retain


def test_receipts_carry_the_nonce_of_the_last_hello(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    nonce = server.hello(writer).nonce
    assert server.send("t-1", writer.tokens)[0].nonce == nonce
    assert server.hello(writer).nonce != nonce


def test_a_gap_asks_to_send_again(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(3)
    server.send("t-1", writer.tokens[:1])
    [receipt] = server.send("t-1", writer.tokens[2:])
    assert (receipt.seq, receipt.status) == (1, "resend")
    assert TerminalStatus.get().gaps == 2
    [receipt] = server.send("t-1", writer.tokens[1:])
    assert (receipt.seq, receipt.status) == (4, "ok")


def test_records_of_a_lost_database_are_asked_for_from_the_beginning(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(3)
    [receipt] = server.send("t-1", writer.tokens[2:])
    assert (receipt.seq, receipt.status) == (0, "resend")
    [receipt] = server.send("t-1", writer.tokens)
    assert receipt.seq == 4


def test_poison_is_quarantined_told_and_named_in_the_receipt(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.garbage()
    writer.unknown_type()
    writer.press()
    [receipt] = server.send("t-1", writer.tokens)
    # Two unreadable records in a row: the second one's link can be read and covers the first.
    assert (receipt.seq, receipt.quarantined) == (4, (2, 3))
    rows = list(Record.select().where(Record.quarantined.is_null(False)).order_by(Record.seq))
    assert [bytes(row.jws) for row in rows] == writer.tokens[1:3]
    assert server.matters() == ["poison"]
    assert Matter.get().details["positions"] == [2, 3]
    assert Chain.get().flaws == 2


def test_a_fork_is_held_whole_disputed_and_named_in_the_receipt(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(3)
    server.send("t-1", writer.tokens)
    clone = writer.cloned(2)
    clone.press(choice="unsatisfied")
    clone.press(choice="unsatisfied")
    [receipt] = server.send("t-1", clone.tokens[2:])
    assert (receipt.seq, receipt.hash) == (4, writer.prev)
    assert receipt.disputed == (Head(4, clone.prev),)
    assert server.matters() == ["fork"]
    assert Record.select().where(Record.disputed).count() == 2
    assert Rating.select().where(Rating.standing, Rating.disputed).count() == 0
    [receipt] = server.send("t-1", [clone.press()])
    assert receipt.disputed == (Head(5, clone.prev),)
    assert server.matters() == ["fork"]


def test_a_second_fork_is_another_matter(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.press()
    server.send("t-1", writer.tokens)
    for _ in range(2):
        clone = writer.cloned(1)
        clone.boots()
        server.send("t-1", [*clone.tokens, clone.press()])
        writer.boot = new_id()
    assert server.matters() == ["fork", "fork"]
    assert Chain.get().branches == 2


def test_the_first_chain_of_a_terminal_opens_no_matter_and_a_second_one_does(
    server: Ingest,
) -> None:
    writer = server.enrol()
    writer.start()
    server.send("t-1", writer.tokens)
    assert server.matters() == []
    second = writer.cloned(0)
    second.chain = new_id()
    second.start("first")
    server.send("t-1", second.tokens)
    assert server.matters() == ["new_chain"]


def test_a_chain_begun_after_damage_opens_a_matter(server: Ingest) -> None:
    writer = server.enrol()
    writer.start("damage")
    server.send("t-1", writer.tokens)
    assert server.matters() == ["new_chain"]
    assert Matter.get().details["reason"] == "damage"


def test_what_a_revoked_key_signed_later_is_held_and_disputed(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.press()
    server.send("t-1", writer.tokens)
    server.revoke(writer.key)
    writer.press()
    [receipt] = server.send("t-1", writer.tokens)
    assert receipt.seq == 3
    assert [row.disputed for row in Record.select().order_by(Record.seq)] == [False, False, True]
    assert server.matters() == ["revoked_key"]
    assert sum(row.disputed for row in Hourly.select()) == 1


def test_input_that_nobody_vouches_for_is_counted_sampled_within_a_limit_and_dropped(
    server: Ingest,
) -> None:
    writer = server.enrol()
    writer.start()
    server.send("t-1", writer.tokens)
    stranger = writer.cloned()
    stranger.key = keys.generate()
    stranger.presses(60)
    server.send("t-1", stranger.tokens[1:])
    server.raw((topic("t-1", "records"), b"x" * 60_000))
    assert Record.select().count() == 1
    assert Quarantine.select().count() == 20
    assert max(len(bytes(row.bytes)) for row in Quarantine.select()) == 4096
    assert TerminalStatus.get().refused == 61
    assert server.matters() == ["unvouched"]
    assert Matter.get().details["count"] == 61


def test_input_of_a_terminal_that_is_not_of_the_fleet_is_dropped(server: Ingest) -> None:
    writer = server.enrol()
    writer.dev = "t-9"
    writer.start()
    assert server.send("t-9", writer.tokens) == []
    assert tallies.read()["strangers"] == 1


def test_a_chain_id_can_be_another_terminals_too(server: Ingest) -> None:
    one, two = server.enrol("t-1"), server.enrol("t-2", "A2")
    two.chain = one.chain
    one.start()
    two.start()
    server.send("t-1", one.tokens)
    server.send("t-2", two.tokens)
    assert Chain.select().count() == 2


def test_two_chains_of_a_terminal_in_one_batch_are_taken_in_the_order_sent(
    server: Ingest,
) -> None:
    first = server.enrol()
    first.start()
    second = first.cloned(0)
    second.chain = new_id()
    second.start("damage")
    other = server.enrol("t-2", "A2")
    other.start()
    for writer in (first, second):
        writer.press("v-1")
    other.press("v-2", counter="A2")
    server.raw(
        (topic("t-1", "records"), joined(first.tokens)),
        (topic("t-2", "records"), joined(other.tokens)),
        (topic("t-1", "records"), joined(second.tokens)),
    )
    ratings = Rating.select().order_by(Rating.terminal, Rating.record)
    assert [(r.visit, r.standing) for r in ratings] == [
        ("v-1@A1", True),
        ("v-1@A1", False),
        ("v-2@A2", True),
    ]


def test_a_batch_of_many_terminals_is_taken_in_one_go(server: Ingest) -> None:
    writers = [server.enrol(f"t-{i}", f"C{i}") for i in range(5)]
    messages = []
    for writer in writers:
        writer.start()
        writer.presses(2)
        messages += [(topic(writer.dev, "records"), token) for token in writer.tokens]
    receipts = server.receipts(server.raw(*messages))
    assert sorted((r.dev, r.seq) for r in receipts) == [(w.dev, 3) for w in writers]


def test_a_chain_whose_start_was_pruned_is_taken_up_from_an_old_receipt(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(9)
    server.send("t-1", writer.tokens[:5])
    anchor = server.published[-1].payload.decode()
    server.lose_records()
    receipt = server.hello(
        writer, oldest_seq=6, oldest_hash=digest(writer.tokens[5]), anchor=anchor
    )
    assert (receipt.seq, receipt.hash) == (5, digest(writer.tokens[4]))
    [receipt] = server.send("t-1", writer.tokens[5:])
    assert receipt.seq == 10
    assert server.matters() == ["new_chain"]
    assert Matter.get().details["missing_to"] == 5


def test_an_anchor_that_the_fleet_did_not_sign_is_refused(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(9)
    receipt = server.hello(
        writer, oldest_seq=6, oldest_hash=digest(writer.tokens[5]), anchor=writer.press().decode()
    )
    assert receipt.seq == 0
    assert tallies.read()["anchors_refused"] == 1


@pytest.mark.parametrize("whose", ["nobody", "another", "revoked"])
def test_a_broker_cannot_make_a_server_skip_what_was_put_back(server: Ingest, whose: str) -> None:
    writer, other = server.enrol(), server.enrol("t-2")
    writer.start()
    writer.presses(9)
    server.send("t-1", writer.tokens)
    anchor = server.published[-1].payload.decode()
    server.lose_records()
    server.send("t-1", writer.tokens[:4])
    chain = up.HelloChain(writer.chain, 11, "A" * 43, 11, "A" * 43, anchor)
    keyed = {"another": other.key, "revoked": writer.key}.get(whose)
    if keyed is not None:
        chain = replace(chain, begins=seal_begins("t-1", chain, keyed))
        server.revoke(keyed)
    said = up.encode_up(up.Hello(new_id(), 0, (chain,)))
    [receipt] = server.receipts(server.raw((topic("t-1", "hello"), said)))
    assert receipt.seq == 4
    assert tallies.read()["anchors_refused"] == 1
    [receipt] = server.send("t-1", writer.tokens[4:])
    assert receipt.seq == 10
    assert Rating.select().count() == 9


def test_an_anchor_is_not_believed_for_another_start(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(9)
    server.send("t-1", writer.tokens)
    anchor = server.published[-1].payload.decode()
    server.lose_records()
    honest = up.HelloChain(writer.chain, 6, digest(writer.tokens[5]), 10, writer.prev)
    begins = seal_begins("t-1", honest, writer.key)
    bent = replace(honest, oldest_seq=11, anchor=anchor, begins=begins)
    said = up.encode_up(up.Hello(new_id(), 0, (bent,)))
    [receipt] = server.receipts(server.raw((topic("t-1", "hello"), said)))
    assert receipt.seq == 0


def test_an_old_anchor_does_not_move_a_head_back(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(9)
    server.send("t-1", writer.tokens[:5])
    anchor = server.published[-1].payload.decode()
    server.send("t-1", writer.tokens[5:])
    receipt = server.hello(
        writer, oldest_seq=6, oldest_hash=digest(writer.tokens[5]), anchor=anchor
    )
    assert receipt.seq == 10


def test_a_revoked_key_cannot_move_what_counts_to_another_day(server: Ingest) -> None:
    key = server.enrol().key
    thief = Forger(dev="t-1", key=key, counter="A1", clock="unset", at=0)
    thief.start()
    thief.rate()
    server.send("t-1", thief.tokens)
    before = Rating.get().at, Rating.get().at_quality
    server.revoke(key)
    thief.clock_set(0, 1_500_000_000_000)
    server.send("t-1", thief.tokens[2:])
    assert (Rating.get().at, Rating.get().at_quality) == before


def test_the_scrub_checks_what_a_later_signature_stood_for(server: Ingest) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(70)
    server.send("t-1", writer.tokens)
    assert Record.select().where(Record.checked == 0).count() == 70
    assert scrub.step(server.now, ZONE) == 50
    assert scrub.step(server.now, ZONE) == 20
    assert scrub.step(server.now, ZONE) == 0
    assert Record.select().where(Record.checked == 1).count() == 71


def test_the_scrub_quarantines_a_bad_signature_and_takes_it_out_of_the_figures(
    server: Ingest,
) -> None:
    writer = server.enrol()
    writer.start()
    writer.press()
    writer.badly_signed()
    writer.press()
    server.send("t-1", writer.tokens)
    assert Rating.select().count() == 3
    assert sum(row.unbound for row in Hourly.select()) == 3
    scrub.step(server.now, ZONE)
    row = Record.get(Record.seq == 3)
    assert (row.checked, row.quarantined) == (-1, "the signature is wrong")
    assert bytes(row.jws) == writer.tokens[2]
    assert Rating.select().count() == 2
    assert sum(row.unbound for row in Hourly.select()) == 2
    assert server.matters() == ["poison"]
    assert server.hello(writer).quarantined == (3,)


def test_a_head_moved_by_another_process_makes_it_judge_again(
    server: Ingest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(2)
    server.send("t-1", writer.tokens[:1])
    judge = receiving.judging.judge
    other = Ingest(server.signer)
    calls: list[int] = []

    def judge_while_another_is_faster(*args: object) -> object:
        docket = judge(*args)  # type: ignore[arg-type]
        calls.append(1)
        if len(calls) == 1:
            monkeypatch.setattr(receiving.judging, "judge", judge)
            other.send("t-1", writer.tokens[1:2])
            monkeypatch.setattr(receiving.judging, "judge", judge_while_another_is_faster)
        return docket

    monkeypatch.setattr(receiving.judging, "judge", judge_while_another_is_faster)
    [receipt] = server.send("t-1", writer.tokens[1:])
    assert receipt.seq == 3
    assert len(calls) == 2
    assert Record.select().count() == 3
    assert Rating.select().count() == 2


def test_a_failing_transaction_leaves_nothing_and_receipts_nothing(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    writer.press()

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(chains, "receipted", full)
        with pytest.raises(sqlite3.OperationalError):
            server.send("t-1", writer.tokens)
    assert Record.select().count() == 0
    assert Chain.select().count() == 0
    assert server.published == []
    [receipt] = server.send("t-1", writer.tokens)
    assert receipt.seq == 2


def test_records_whose_meaning_cannot_be_taken_in_are_held_all_the_same(
    server: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = server.enrol()
    writer.start()
    writer.press()

    other = server.enrol("t-2", "A2")
    other.start()
    other.press(counter="A2")
    apply = intake.apply_batch

    def fails(batch: list[tuple[Chain, object]], *more: object) -> None:
        apply(batch, *more)  # type: ignore[arg-type]
        if any(chain.terminal_id == "t-1" for chain, _ in batch):
            raise KeyError("x")

    monkeypatch.setattr(intake, "apply_batch", fails)
    server.raw(
        (topic("t-1", "records"), joined(writer.tokens)),
        (topic("t-2", "records"), joined(other.tokens)),
    )
    assert Record.select().count() == 4
    assert [row.terminal_id for row in Rating.select()] == ["t-2"]
    assert server.matters() == ["poison"]
    assert Matter.get().terminal == "t-1"


def test_a_birth_and_an_old_will(server: Ingest) -> None:
    server.enrol()

    def says(state: str, boot: str, connection: int) -> str:
        payload = up.encode_up(up.State(state, boot, connection, server.now))  # type: ignore[arg-type]
        server.raw((topic("t-1", "state"), payload))
        return str(TerminalStatus.get().state)

    first, second = new_id(), new_id()
    assert says("ready", first, 1) == "ready"
    assert says("lost", first, 1) == "lost"
    assert says("ready", first, 2) == "ready"
    assert says("lost", first, 1) == "ready"
    assert says("ready", second, 1) == "ready"
    assert says("lost", first, 2) == "ready"
    assert says("lost", second, 1) == "lost"


@pytest.mark.parametrize("figure", [b"1e999", b"[" * 900 + b"]" * 900])
def test_a_report_that_the_database_would_not_take_keeps_nobody_else_out(
    server: Ingest, figure: bytes
) -> None:
    writer = server.enrol()
    writer.start()
    report = up.Health(
        at=server.now, up=5, boot=new_id(), clock="synced", firmware="1.0.0", waiting=0,
        oldest_waiting_at=None, chain=new_id(), head_seq=0, details={"celsius": "HERE"},
    )  # fmt: skip
    payload = up.encode_up(report).replace(b'"HERE"', figure)
    server.raw((topic("t-1", "health"), payload), (topic("t-1", "records"), writer.tokens[0]))
    assert Record.select().count() == 1
    assert TerminalStatus.get().health is None


def test_a_time_that_no_calendar_shows_is_not_kept(server: Ingest) -> None:
    server.enrol()
    report = up.Health(
        at=server.now, up=5, boot=new_id(), clock="synced", firmware="1.0.0", waiting=3,
        oldest_waiting_at=253_402_300_799_999, chain=new_id(), head_seq=9,
    )  # fmt: skip
    server.raw((topic("t-1", "health"), up.encode_up(report)))
    assert TerminalStatus.get().oldest_waiting_at == MAX_AT


def test_health_is_kept_for_the_pages(server: Ingest) -> None:
    server.enrol()
    report = up.Health(
        at=server.now, up=1000, boot=new_id(), clock="holdover", firmware="1.2.3", waiting=7,
        oldest_waiting_at=server.now - 5000, chain=new_id(), head_seq=9, details={"celsius": 51.5},
    )  # fmt: skip
    server.raw((topic("t-1", "health"), up.encode_up(report)))
    row = TerminalStatus.get()
    assert (row.waiting, row.clock, row.firmware) == (7, "holdover", "1.2.3")
    assert row.health["celsius"] == 51.5
    assert row.last_seen == server.now


def test_a_terminal_that_believes_more_to_be_held_is_answered_so_that_it_asks(
    server: Ingest,
) -> None:
    writer = server.enrol()
    writer.start()
    writer.presses(4)
    server.send("t-1", writer.tokens)

    def reports(waiting: int) -> list[int]:
        report = up.Health(
            at=server.now, up=1000, boot=new_id(), clock="synced", firmware="1.2.3",
            waiting=waiting, oldest_waiting_at=None, chain=writer.chain, head_seq=5,
        )  # fmt: skip
        publications = server.raw((topic("t-1", "health"), up.encode_up(report)))
        return [receipt.seq for receipt in server.receipts(publications)]

    assert reports(waiting=0) == []
    server.lose_records()
    assert reports(waiting=5) == []
    assert reports(waiting=0) == [0]
    server.send("t-1", writer.tokens[:2])
    assert reports(waiting=0) == [2]


def test_after_a_start_every_chain_is_told_what_is_held(server: Ingest) -> None:
    writers = [server.enrol(f"t-{i}", f"C{i}") for i in range(3)]
    for writer in writers:
        writer.start()
        server.send(writer.dev, writer.tokens)
    numbers = {r.dev: r.n for r in server.receipts(server.published)}
    told = [r for part in server.receiver.greet(server.now) for r in server.receipts(part)]
    assert [(r.dev, r.seq) for r in told] == [("t-0", 1), ("t-1", 1), ("t-2", 1)]
    assert all(receipt.n > numbers[receipt.dev] for receipt in told)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("hailong/1/t-1/records", b""),
        ("hailong/1/t-1/records", b"\n" * 65_536),
        ("hailong/1/t-1/records", b"x" * 65_537),
        ("hailong/1/t-1/hello", b"{}"),
        ("hailong/1/t-1/state", b"\xff"),
        ("hailong/1/t-1/health", b"[1]"),
        ("hailong/1/t-1/ticket", b"{}"),
        ("hailong/1/T-1/records", b"x"),
        ("hailong/2/t-1/records", b"x"),
        ("", b""),
    ],
)
def test_what_cannot_be_read_is_refused_and_counted(
    server: Ingest, name: str, payload: bytes
) -> None:
    server.enrol()
    assert server.raw((name, payload)) == []
    assert tallies.read()["messages_refused"] == 1
    assert Record.select().count() == 0
