"""What a terminal's owner, a thief or a broken-into broker sends up: real processes judge it.

WIRE.md section 10, rule by rule. One running fleet is shared; each test has a terminal and a
counter of its own. By the answer to a hello, everything that was sent before it is judged.
"""

import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.cli import main
from fleet_server.settings import load
from fleet_server.store import database, enrolment, places
from fleet_server.store.models import Counter
from tests.e2e.attack import Attacker, Pages, expected, nothing_changes
from tests.e2e.system import System, running_system
from tests.fakes import databases
from tests.fakes.fleets import enrolled, identity_for, new_counter
from tests.fakes.forger import DAY, altered, other_spellings, resigned, under_name_of
from tests.fakes.mqtt import mqtt
from tests.fakes.processes import run
from tests.fakes.wait import eventually
from wire import keys, up
from wire.begins import seal_begins
from wire.envelope import digest, kid_of_token, root_hash, seal
from wire.ids import new_id
from wire.records import Boot, Fault, Ticket
from wire.topics import topic

NewAttacker = Callable[[], Attacker]
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def system(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp("attacks"), "nats") as one:
        yield one


@pytest.fixture(scope="module")
def pages(system: System) -> Pages:
    return Pages(system)


@pytest.fixture
def new_attacker(system: System) -> Iterator[NewAttacker]:
    """Give terminals that are enrolled, each at a counter of its own, and in wrong hands."""
    with ExitStack() as connections:

        def make() -> Attacker:
            number = next(_NUMBERS)
            new_counter(system.fleet, f"Q{number}")
            identity = enrolled(system.fleet, f"t-{number}", f"Q{number}")
            client = connections.enter_context(mqtt(system.fleet, identity))
            return Attacker(system, identity, f"Q{number}", client)

        yield make


@pytest.fixture
def attacker(new_attacker: NewAttacker) -> Attacker:
    return new_attacker()


# ---- repeated, reordered, cut off ----


def test_a_run_sent_again_in_any_order_counts_nothing(system, attacker, pages):
    journal = attacker.journal
    for number in ("A1", "A2", "A3"):
        journal.serve(number)
    attacker.hold()
    assert attacker.held() == expected(journal, 4, 7, 10)
    with nothing_changes(system):
        attacker.send(*journal.tokens)
        attacker.send(*reversed(journal.tokens))
        attacker.send(*journal.tokens, *journal.tokens)
        attacker.send(*random.sample(journal.tokens, len(journal.tokens)))
        for token in journal.tokens:
            attacker.send(token)
        receipt = attacker.ask()
    assert (receipt.seq, receipt.status, receipt.disputed) == (11, "ok", ())
    assert attacker.matters() == {}
    assert "Nothing is open" in pages.terminal(attacker)


def test_a_gap_is_asked_for_and_nothing_behind_it_is_taken_before_it_is_filled(
    system, attacker, pages
):
    journal = attacker.journal
    attacker.hold()
    late = [journal.rate() for _ in range(6)]
    with nothing_changes(system):
        attacker.send(*late[3:])
        attacker.send(*reversed(late[1:]))
        attacker.ask()
    asked = [r for r in attacker.receipts(journal.chain) if r.status == "resend"]
    assert asked
    assert {(r.seq, r.hash) for r in asked} == {(2, digest(journal.tokens[1]))}
    attacker.hold()
    assert attacker.held() == expected(journal, *range(3, 9), judgement="unbound")
    assert attacker.matters() == {}
    assert "Nothing is open" in pages.terminal(attacker)


def test_a_run_cut_off_within_a_record_is_taken_up_to_there(system, attacker, pages):
    journal = attacker.journal
    attacker.hold()
    sent = b"\n".join([journal.rate(), journal.rate(), journal.rate()])
    for length in (len(sent) - 1, len(sent) - 90, len(sent) - 300):
        attacker.publish("records", sent[:length])
    assert attacker.ask().seq == 4
    assert attacker.held() == expected(journal, 3, 4, judgement="unbound")
    assert "unvouched" in attacker.matters()
    assert "Input that nobody vouches for" in pages.matters(attacker)
    assert "sample" in pages.terminal(attacker)
    attacker.hold()
    assert attacker.held() == expected(journal, 3, 4, 5, judgement="unbound")


@pytest.mark.parametrize("cut", [1, 40, 86, 88, 300])
def test_a_record_cut_off_alone_moves_nothing(system, attacker, cut):
    attacker.hold()
    token = attacker.journal.rate()
    with nothing_changes(system):
        attacker.publish("records", token[:-cut])
        assert attacker.ask().seq == 2


# ---- another's key, another's name ----


def test_records_signed_again_with_another_enrolled_terminals_key_move_nothing(
    system, new_attacker, pages
):
    victim, thief = new_attacker(), new_attacker()
    victim.hold()
    honest = victim.journal.rate("unsatisfied")
    better = victim.journal.fork(2).rate("very_satisfied")
    stolen = thief.journal.key
    with nothing_changes(system):
        victim.send(resigned(honest, stolen))
        victim.send(resigned(better, stolen))
        victim.send(under_name_of(resigned(better, stolen), keys.kid_of(victim.journal.key)))
        victim.send(altered(honest, choice="very_satisfied"))
        assert victim.ask().seq == 2
    assert list(victim.matters()) == ["unvouched"]
    assert "Input that nobody vouches for" in pages.matters(victim)
    victim.hold()
    assert victim.held() == expected(victim.journal, 3, judgement="unbound")


def test_a_terminals_records_sent_by_another_terminal_move_nothing(system, new_attacker, pages):
    victim, thief = new_attacker(), new_attacker()
    victim.hold()
    thief.hold()
    victim.journal.rate("unsatisfied")
    in_its_name = thief.new_chain().fork(0)
    in_its_name.dev = victim.name
    in_its_name.start()
    in_its_name.rate("very_satisfied")
    with nothing_changes(system):
        thief.send(*victim.journal.tokens)
        thief.send(*in_its_name.tokens)
        thief.ask()
        assert victim.ask().seq == 2
    assert "unvouched" in thief.matters()
    assert victim.matters() == {}
    assert "Input that nobody vouches for" in pages.matters(thief)


def test_a_certificate_cannot_publish_in_anothers_name(system, new_attacker):
    victim, thief = new_attacker(), new_attacker()
    victim.hold()
    victim.journal.rate()
    with nothing_changes(system):
        thief.client.publish(topic(victim.name, "records"), victim.journal.tokens[-1])
        assert victim.ask().seq == 2


def test_the_chain_of_another_terminal_can_be_named_without_taking_it(system, new_attacker):
    victim, thief = new_attacker(), new_attacker()
    stolen_name = thief.new_chain().fork(0)
    stolen_name.chain = victim.journal.chain
    stolen_name.start()
    stolen_name.rate("very_satisfied")
    thief.send(*stolen_name.tokens)
    assert thief.ask(stolen_name).seq == 2
    victim.journal.rate("unsatisfied")
    victim.hold()
    assert victim.held() == expected(victim.journal, 3, judgement="unbound")
    assert victim.matters() == {}


# ---- a revoked key ----


def test_what_a_revoked_key_signed_stands_if_it_came_before_and_is_disputed_if_after(
    system, attacker, pages
):
    journal = attacker.journal
    journal.rate("unsatisfied")
    attacker.hold()
    run(*system.command("terminal", "revoke", attacker.name))
    if system.broker.kind == "nats":  # the other must be restarted for that
        eventually(lambda: not attacker.client.connected, 20, "the revoked terminal is shut out")
    journal.rate("very_satisfied")
    with ExitStack() as connections:
        again = enrolled_again(system, attacker, connections)
        again.send(*journal.tokens)
        receipt = again.ask(journal)
        assert (receipt.seq, receipt.hash) == (4, digest(journal.tokens[3]))
        again.journal.rate("satisfied")
        again.hold()
    assert attacker.held() == sorted(
        expected(journal, 3, judgement="unbound")
        + expected(journal, 4, judgement="disputed")
        + expected(again.journal, 3, judgement="unbound")
    )
    assert set(attacker.matters()) == {"revoked_key", "new_chain"}
    assert "Revoked key in use" in pages.matters(attacker)
    page = pages.terminal(attacker)
    assert "Revoked key in use" in page
    assert "revoked" in page


def test_a_new_key_cannot_take_a_chain_over_without_the_word_of_the_old_one(
    system, attacker, pages
):
    journal = attacker.journal
    attacker.hold()
    with ExitStack() as connections:
        second = enrolled_again(system, attacker, connections)
        journal.change_key(second.journal.key)
        journal.tokens[-1] = resigned(journal.tokens[-1], second.journal.key)
        by_itself = journal.fork(2)
        by_itself.key = second.journal.key
        old = kid_of_token(journal.tokens[0])
        journal.tokens[-1] = under_name_of(journal.tokens[-1], old)
        journal.rate("very_satisfied")
        by_itself.rate("very_satisfied")
        with nothing_changes(system):
            second.send(*journal.tokens)
            second.send(*by_itself.tokens)
            assert second.ask(journal).seq == 2
    assert "Input that nobody vouches for" in pages.matters(attacker)


def enrolled_again(system: System, attacker: Attacker, connections: ExitStack) -> Attacker:
    """Give the terminal a new key, as a technician would, and connect with it."""
    key = keys.generate()
    identity = identity_for(system.fleet, attacker.name, key)
    database.open_database(system.fleet.database.url)
    issued = enrolment.Issued(
        keys.kid_of(key), keys.x_of(key), identity.certificate.read_text(), "1", 2**42
    )
    assert enrolment.register(attacker.name, issued, clock.now_ms())
    database.close()
    client = connections.enter_context(mqtt(system.fleet, identity))
    return Attacker(system, identity, attacker.counter, client)


# ---- poison ----


def test_poison_in_mid_chain_is_put_aside_named_and_shown_and_the_rest_is_counted(
    system, attacker, pages
):
    journal = attacker.journal
    poisons = (
        journal.malformed_json,
        journal.unknown_version,
        journal.unknown_type,
        journal.extra_member,
        journal.badly_signed,
        journal.garbage,
    )
    bad = []
    for poison in poisons:
        journal.rate()
        poison()
        bad.append(len(journal.tokens))
    journal.rate()
    good = [seq for seq in range(3, len(journal.tokens) + 1) if seq not in bad]
    attacker.hold()
    eventually(lambda: sorted(attacker.ask().quarantined) == bad, 30, "all poison named")
    assert attacker.held() == expected(journal, *good, judgement="unbound")
    assert attacker.matters()["poison"] == [(journal.chain, bad[0])]
    assert "Unreadable record" in pages.matters(attacker)
    told = pages.text(f"/matters/{attacker.matter_id('poison')}")
    assert str(bad) in told
    assert "not believed" in pages.terminal(attacker)
    kept = system.query(
        "select r.jws from record r join chain c on c.id = r.chain_id"
        " where c.chain_id = ? and r.quarantined is not null order by r.seq",
        journal.chain,
    )
    assert [row[0] for row in kept] == [journal.tokens[seq - 1] for seq in bad]


@pytest.mark.parametrize("poison", ["unknown_type", "badly_signed", "garbage"])
def test_poison_at_the_end_waits_until_something_covers_it(system, attacker, pages, poison):
    journal = attacker.journal
    journal.rate()
    attacker.hold()
    getattr(journal, poison)()
    with nothing_changes(system):
        attacker.send(*journal.tokens)
        receipt = attacker.ask()
        assert (receipt.seq, receipt.quarantined) == (3, ())
    journal.rate()
    attacker.send(*journal.tokens[3:])
    eventually(lambda: attacker.ask().quarantined == (4,), 20, "the poison named")
    assert attacker.ask().seq == 5
    assert attacker.held() == expected(journal, 3, 5, judgement="unbound")
    assert (journal.chain, 4) in attacker.matters()["poison"]
    assert "Unreadable record" in pages.matters(attacker)


# ---- new chains and forks ----


def test_a_new_chain_is_taken_and_shown_until_somebody_closes_the_matter(system, attacker, pages):
    attacker.journal.rate()
    attacker.hold()
    assert attacker.matters() == {}
    second = attacker.new_chain().fork(0)
    second.start("damage")
    second.rate("unsatisfied")
    attacker.hold(second)
    assert attacker.held() == sorted(
        expected(attacker.journal, 3, judgement="unbound")
        + expected(second, 2, judgement="unbound")
    )
    assert [chain for chain, _ in attacker.matters()["new_chain"]] == [second.chain]
    assert "New chain" in pages.matters(attacker)
    assert "damaged journal" in pages.terminal(attacker)


def test_a_fork_keeps_both_branches_and_counts_the_first(system, attacker, pages):
    journal = attacker.journal
    visit = journal.serve("A1", "unsatisfied")
    attacker.hold()
    clone = journal.fork(3)
    clone.rate("very_satisfied", visit)
    clone.rate("very_satisfied")
    held = attacker.held()
    attacker.send(*clone.tokens)
    receipt = attacker.ask()
    assert (receipt.seq, receipt.hash) == (5, digest(journal.tokens[-1]))
    assert [(head.seq, head.hash) for head in receipt.disputed] == [(5, digest(clone.tokens[-1]))]
    clone.rate("satisfied")
    attacker.send(*clone.tokens[5:])
    assert [head.seq for head in attacker.ask().disputed] == [6]
    assert attacker.held() == sorted(held + expected(clone, 4, 5, 6, judgement="disputed"))
    assert "fork" in attacker.matters()
    assert "Fork" in pages.matters(attacker)
    page = pages.terminal(attacker)
    assert "Forks" in page
    assert "Held, disputed" in page


def test_a_fork_of_a_fork_is_held_apart_too(attacker):
    journal = attacker.journal
    for _ in range(3):
        journal.rate()
    attacker.hold()
    clone = journal.fork(3)
    clone.rate("unsatisfied")
    clone.rate("unsatisfied")
    attacker.send(*clone.tokens)
    other = clone.fork(4)
    other.boot = new_id()
    other.rate("very_satisfied")
    attacker.send(*other.tokens)
    receipt = attacker.ask()
    assert {head.hash for head in receipt.disputed} == {
        digest(clone.tokens[-1]), digest(other.tokens[-1])
    }  # fmt: skip
    assert attacker.held() == sorted(
        expected(journal, 3, 4, 5, judgement="unbound")
        + expected(clone, 4, 5, judgement="disputed")
        + expected(other, 5, judgement="disputed")
    )


def test_another_spelling_of_a_signature_makes_no_fork(system, attacker, pages):
    journal = attacker.journal
    journal.rate()
    attacker.hold()
    with nothing_changes(system):
        for spelling in other_spellings(journal.tokens[2]):
            attacker.send(spelling)
            attacker.send(*journal.tokens[:2], spelling)
        receipt = attacker.ask()
    assert (receipt.seq, receipt.disputed, receipt.quarantined) == (3, (), ())
    assert "fork" not in attacker.matters()
    assert "Fork" not in pages.matters(attacker)
    assert attacker.hold().seq == 3


# ---- lies and rubbish ----


@pytest.mark.parametrize("leaf", ["records", "hello", "state", "health", "visits",
                                  "config-result", "command-result"])  # fmt: skip
def test_rubbish_on_any_topic_changes_nothing_and_stops_nobody(system, attacker, leaf):
    attacker.hold()
    chance = random.Random(leaf)
    rubbish = [
        b"", b"\x00", b"{}", b"[]", b"null", b"\n\n\n", b".", b"..", b"." * 65536,
        b'{"v":1}', b'{"v":2}', b"[" * 65536, b'{"a":' * 9000, b'"\\ud800"',
        b'{"v":1,"v":1}', b"9" * 65536, b'{"nonce":NaN}', chance.randbytes(65536),
        *(chance.randbytes(chance.randrange(1, 400)) for _ in range(20)),
        b"\n".join(attacker.journal.tokens).replace(b".", b"\n"),
        b"\n" * 65536, b"A" * 65536, chance.randbytes(65537),
        json.dumps({"v": 1, "nonce": "0" * 32, "n_highest": -1, "chains": [{}] * 99}).encode(),
    ]  # fmt: skip
    with nothing_changes(system):
        for payload in rubbish:
            attacker.publish(leaf, payload)
        assert attacker.ask().seq == 2
    assert system.ingest.running


def test_a_message_far_beyond_the_limit_changes_nothing_and_stops_nobody(system, new_attacker):
    attacker, neighbour = new_attacker(), new_attacker()
    attacker.hold()
    with nothing_changes(system):
        # A broker may also end the connection of such a sender.
        attacker.client.publish(topic(attacker.name, "records"), b"x" * 200_000)
        neighbour.ask()
    neighbour.hold()


def test_a_hello_that_lies_moves_nothing_and_is_answered(system, attacker, pages):
    journal = attacker.journal
    journal.rate()
    attacker.hold()
    unknown, highest = new_id(), 2**63 - 1
    signed_by_nobody = seal(b'{"typ":"receipt"}', keys.generate()).decode()
    honest = (
        next(iter(system.query("select 1")))
        and attacker.client.payloads(f"hailong/1/{attacker.name}/receipt/{journal.chain}")[
            -1
        ].decode()
    )
    fake = digest(b"nothing")
    with nothing_changes(system):
        nonce = attacker.hello(
            up.HelloChain(unknown, 1, fake, highest, fake),
            up.HelloChain(journal.chain, highest, fake, 1, fake),
            up.HelloChain(new_id(), 9, fake, 9, fake, signed_by_nobody),
            up.HelloChain("a" * 32, 4, fake, 9, fake, honest),
            n_highest=highest,
        )
        answers = [attacker.answer(chain, nonce) for chain in (unknown, journal.chain, "a" * 32)]
    assert [(r.seq, r.hash) for r in answers] == [
        (0, root_hash(unknown)), (3, digest(journal.tokens[-1])), (0, root_hash("a" * 32))
    ]  # fmt: skip
    assert all(0 < r.n <= highest for r in answers)
    journal.rate()
    assert attacker.hold().seq == 4, "a lie about the highest number silences nobody"
    assert attacker.name in pages.terminal(attacker)


def test_an_anchor_is_believed_for_its_own_chain_only(system, new_attacker):
    victim, thief = new_attacker(), new_attacker()
    victim.journal.rate()
    victim.hold()
    anchor = victim.client.payloads(f"hailong/1/{victim.name}/receipt/{victim.journal.chain}")[-1]
    fake = digest(b"nothing")
    with nothing_changes(system):
        bent = [
            up.HelloChain(one.journal.chain, 4, fake, 9, fake, anchor.decode())
            for one in (victim, thief)
        ]
        key = thief.journal.key
        nonce = thief.hello(
            *(replace(one, begins=seal_begins(thief.name, one, key)) for one in bent)
        )
        assert thief.answer(victim.journal.chain, nonce).seq == 0
        assert thief.answer(thief.journal.chain, nonce).seq == 0
        assert victim.ask().seq == 3


def test_numbers_at_their_limits_stop_nobody(system, attacker, new_attacker, pages):
    neighbour = new_attacker()
    largest = 2**63 - 1
    for boots in range(3):
        journal = attacker.journal if not boots else attacker.new_chain()
        journal.clock = "unset"
        for boot in range(4):
            journal.boot = f"{boots}{boot}" * 16
            journal.up, journal.at = 0, 0
            journal.rate()
            journal.up, journal.at = largest, -largest
            journal.rate(scale=65535)
        journal.boot, journal.up, journal.clock = "ee" * 16, largest, "synced"
        journal.at = 253402300799999 - largest
        journal.rate("unsatisfied", "visit-at-the-end")
        journal.up = largest
        journal.clock_set(0, 253402300799999)
        journal.up, journal.at = 0, 0
        for day in ("0001-01-01", "9999-12-31"):
            journal.add(Ticket(attacker.counter, f"{boots}-{day}", "A1", "called", "lan", day))
        journal.up, journal.at, journal.clock = 0, 0, "unset"
        journal.rate()
        attacker.hold(journal)
    neighbour.journal.rate()
    assert neighbour.hold().seq == 3
    assert len(attacker.held()) == 30
    assert set(attacker.matters()) == {"clock", "new_chain"}
    assert "Clock" in pages.matters(attacker)
    assert attacker.counter in pages.text("/counters")


def test_what_a_terminal_says_of_itself_is_shown_as_text(system, attacker, pages):
    attacker.hold()
    script = "<script>alert(1)</script>"
    health = up.Health(
        2**41, 2**63 - 1, "b" * 32, "synced", script, 2**63 - 1, 0, "c" * 32, 2**63 - 1,
        {script: script, "deep": {"er": [script] * 3}},
    )  # fmt: skip
    attacker.publish("health", up.encode_up(health))
    journal = attacker.journal
    journal.add(Fault("journal", script))
    journal.add(Boot(script, script, script))
    journal.ticket("v", "<script>8</")
    journal.rate("unsatisfied", "v")
    attacker.hold()
    for page in (
        f"/terminals/{attacker.name}",
        f"/matters/{attacker.matter_id('fault')}",
        f"/counters/{attacker.counter}?day={DAY}",
    ):
        assert "<script>8" not in pages.raw(page)
        assert script not in pages.raw(page)
        assert "&lt;script&gt;" in pages.raw(page)


# ---- presence ----


def test_an_old_will_does_not_overwrite_a_new_birth(system, attacker, pages):
    attacker.hold()
    born, former = new_id(), new_id()

    def says(state, boot, connection):
        attacker.publish(
            "state", up.encode_up(up.State(state, boot, connection, clock.now_ms())), retain=True
        )

    says("ready", former, 1)
    says("ready", born, 2)
    for boot, connection in ((former, 1), (former, 2), (born, 1)):
        says("lost", boot, connection)
    attacker.ask()
    assert state_of(system, attacker) == "ready"
    assert "connection lost" not in pages.terminal(attacker)
    says("lost", born, 2)
    attacker.ask()
    assert state_of(system, attacker) == "lost"
    assert "connection lost" in pages.terminal(attacker)


def state_of(system: System, attacker: Attacker) -> str:
    listed = system.get("/api/v1/terminals")
    rows = listed["terminals"] if isinstance(listed, dict) else listed
    return str(next(row["state"] for row in rows if row["id"] == attacker.name))


# ---- another's counter ----


def test_a_terminal_that_rates_for_a_counter_where_it_does_not_stand_is_shown(new_attacker, pages):
    victim, thief = new_attacker(), new_attacker()
    visit = f"{victim.name}-visit"
    victim.hold()
    thief.journal.rate("very_satisfied", visit, counter=victim.counter)
    thief.journal.rate("very_satisfied", counter=victim.counter)
    thief.hold()
    victim.journal.ticket(visit, "A1")
    victim.journal.rate("unsatisfied", visit)
    victim.journal.ticket(visit, "A1", "closed")
    victim.hold()
    assert victim.held() == expected(victim.journal, 4, judgement="contested")
    assert thief.matters() == {"other_counter": [(thief.journal.chain, 3)]}
    assert victim.matters() == {}
    assert "Speaks for another counter" in pages.matters(thief)
    assert "Speaks for another counter" in pages.terminal(thief)


def test_a_terminal_that_rates_for_another_branch_counts_only_once_it_is_moved_there(
    system, new_attacker, pages
):
    thief = new_attacker()
    foreign = f"F{thief.name}"
    new_counter(system.fleet, foreign, "FOREIGN")
    thief.journal.rate("very_satisfied", counter=foreign)
    thief.hold()
    assert thief.held() == []
    assert thief.matters() == {"foreign_counter": [(thief.journal.chain, 3)]}
    assert "Speaks for a counter of another unit" in pages.matters(thief)
    checked = run(*system.command("verify", "--terminal", thief.name), check=False)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    moved(system, thief.name, foreign)
    thief.journal.rate("unsatisfied")
    thief.hold()
    assert thief.held() == expected(thief.journal, 3, 4, judgement="unbound")
    assert thief.matters() == {"other_counter": [(thief.journal.chain, 4)]}


def moved(system: System, terminal: str, counter: str) -> None:
    """Move a terminal to a counter, as its page does."""
    database.open_database(system.fleet.database.url)
    row = Counter.get(Counter.code == counter)
    with database.writing():
        places.move_terminal(terminal, row.id, clock.now_ms())
    database.close()


# ---- the database behind everybody's back ----


def test_verify_names_what_was_changed_deleted_or_put_elsewhere_in_the_database(
    system, attacker, capsys
):
    journal = attacker.journal
    journal.rate("unsatisfied")
    journal.rate("unsatisfied")
    journal.serve("A1", "unsatisfied")
    journal.rate()
    attacker.hold()
    checked = run(*system.command("verify"), check=False)
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stdout
    engine, copy = databases.engine().name, system.copy_database()
    for tampering, told in (TAMPERING | (ON_SQLITE if engine == "sqlite" else {})).items():
        capsys.readouterr()
        config = str(tampered(copy, tampering, journal.chain))
        # What a record shows is found without a look at all other terminals.
        own = ["--terminal", attacker.name] if told.startswith("position") else []
        code = main(["verify", *own, "--config", config])
        said = capsys.readouterr()
        wrong = [line for line in said.out.splitlines() if line.startswith("WRONG")]
        assert (code, said.err) == (1, ""), f"{tampering}: {said}"
        assert any(told in line for line in wrong), f"{tampering}: {wrong}"


HERE = "chain_id = (select id from chain where chain_id = :chain)"
RATED = f"record_id = (select id from record where {HERE} and seq = 4)"
"""The unbound rating at position 4."""
BOUND = f"record_id = (select id from record where {HERE} and seq = 6)"
"""The rating of a visit at position 6; its ticket records are at 5 and 7."""
TAMPERING = {
    f"update record set jws = substr(jws, 2) where {HERE} and seq = 4": "position 4",
    f"update record set jws = (select jws from record where {HERE} and seq = 3)"
    f" where {HERE} and seq = 4": "position 4",
    f"update record set hash = '=' || substr(hash, 2) where {HERE} and seq = 4": "position 4",
    f"update record set type = 'boot' where {HERE} and seq = 4;"
    f"delete from rating where {RATED}": "position 4",
    f"delete from rating where {RATED};"
    f"delete from record where {HERE} and seq = 4": "positions 4 to 4",
    f"delete from record where {HERE} and seq = 8;"
    "delete from rating where record_id not in (select id from record)": "the head is position 8",
    f"update record set seq = case seq when 3 then -4 else -3 end where {HERE} and seq in (3, 4);"
    f"update record set seq = -seq where {HERE} and seq < 0": "position 3",
    f"update rating set choice = 'very_satisfied' where {RATED}": "position 4",
    f"update rating set counter_id = counter_id - 1 where {RATED}": "position 4",
    f"update rating set at = at - 2592000000 where {RATED}": "position 4",
    f"update rating set disputed = true, unbound = false where {RATED}": "position 4",
    f"delete from rating where {RATED}": "position 4",
    f"update rating set standing = false, contested = true where {BOUND}":
    "the rating at position 6",
    f"update rating set visit = 'another' where {BOUND}": "position 6",
    f"update rating set flagged = true, standing = false, contested = true where {BOUND}":
    "position 6",
    f"update record set disputed = true where {HERE} and seq = 4;"
    f"update rating set disputed = true, unbound = false where {RATED}": "position 4",
    f"update record set quarantined = 'unreadable', checked = -1 where {HERE} and seq = 4;"
    f"delete from rating where {RATED}": "position 4",
    "update ticket_event set event = 'no_show' where event = 'closed'": "position 7",
    "update ticket_event set late = true where event = 'closed'": "position 7",
    f"delete from ticket_event where record_id in (select id from record where {HERE})":
    "position 5",
    "insert into ticket_event (visit_id, counter_id, event, at, source, idempotency, at_quality,"
    " late) select visit_id, counter_id, 'no_show', at, source, 'mine', 'exact', false from"
    " ticket_event where source = 'terminal' limit 1": "no record of a terminal says no_show",
    "update hourly set unsatisfied = 0, satisfied = satisfied + unsatisfied": "the hours",
    "delete from hourly": "the hours",
    "update visit set served_at = null, ended = 'no_show' where served_at is not null":
    "the visits",
}  # fmt: skip


ON_SQLITE = {
    f"update record set jws = 17 where {HERE} and seq = 4": "position 4",
    f"update record set seq = 'x' where {HERE} and seq = 4": "positions 4 to 4",
}
"""What a column of PostgreSQL does not take: another type."""


def tampered(copy: Path, sql: str, chain: str) -> Path:
    """Return the settings of a copy of the database in which somebody changed something by hand."""
    folder = Path(tempfile.mkdtemp(dir=copy.parent))
    config = Path(shutil.copy(copy, folder))
    databases.name_url(folder, databases.copied(load(copy).database.url, folder))
    with databases.looked_at(load(config).database.url) as look:
        look.without_foreign_keys()
        for statement in sql.split(";"):
            assert look.run(statement.replace(":chain", f"'{chain}'")) > 0, statement
    return config
