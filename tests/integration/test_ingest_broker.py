"""The ingest process beside a real broker with mutual TLS."""

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.settings import Settings
from fleet_server.store import database, downlink
from fleet_server.store.models import Record, TerminalStatus
from provisioning.broker import nats
from tests.fakes.brokers import KINDS, Broker, running_broker
from tests.fakes.chains import ChainWriter, joined
from tests.fakes.fleets import Identity, enrolled, new_counter, new_fleet
from tests.fakes.mqtt import MqttClient, mqtt
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually
from wire import keys, up
from wire.down import KeyList, Receipt, open_key_list, open_receipt, open_ticket
from wire.envelope import digest
from wire.ids import new_id
from wire.topics import down_filters, receipt_topic, topic

_NUMBERS = itertools.count(1)


def ingest_process(fleet: Settings, name: str = "ingest") -> Process:
    words = [FLEET, "ingest", "--config", str(fleet.path)]
    return Process(words, fleet.layout.directory / "logs" / f"{name}.log")


@pytest.fixture(scope="module", params=KINDS)
def broker(
    request: pytest.FixtureRequest, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Broker]:
    directory = tmp_path_factory.mktemp("fleet") / "fleet"
    new_counter(new_fleet(directory, request.param))
    with running_broker(request.param, directory) as running:
        yield running


@pytest.fixture
def fleet(broker: Broker) -> Iterator[Settings]:
    database.open_database(broker.fleet.database.url)
    yield broker.fleet
    database.close()


@pytest.fixture
def ingest(fleet: Settings) -> Iterator[Process]:
    with ingest_process(fleet).start() as process:
        process.wait_for("connected")
        yield process
        assert process.stop() == 0


@pytest.fixture
def terminal(fleet: Settings) -> Identity:
    identity = enrolled(fleet, f"t-{next(_NUMBERS)}")
    database.open_database(fleet.database.url)
    return identity


def writer_of(identity: Identity) -> ChainWriter:
    return ChainWriter(dev=identity.name, key=keys.load_private(identity.key.read_bytes()))


def key_list(fleet: Settings) -> KeyList:
    fleet_x = fleet.layout.fleet_public_key.read_text().strip()
    return open_key_list(fleet.layout.key_list.read_bytes().strip(), fleet_x)


def receipts(fleet: Settings, client: MqttClient, writer: ChainWriter) -> list[Receipt]:
    tokens = client.payloads(receipt_topic(writer.dev, writer.chain))
    return [open_receipt(token, key_list(fleet), writer.dev) for token in tokens]


def wait_for_head(fleet: Settings, client: MqttClient, writer: ChainWriter) -> Receipt:
    def at_head() -> Receipt | None:
        found = receipts(fleet, client, writer)
        return found[-1] if found and found[-1].hash == writer.prev else None

    return eventually(at_head, 20, f"receipt for {len(writer.tokens)}")  # type: ignore[return-value]


def hello(writer: ChainWriter) -> bytes:
    chain = up.HelloChain(
        writer.chain, 1, digest(writer.tokens[0]), len(writer.tokens), writer.prev
    )
    return up.encode_up(up.Hello(new_id(), 0, (chain,)))


def test_a_run_comes_back_as_a_retained_receipt(
    fleet: Settings, ingest: Process, terminal: Identity
) -> None:
    writer = writer_of(terminal)
    writer.start()
    writer.presses(3)
    with mqtt(fleet, terminal) as client:
        client.subscribe(*down_filters(terminal.name))
        client.publish(topic(terminal.name, "records"), joined(writer.tokens))
        receipt = wait_for_head(fleet, client, writer)
        assert (receipt.seq, receipt.status) == (4, "ok")
    with mqtt(fleet, terminal) as again:
        again.subscribe(receipt_topic(terminal.name, writer.chain))
        assert wait_for_head(fleet, again, writer).n >= receipt.n


def test_any_bytes_on_any_topic_leave_it_running(
    fleet: Settings, ingest: Process, terminal: Identity
) -> None:
    random.seed(1)
    writer = writer_of(terminal)
    writer.start()
    with mqtt(fleet, terminal) as client:
        client.subscribe(*down_filters(terminal.name))
        for leaf in ("records", "hello", "state", "health", "visits", "config-result"):
            for junk in (b"", b"\x00", b"{" * 5000, random.randbytes(60_000), b"a.b.c\n" * 9000):
                client.publish(topic(terminal.name, leaf), junk)
        client.publish(topic(terminal.name, "records"), joined(writer.tokens))
        assert wait_for_head(fleet, client, writer).seq == 1
    assert "Traceback" not in ingest.output()


def test_a_wish_is_signed_and_published_at_once_and_the_key_list_too(
    fleet: Settings, ingest: Process, terminal: Identity
) -> None:
    body = {"ttl_s": 3600, "counter": "Q1", "counter_name": "Counter", "visit": None}
    with mqtt(fleet, terminal) as client:
        client.subscribe_for_sure(*down_filters(terminal.name))
        with database.writing():
            downlink.want(terminal.name, "ticket", body)
        [token] = eventually(lambda: client.payloads(topic(terminal.name, "ticket")), 5, "ticket")
        ticket = open_ticket(token, key_list(fleet), terminal.name)
        assert (ticket.counter, ticket.visit) == ("Q1", None)
        with database.writing():
            downlink.want(terminal.name, "ticket", {**body, "counter_name": "Other"})
        eventually(lambda: len(client.payloads(topic(terminal.name, "ticket"))) == 2, 5, "ticket")
        newer = client.payloads(topic(terminal.name, "ticket"))[1]
        assert open_ticket(newer, key_list(fleet), terminal.name).n > ticket.n
        keys_topic = topic(terminal.name, "keys")
        token = eventually(lambda: client.payloads(keys_topic), 5, "key list")[0]
        assert token == fleet.layout.key_list.read_bytes().strip()


def test_presence_follows_births_and_wills(
    fleet: Settings, ingest: Process, terminal: Identity
) -> None:
    boot = new_id()

    def state() -> str | None:
        row = TerminalStatus.get_or_none(TerminalStatus.terminal == terminal.name)
        return row.state if row else None

    will = up.encode_up(up.State("lost", boot, 1, 0))
    name = topic(terminal.name, "state")
    with mqtt(fleet, terminal, will=(name, will)) as client:
        client.publish(name, up.encode_up(up.State("ready", boot, 1, 0)), retain=True)
        eventually(lambda: state() == "ready", 10, "ready")
        client.cut()
        eventually(lambda: state() == "lost", 20, "lost")


def test_what_was_sent_while_ingest_was_away_is_taken_when_it_is_back(
    fleet: Settings, terminal: Identity
) -> None:
    writer = writer_of(terminal)
    writer.start()
    with ingest_process(fleet).start() as process, mqtt(fleet, terminal) as client:
        process.wait_for("connected")
        process.kill()
        client.subscribe(*down_filters(terminal.name))
        client.publish(topic(terminal.name, "records"), joined(writer.tokens))
        process.start()
        assert wait_for_head(fleet, client, writer).seq == 1
        assert process.stop() == 0


@pytest.mark.soak
def test_killed_at_random_moments_it_loses_and_doubles_nothing(
    fleet: Settings, terminal: Identity
) -> None:
    random.seed(7)
    writer = writer_of(terminal)
    writer.start()
    with ingest_process(fleet) as process, mqtt(fleet, terminal) as client:
        client.subscribe(*down_filters(terminal.name))
        for _ in range(4):
            process.start()
            for _ in range(random.randint(1, 40)):
                writer.press()
                client.publish(topic(terminal.name, "records"), writer.tokens[-1])
            process.kill()
        process.start()

        def whole() -> bool:
            client.publish(topic(terminal.name, "hello"), hello(writer))
            client.publish(topic(terminal.name, "records"), joined(writer.tokens[-100:]))
            found = receipts(fleet, client, writer)
            head = found[-1].seq if found else 0
            client.publish(
                topic(terminal.name, "records"), joined(writer.tokens[head : head + 100])
            )
            return head == len(writer.tokens)

        eventually(whole, 30, "all receipted")
        process.wait_for("connected")
        assert process.stop() == 0
    query = Record.select().where(Record.branch == 0, Record.type != "").order_by(Record.seq)
    mine = [row.hash for row in query if row.chain.chain_id == writer.chain]
    assert mine == [digest(token) for token in writer.tokens]


def test_two_ingest_processes_at_once_harm_nothing(fleet: Settings, terminal: Identity) -> None:
    writer = writer_of(terminal)
    writer.start()
    one, two = (ingest_process(fleet, name) for name in ("one", "two"))
    with one.start(), two.start(), mqtt(fleet, terminal) as client:
        one.wait_for("connected")
        two.wait_for("connected")
        client.subscribe(*down_filters(terminal.name))
        for _ in range(20):
            writer.presses(2)
            client.publish(topic(terminal.name, "records"), joined(writer.tokens[-12:]))

        def whole() -> bool:
            client.publish(topic(terminal.name, "records"), joined(writer.tokens))
            found = receipts(fleet, client, writer)
            return bool(found) and found[-1].hash == writer.prev

        eventually(whole, 30, "all receipted")
        assert [one.stop(), two.stop()] == [0, 0]
    query = Record.select().order_by(Record.seq)
    mine = [row.hash for row in query if row.chain.chain_id == writer.chain]
    assert mine == [digest(token) for token in writer.tokens]


def test_a_broker_that_lost_everything_is_filled_again(
    broker: Broker, fleet: Settings, ingest: Process, terminal: Identity
) -> None:
    body = {"ttl_s": 3600, "counter": "Q1", "counter_name": "Counter", "visit": None}
    with database.writing():
        downlink.want(terminal.name, "ticket", body)
    eventually(lambda: downlink.due(0) == [], 10, "published")
    broker.kill()
    broker.restart(empty=True)
    with mqtt(fleet, terminal) as client:
        client.subscribe_for_sure(*down_filters(terminal.name))
        eventually(lambda: client.payloads(topic(terminal.name, "ticket")), 30, "ticket again")
        eventually(lambda: client.payloads(topic(terminal.name, "keys")), 30, "keys again")


@pytest.mark.usefixtures("engine")
def test_it_says_what_the_broker_refuses_to_give_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So many on their way to one subscription leave too little for the last of them.
    monkeypatch.setattr(nats, "MAX_ACK_PENDING", 10_000)
    fleet = new_fleet(tmp_path / "fleet", "nats")
    with running_broker("nats", tmp_path / "fleet"), ingest_process(fleet).start() as process:
        process.wait_for("the broker refuses subscriptions")
        assert "] connected" not in process.output()
        assert process.stop() == 0


@pytest.mark.usefixtures("engine")
def test_it_says_what_is_missing_instead_of_starting(tmp_path: Path) -> None:
    fleet = new_fleet(tmp_path / "fleet")
    fleet.layout.key_list.unlink()
    process = ingest_process(fleet).start()
    eventually(lambda: not process.running, 10, "ended")
    assert process.stop() == 1
    assert str(fleet.layout.key_list) in process.output()
    assert "Traceback" not in process.output()
