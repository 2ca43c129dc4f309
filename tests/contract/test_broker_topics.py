"""Who may publish and read what, and what the broker keeps."""

import pytest

from fleet_server.settings import Settings
from tests.contract.conftest import NewTerminal
from tests.fakes.brokers import Broker
from tests.fakes.fleets import Identity
from tests.fakes.mqtt import MqttClient, mqtt
from tests.fakes.wait import eventually
from wire.topics import DOWN, UP, down_filters, receipt_topic, topic, up_filters

CHAIN = "c" * 32


def test_all_subscriptions_of_both_sides_are_granted(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    terminal = new_terminal()
    with mqtt(fleet, ingest) as server, mqtt(fleet, terminal) as client:
        server.subscribe(*up_filters())
        client.subscribe(*down_filters(terminal.name))
        assert server.granted == [[True] * len(up_filters())]
        assert client.granted == [[True] * len(down_filters(terminal.name))]


@pytest.mark.parametrize("leaf", UP)
def test_what_a_terminal_publishes_reaches_ingest(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal, leaf: str
) -> None:
    terminal = new_terminal()
    with mqtt(fleet, ingest) as server, mqtt(fleet, terminal) as client:
        server.subscribe(*up_filters())
        client.publish(topic(terminal.name, leaf), b"up")
        server.expect(topic(terminal.name, leaf), b"up")


@pytest.mark.parametrize("leaf", [*DOWN, f"receipt/{CHAIN}"])
def test_what_ingest_publishes_reaches_its_terminal_and_no_other(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal, leaf: str
) -> None:
    mine, other = new_terminal(), new_terminal()
    with (
        mqtt(fleet, ingest) as server,
        mqtt(fleet, mine) as client,
        mqtt(fleet, other) as neighbour,
    ):
        client.subscribe(*down_filters(mine.name))
        neighbour.subscribe(*down_filters(other.name))
        neighbour.subscribe(*down_filters(mine.name))
        server.publish(topic(mine.name, leaf), b"down")
        client.expect(topic(mine.name, leaf), b"down")
        _settle(server, neighbour, other.name)
        assert neighbour.payloads(topic(mine.name, leaf)) == []


@pytest.mark.parametrize("leaf", UP)
def test_a_terminal_cannot_publish_in_anothers_name(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal, leaf: str
) -> None:
    victim, attacker = new_terminal(), new_terminal()
    with mqtt(fleet, ingest) as server:
        server.subscribe(*up_filters())
        with mqtt(fleet, attacker) as client:
            client.publish(topic(victim.name, leaf), b"forged")
        with mqtt(fleet, victim) as honest:
            honest.publish(topic(victim.name, leaf), b"honest")
        server.expect(topic(victim.name, leaf), b"honest")
        assert server.payloads(topic(victim.name, leaf)) == [b"honest"]


@pytest.mark.parametrize("leaf", [*DOWN, f"receipt/{CHAIN}"])
def test_a_terminal_cannot_publish_what_only_the_server_says(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal, leaf: str
) -> None:
    victim, attacker = new_terminal(), new_terminal()
    with mqtt(fleet, victim) as client:
        client.subscribe(*down_filters(victim.name))
        for sender in (attacker, victim):
            with mqtt(fleet, sender, expect=True) as forger:
                forger.publish(topic(victim.name, leaf), b"forged", retain=True)
    with mqtt(fleet, victim) as client, mqtt(fleet, ingest) as server:
        client.subscribe(*down_filters(victim.name))
        server.publish(topic(victim.name, leaf), b"true")
        client.expect(topic(victim.name, leaf), b"true")
        assert client.payloads(topic(victim.name, leaf)) == [b"true"]


@pytest.mark.parametrize(
    "pattern",
    ["#", "hailong/#", "hailong/1/+/records", "hailong/1/+/ticket", "$SYS/#", "$MQTT/#", "+/1/#"],
)
def test_a_terminal_reads_nothing_through_wildcards(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal, pattern: str
) -> None:
    victim, curious = new_terminal(), new_terminal()
    with (
        mqtt(fleet, ingest) as server,
        mqtt(fleet, victim) as client,
        mqtt(fleet, curious) as reader,
    ):
        server.subscribe("hailong/1/+/records")
        reader.subscribe(pattern)
        client.publish(topic(victim.name, "records"), b"a rating")
        server.expect(topic(victim.name, "records"), b"a rating")
        server.publish(topic(victim.name, "ticket"), b"a ticket", retain=True)
        _settle(server, reader, curious.name)
        assert [m for m in reader.messages if f"/{curious.name}/" not in m.topic] == []


def test_ingest_reads_only_what_goes_up(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    terminal = new_terminal()
    with mqtt(fleet, ingest) as server, mqtt(fleet, terminal) as client:
        server.subscribe(*up_filters())
        server.publish(topic(terminal.name, "records"), b"from the server itself")
    with mqtt(fleet, ingest) as server, mqtt(fleet, terminal) as client:
        server.subscribe(*up_filters())
        client.publish(topic(terminal.name, "records"), b"from the terminal")
        server.expect(topic(terminal.name, "records"), b"from the terminal")
        assert server.payloads(topic(terminal.name, "records")) == [b"from the terminal"]


def test_the_will_is_delivered_and_kept_when_a_terminal_falls_silent(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    terminal = new_terminal()
    state = topic(terminal.name, "state")
    with mqtt(fleet, ingest) as server:
        server.subscribe(state.replace(terminal.name, "+"))
        with mqtt(fleet, terminal, will=(state, b"lost")) as client:
            client.publish(state, b"ready", retain=True)
            server.expect(state, b"ready")
            client.cut()
            server.expect(state, b"lost")
    with mqtt(fleet, ingest) as later:
        later.subscribe(state.replace(terminal.name, "+"))
        assert later.expect(state, b"lost").retain


def test_a_will_in_anothers_name_never_arrives(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    victim, attacker = new_terminal(), new_terminal()
    state = topic(victim.name, "state")
    with mqtt(fleet, ingest) as server:
        server.subscribe("hailong/1/+/state")
        with mqtt(fleet, attacker, will=(state, b"lost"), expect=False) as client:
            if client.connected:
                client.cut()
                eventually(lambda: client.lost, 10, "the connection cut")
        with mqtt(fleet, victim) as honest:
            honest.publish(state, b"ready")
        server.expect(state, b"ready")
        assert server.payloads(state) == [b"ready"]


def test_a_retained_message_waits_for_its_terminal(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    terminal = new_terminal()
    receipt = receipt_topic(terminal.name, CHAIN)
    with mqtt(fleet, ingest) as server:
        server.publish(receipt, b"old", retain=True)
        server.publish(receipt, b"new", retain=True)
    with mqtt(fleet, terminal) as client:
        client.subscribe(*down_filters(terminal.name))
        assert client.expect(receipt, b"new").retain
        assert client.payloads(receipt) == [b"new"]


def test_an_empty_retained_message_takes_the_former_away(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    terminal = new_terminal()
    with mqtt(fleet, ingest) as server:
        server.publish(topic(terminal.name, "ticket"), b"A001", retain=True)
        server.publish(topic(terminal.name, "ticket"), b"", retain=True)
        server.publish(topic(terminal.name, "config"), b"mark", retain=True)
    with mqtt(fleet, terminal) as client:
        client.subscribe(*down_filters(terminal.name))
        client.expect(topic(terminal.name, "config"), b"mark")
        assert client.payloads(topic(terminal.name, "ticket")) == []


def test_a_run_of_64_kib_goes_up_whole(
    fleet: Settings, ingest: Identity, new_terminal: NewTerminal
) -> None:
    terminal, run = new_terminal(), b"r" * 65_536
    with mqtt(fleet, ingest) as server, mqtt(fleet, terminal) as client:
        server.subscribe("hailong/1/+/records")
        client.publish(topic(terminal.name, "records"), run)
        server.expect(topic(terminal.name, "records"), run)


def test_what_came_while_ingest_was_away_waits_through_a_restart(
    broker: Broker, ingest: Identity, new_terminal: NewTerminal
) -> None:
    fleet, terminal = broker.fleet, new_terminal()
    records = topic(terminal.name, "records")
    with mqtt(fleet, ingest, clean=False) as server:
        server.subscribe("hailong/1/+/records")
    with mqtt(fleet, terminal) as client:
        for number in range(50):
            client.publish(records, b"%d" % number)
    broker.restart()
    with mqtt(fleet, ingest, clean=False) as server:
        eventually(lambda: len(server.payloads(records)) >= 50, 20, "all of them came")
        assert list(dict.fromkeys(server.payloads(records))) == [b"%d" % n for n in range(50)]
    with mqtt(fleet, ingest):
        pass  # a clean session: the next test finds nothing of this one


def test_a_broker_restarted_empty_serves_again(
    broker: Broker, ingest: Identity, new_terminal: NewTerminal
) -> None:
    fleet, terminal = broker.fleet, new_terminal()
    with mqtt(fleet, ingest) as server:
        server.publish(topic(terminal.name, "config"), b"forgotten", retain=True)
    broker.kill()
    broker.restart(empty=True)
    with mqtt(fleet, ingest) as server, mqtt(fleet, terminal) as client:
        client.subscribe(*down_filters(terminal.name))
        server.publish(topic(terminal.name, "config"), b"said again", retain=True)
        client.expect(topic(terminal.name, "config"), b"said again")
        assert client.payloads(topic(terminal.name, "config")) == [b"said again"]


def _settle(server: MqttClient, reader: MqttClient, name: str) -> None:
    """Send the reader something of its own, after which whatever leaked would be there."""
    if reader.connected:
        reader.subscribe(topic(name, "command"))
    if reader.connected:
        server.publish(topic(name, "command"), b"settle")
        reader.expect(topic(name, "command"), b"settle")
