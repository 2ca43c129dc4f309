"""The real uplink process against a real broker and a small server that verifies and receipts."""

import shutil
import signal
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest

from device.clock import SystemClock
from device.identity.files import IdentityFiles
from device.inbox.reader import Inbox
from device.journal.former import Former
from device.journal.opening import open_journal
from device.journal.writer import Journal
from device.results import pack
from device.tickets.dossiers import DossierKeeper, Spool
from device.wakeup import WakeUp
from fleet_server.settings import Settings
from tests.fakes.brokers import KINDS, Broker, running_broker
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from tests.fakes.headquarters import Headquarters, headquarters
from tests.fakes.journals import everything, rating
from tests.fakes.processes import Process, run
from tests.fakes.wait import eventually
from wire import codec, keys
from wire.down import Command, Config, FleetKey, KeyList, seal_down
from wire.enrolment import EnrolmentFile, dump_toml, load_toml
from wire.envelope import digest, verify
from wire.ids import new_id
from wire.records import ChainStart, Ticket
from wire.topics import topic
from wire.up import (
    CommandResult,
    ConfigResult,
    Visit,
    decode_command_result,
    decode_config_result,
    decode_health,
    decode_visit,
)

TERMINAL = str(Path(sysconfig.get_path("scripts")) / "hailong-terminal")
SETTINGS = """
[terminal]
id = "{dev}"
counter = "Q1"
data = "data"
clock = "host"
[uplink]
backoff_s = 0.05
backoff_cap_s = 0.5
receipt_timeout_s = 0.5
ask_s = 0.2
health_s = 1
"""


@dataclass
class Counter:
    """One terminal: its journal is written here, its uplink is a process."""

    dev: str
    folder: Path
    book: Journal
    bell: WakeUp
    uplink: Process
    hq: Headquarters
    inbox: Inbox

    def press(self, count: int = 1) -> None:
        for _ in range(count):
            self.book.append(rating())
            self.bell.ring()

    def all_held(self) -> bool:
        """The server holds every record of the journal, in the chain or apart."""
        held = [*self.hq.held.values(), *self.hq.apart.values()]
        there = {digest(token) for tokens in held for token in tokens}
        return {entry.hash for entry in everything(self.folder / "data")} <= there

    def all_receipted(self) -> bool:
        """... and the terminal knows it."""
        spans = {former.chain: former.seq for former in self.inbox.held()}
        head = self.book.head()
        return self.all_held() and spans.get(head.chain) == head.seq

    def wait(self, what: str = "everything receipted") -> None:
        eventually(self.all_receipted, 20, what)


@dataclass
class Site:
    """A fleet with its broker; every test gets a terminal of its own."""

    fleet: Settings
    broker: Broker


@pytest.fixture(scope="module", params=KINDS)
def site(
    request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    fleet = new_fleet(tmp_path_factory.mktemp("uplink") / "fleet", request.param)
    new_counter(fleet)
    with running_broker(request.param, fleet.layout.directory) as broker:
        yield Site(fleet, broker)


@pytest.fixture
def counter(site: Site, tmp_path: Path) -> Iterator[Counter]:
    layout = site.fleet.layout
    dev = f"t-{new_id()[:8]}"
    identity = enrolled(site.fleet, dev)
    (tmp_path / "terminal.toml").write_text(SETTINGS.format(dev=dev))
    enrolment = tmp_path / "enrolment.toml"
    files = IdentityFiles(tmp_path / "data")
    files.folder.mkdir(parents=True)
    files.key.write_bytes(identity.key.read_bytes())
    chain = identity.certificate.read_bytes() + layout.issuing_certificate.read_bytes()
    files.write_certificate(chain)
    given = EnrolmentFile(
        terminal=dev,
        expires=1,
        counter="Q1",
        counter_name="Quầy 1",
        est_url=site.fleet.est.url,
        mqtt_host=site.fleet.broker.host,
        mqtt_port=site.fleet.broker.port,
        fleet_root_pem=layout.root_certificate.read_text(),
        fleet_key_x=layout.fleet_public_key.read_text().strip(),
        token="x" * 32,
    )
    enrolment.write_text(dump_toml(given))
    files.write_fleet(given, enrolment)
    key = files.load_or_make_key()
    data = tmp_path / "data"
    book = open_journal(data, dev, key, SystemClock(trusted=True)).journal
    bell = WakeUp(data, "terminal")
    words = [TERMINAL, "uplink", "--config", str(tmp_path / "terminal.toml")]
    uplink = Process(words, tmp_path / "uplink.log")
    inbox = Inbox(data, dev, given.fleet_key_x)
    with headquarters(site.fleet, dev, key) as hq:
        uplink.start()
        made = Counter(dev, tmp_path, book, bell, uplink, hq, inbox)
        try:
            yield made
        finally:
            uplink.stop()
            made.book.close()
            bell.close()
    assert "Traceback" not in uplink.output()


def test_records_reach_the_server_and_their_receipts_come_back(counter: Counter) -> None:
    counter.uplink.stop()
    settings = counter.folder / "terminal.toml"
    # However busy the machine is, no receipt is so late that records are sent again.
    settings.write_text(
        settings.read_text().replace("receipt_timeout_s = 0.5", "receipt_timeout_s = 60")
    )
    counter.press(300)
    counter.uplink.start()
    counter.wait()
    assert counter.hq.received < 400


def test_a_dossier_is_sent_once_its_visit_is_receipted_and_then_deleted(
    counter: Counter,
) -> None:
    spool = Spool(counter.folder / "data")
    keeper = DossierKeeper(spool, counter.book.head, SystemClock(trusted=True))
    counter.wait()
    counter.hq.silent = True
    counter.book.append(Ticket("Q1", "v-7", "S-001", "called", "scanner"))
    assert keeper.keep("v-7", "H29.12-221014-0005")
    counter.bell.ring()
    eventually(lambda: len(counter.hq.said["records"]) > 1)
    assert spool.visits() == ["v-7"]
    counter.hq.silent = False
    eventually(lambda: spool.visits() == [], 20, "the dossier sent")
    # The broker has it, headquarters perhaps a moment later.
    [said] = eventually(lambda: counter.hq.said["visits"])
    assert decode_visit(said) == Visit("v-7", "H29.12-221014-0005")


def test_a_press_is_sent_at_once(counter: Counter) -> None:
    counter.wait()
    counter.press()
    eventually(counter.all_receipted, 0.9, "the receipt, before the uplink would look by itself")


def test_a_server_put_back_to_an_older_copy_gets_everything_again(counter: Counter) -> None:
    counter.press(50)
    counter.wait()
    chain = counter.book.head().chain
    del counter.hq.held[chain][10:]
    counter.hq.nonce = None
    counter.hq.receipt(chain)
    counter.wait()


def test_a_server_that_lost_everything_asks_by_the_command_hello(counter: Counter) -> None:
    counter.press(20)
    counter.wait()
    counter.hq.held.clear()
    counter.hq.send(Command(counter.dev, counter.hq.next_n(), 0, 60, "hello"))
    counter.wait()


def test_an_uplink_killed_at_any_moment_loses_nothing(counter: Counter) -> None:
    for _ in range(4):
        counter.press(40)
        counter.uplink.kill()
        counter.press(3)
        counter.uplink.start()
    counter.wait()


def test_a_broker_that_is_killed_and_comes_back_empty_loses_nothing(
    counter: Counter, site: Site
) -> None:
    counter.press(10)
    counter.wait()
    site.broker.kill()
    counter.press(30)
    site.broker.restart(empty=True)
    with headquarters(site.fleet, counter.dev, counter.hq.device_key) as hq:
        hq.held, hq.n = counter.hq.held, counter.hq.n
        counter.hq = hq
        counter.press(5)
        counter.wait()


def test_a_silent_server_gets_little_more_than_probes_and_then_everything(counter: Counter) -> None:
    counter.wait()
    counter.hq.silent = True
    counter.press(30)
    counter.uplink.wait_for("connected")
    counter.hq.silent = False
    counter.wait()


def test_a_card_put_back_is_found_out_and_its_own_branch_held_apart(counter: Counter) -> None:
    data, key = counter.folder / "data", counter.hq.device_key
    counter.press(10)
    counter.wait()
    counter.uplink.stop()
    # By another process: whoever closes a file drops its process's locks on it.
    run("cp", "-a", data, counter.folder / "card")
    counter.uplink.start()
    counter.press(5)
    counter.wait()
    counter.uplink.stop()
    counter.book.close()
    shutil.rmtree(data)
    (counter.folder / "card").rename(data)
    clock = SystemClock(trusted=True)
    counter.book = open_journal(data, counter.dev, key, clock).journal
    old = counter.book.head()
    counter.press(2)
    counter.uplink.start()
    finding = eventually(counter.inbox.findings, 20, "the fork")[0]
    assert (finding.chain, finding.kind, finding.seq) == (old.chain, "fork", 16)
    old = counter.book.head()
    receipt = (finding.token or b"").decode()
    former = Former(old.chain, old.seq, old.hash, receipt, finding.seq, finding.hash)
    counter.book.begin_chain("fork", former)
    counter.press(3)
    counter.wait()
    start = codec.decode(verify(counter.hq.held[counter.book.head().chain][0], key)).body
    assert isinstance(start, ChainStart)
    assert (start.reason, start.former, start.former_seq) == ("fork", old.chain, old.seq)
    assert (start.server_seq, start.server_hash) == (16, finding.hash)
    assert len(counter.hq.apart[old.chain]) == 2


def test_the_current_ticket_reaches_the_terminal_and_wakes_it(counter: Counter) -> None:
    counter.bell.drain()
    sent = counter.hq.ticket()
    counter.hq.send(sent)
    assert eventually(lambda: counter.inbox.ticket(SystemClock().up_ms()), 10, "ticket") == sent


def test_an_older_ticket_is_refused(counter: Counter) -> None:
    older, newer = counter.hq.ticket("v1"), counter.hq.ticket("v2")
    counter.hq.send(newer)
    eventually(lambda: counter.inbox.ticket(SystemClock().up_ms()), 10, "ticket")
    counter.hq.send(older)
    counter.uplink.wait_for("an old ticket")
    assert counter.inbox.ticket(SystemClock().up_ms()) == newer


def test_a_ticket_signed_by_the_receipt_key_is_refused(counter: Counter) -> None:
    counter.hq.send(counter.hq.ticket(), counter.hq.receipt_key)
    counter.uplink.wait_for("not listed for control")
    assert counter.inbox.ticket(SystemClock().up_ms()) is None


def test_a_forged_receipt_moves_nothing(counter: Counter) -> None:
    counter.wait()
    head = counter.book.head()
    forged = counter.hq.make_receipt(head.chain, seq=0)
    counter.hq.send(forged, keys.generate())
    counter.uplink.wait_for("not listed for receipt")
    assert counter.all_receipted()


def test_no_bytes_from_the_broker_do_harm(counter: Counter) -> None:
    counter.uplink.wait_for("connected")
    payloads = [b"\x00\xff", b"a.b.c", b"{}", b"e30.e30.e30", b"x" * 66_000]
    leaves = ["ticket", "config", "keys", "command", f"receipt/{'a' * 32}", "receipt/x"]
    for number, (leaf, payload) in enumerate(product(leaves, payloads), 1):
        counter.hq.raw(topic(counter.dev, leaf), payload)
        counter.uplink.wait_for("is refused", number)
    counter.press()
    counter.wait()


def test_a_key_list_older_than_the_one_held_is_refused(counter: Counter) -> None:
    counter.wait()
    fleet_key = keys.load_private(counter.hq.fleet.layout.fleet_key.read_bytes())
    known = KeyList(1, 0, (FleetKey("receipt", keys.x_of(keys.generate())),))
    counter.hq.publish("keys", seal_down(known, fleet_key))
    counter.uplink.wait_for("an old keys")
    counter.press()
    counter.wait()


def test_keys_signed_by_another_than_the_fleet_key_are_refused(counter: Counter) -> None:
    counter.wait()
    known = KeyList(2**60, 0, (FleetKey("receipt", keys.x_of(keys.generate())),))
    counter.hq.publish("keys", seal_down(known, counter.hq.control_key))
    counter.uplink.wait_for("signed by another key")
    counter.press()
    counter.wait()


def test_a_configuration_that_fits_waits_for_the_terminal_whose_answer_goes_up_once(
    counter: Counter,
) -> None:
    counter.uplink.wait_for("connected")
    config = Config(counter.dev, counter.hq.next_n(), 0, 7, {"look": {"letters": "large"}})
    counter.hq.send(config)
    eventually(lambda: counter.inbox.config() == config, 10, "the configuration")
    applied = ConfigResult(config.n, 7, applied=True)
    for _ in range(5):
        counter.bell.ring(pack(applied))
    answers = eventually(lambda: counter.hq.said["config-result"], 10, "the answer")
    eventually(lambda: config.n in counter.inbox.answered("config"), 10, "it is known")
    counter.press()
    counter.wait()
    assert [decode_config_result(each) for each in answers] == [applied]


def test_a_configuration_that_does_not_fit_is_refused_and_so_is_an_older_one(
    counter: Counter,
) -> None:
    counter.uplink.wait_for("connected")
    older = Config(counter.dev, counter.hq.next_n(), 0, 6, {})
    counter.hq.send(Config(counter.dev, counter.hq.next_n(), 0, 7, {"terminal": {"data": "/"}}))
    answer = eventually(lambda: counter.hq.said["config-result"], 10, "answer")[0]
    said = decode_config_result(answer)
    assert (said.version, said.applied) == (7, False)
    assert "terminal: cannot be set from afar" in (said.reason or "")
    counter.hq.send(older)
    counter.uplink.wait_for("an old config")
    assert counter.inbox.config() is None


def test_an_unknown_command_is_refused(counter: Counter) -> None:
    counter.wait()
    counter.hq.send(Command(counter.dev, counter.hq.next_n(), 0, 60, "explode"))
    answer = eventually(lambda: counter.hq.said["command-result"], 10, "answer")[0]
    assert decode_command_result(answer).outcome == "refused"


def test_an_answer_that_came_while_the_server_was_away_reaches_it_later(
    counter: Counter, site: Site
) -> None:
    counter.uplink.wait_for("connected")
    n = counter.hq.next_n()
    counter.hq.send(Command(counter.dev, n, 0, 60, "identify"))
    eventually(lambda: counter.inbox.commands(SystemClock().up_ms()), 10, "the command")
    site.broker.kill()
    try:
        counter.bell.ring(pack(CommandResult(n, "done")))
        eventually(lambda: n in counter.inbox.answered("command"), 10, "the uplink has it")
        counter.uplink.kill()
    finally:
        site.broker.restart()
    with headquarters(site.fleet, counter.dev, counter.hq.device_key) as hq:
        counter.hq = hq
        # Not before: an answer that nobody has subscribed to yet is the broker's to forget.
        counter.uplink.start()
        answer = eventually(lambda: hq.said["command-result"], 20, "the answer")[0]
    assert decode_command_result(answer) == CommandResult(n, "done")


def test_a_new_certificate_that_cannot_be_had_fails_with_the_reason(counter: Counter) -> None:
    counter.wait()
    for name in ("re-enrol", "rotate-key"):
        n = counter.hq.next_n()
        counter.hq.send(Command(counter.dev, n, 0, 60, name))
        eventually(lambda n=n: n in counter.inbox.answered("command"), 20, "answered")
    eventually(lambda: len(counter.hq.said["command-result"]) == 2, 10, "both answers")
    for answer in counter.hq.said["command-result"]:
        said = decode_command_result(answer)
        assert said.outcome == "failed"
        assert "cannot be reached" in (said.details or "")


def test_health_tells_what_waits_and_what_the_terminal_says(counter: Counter) -> None:
    counter.wait()
    counter.bell.ring({"health": {"rejected": 3}})

    def told() -> bool:
        reports = [decode_health(payload) for payload in counter.hq.said["health"]]
        return any(r.details.get("terminal") == {"rejected": 3} and r.waiting == 0 for r in reports)

    eventually(told, 10, "health")
    counter.hq.silent = True
    counter.press(4)
    eventually(lambda: decode_health(counter.hq.said["health"][-1]).waiting == 4, 10, "waiting")


def test_the_token_is_deleted_after_the_first_connection(counter: Counter) -> None:
    path = counter.folder / "enrolment.toml"
    eventually(lambda: load_toml(path.read_text()).token is None, 10, "token deleted")


def test_birth_goodbye_and_will_are_told_apart_by_the_connections_number(counter: Counter) -> None:
    counter.uplink.wait_for("connected")
    eventually(lambda: counter.hq.states and counter.hq.states[-1].state == "ready", 10, "birth")
    counter.uplink.kill()
    eventually(lambda: counter.hq.states[-1].state == "lost", 10, "will")
    born, lost = counter.hq.states[-2:]
    assert (born.boot, born.connection) == (lost.boot, lost.connection)
    counter.uplink.start()
    eventually(lambda: counter.hq.states[-1].state == "ready", 10, "second birth")
    assert counter.uplink.stop(signal.SIGTERM) == 0
    eventually(lambda: counter.hq.states[-1].state == "disconnected", 10, "goodbye")
