"""Three NATS nodes as one broker: what is kept, who is let in, and who is put out, wherever."""

import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.doctor import broker as doctor
from fleet_server.doctor.patient import Patient
from fleet_server.settings import Settings
from provisioning import clock
from provisioning.cli import main as provision
from provisioning.pki import authority, certificates, files
from tests.fakes.cluster import NAME, NODES, Cluster, new_cluster_fleet, running_cluster
from tests.fakes.fleets import Identity, enrolled, ingest_identity, new_counter
from tests.fakes.mqtt import MqttClient, mqtt, tls_context
from tests.fakes.wait import eventually
from wire.topics import topic

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.timeout(300)]
LEADERLESS = "no metadata leader"
PATIENCE_S = 60
"""Nodes that elect leaders on a busy machine take their time."""


@pytest.fixture(scope="module")
def cluster(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three running nodes."""
    folder = tmp_path_factory.mktemp("cluster")
    fleet = new_cluster_fleet(folder / "fleet")
    new_counter(fleet)
    with running_cluster(fleet, folder / "nodes") as one:
        yield one


def at(cluster: Cluster, node: str) -> Settings:
    """Return the settings of one whose broker is this node."""
    return replace(cluster.fleet, broker=replace(cluster.fleet.broker, host=NODES[node]))


@contextlib.contextmanager
def mqtt_at_last(cluster: Cluster, node: str, identity: Identity) -> Iterator[MqttClient]:
    """Connect to a node that has just been started, or lost another, however often that takes."""
    with contextlib.ExitStack() as tries:

        def connected() -> MqttClient | None:
            there = at(cluster, node)
            client = tries.enter_context(mqtt(there, identity, expect=False, patience_s=PATIENCE_S))
            return client if client.answer == "Success" else None

        yield eventually(connected, PATIENCE_S, f"node {node} lets {identity.name} in")


def is_taken(cluster: Cluster, identity: Identity) -> bool:
    """Pretend to be a node, with somebody's certificate; say whether a node speaks to us."""
    context = tls_context(cluster.fleet, identity)
    address = (NODES["a"], cluster.cluster_port)
    with (
        socket.create_connection(address, 5) as plain,
        context.wrap_socket(plain, server_hostname=address[0]) as line,
    ):
        line.settimeout(10)
        return line.recv(5) == b"INFO "


def test_a_message_goes_from_one_node_to_the_other_and_lasts_when_a_node_dies(
    cluster: Cluster,
) -> None:
    terminal = enrolled(cluster.fleet, "t-1")
    ticket = topic("t-1", "ticket")
    with mqtt_at_last(cluster, "c", ingest_identity(cluster.fleet)) as server:
        server.publish(ticket, b"A001", retain=True)
    with cluster.without("c"):
        for node in ("a", "b"):
            eventually(lambda node=node: kept(cluster, node, terminal, ticket), PATIENCE_S, node)
    eventually(lambda: kept(cluster, "c", terminal, ticket), PATIENCE_S, "c")


def kept(cluster: Cluster, node: str, identity: Identity, ticket: str) -> list[bytes]:
    """Return what a node gives of what was retained; while it elects leaders, perhaps nothing."""
    with mqtt_at_last(cluster, node, identity) as client:
        client.subscribe_for_sure(ticket)
        with contextlib.suppress(AssertionError):
            assert client.expect(ticket, b"A001").retain
        return client.payloads(ticket)


def test_a_session_goes_on_at_another_node(cluster: Cluster) -> None:
    terminal = enrolled(cluster.fleet, "t-2")
    ticket = topic("t-2", "command")
    with mqtt(at(cluster, "a"), terminal, clean=False) as client:
        client.subscribe_for_sure(ticket)
    with mqtt(at(cluster, "b"), ingest_identity(cluster.fleet)) as server:
        server.publish(ticket, b"while away")
    with mqtt(at(cluster, "b"), terminal, clean=False) as client:
        client.expect(ticket, b"while away", PATIENCE_S)


@pytest.mark.parametrize("who", ["terminal", "ingest"])
def test_no_other_certificate_of_the_fleet_makes_a_node(cluster: Cluster, who: str) -> None:
    identity = (
        enrolled(cluster.fleet, "t-3") if who == "terminal" else ingest_identity(cluster.fleet)
    )
    assert not is_taken(cluster, identity)


def test_a_node_that_is_not_listed_is_no_node_though_its_certificate_is_right(
    cluster: Cluster, tmp_path: Path
) -> None:
    """What the fleet's authority signed for a node, but the fleet did not put on the list."""
    layout, key = cluster.fleet.layout, files.new_key()
    certificate = certificates.issue_node(
        authority.load_issuing(layout), key.public_key(), [NODES["b"]], clock.now()
    )
    files.write_key(tmp_path / "node.key", key)
    files.write_certificates(tmp_path / "node.crt", [certificate])
    unlisted = Identity("x", tmp_path / "node.crt", tmp_path / "node.key")
    assert not is_taken(cluster, unlisted)
    assert is_taken(cluster, papers(cluster, "b"))


def papers(cluster: Cluster, node: str) -> Identity:
    """Return a node's own certificate."""
    folder = cluster.folder / node
    return Identity(node, folder / "node.crt", folder / "node.key")


def test_a_node_whose_key_is_revoked_is_put_out_and_the_others_stay(cluster: Cluster) -> None:
    """Its key was stolen: neither the thief nor the node itself gets in until it has a new one."""
    layout, stolen = cluster.fleet.layout, papers(cluster, "c")
    terminal = enrolled(cluster.fleet, "t-4")
    alone = cluster.nodes["c"].output().count(LEADERLESS)
    words = ["ca", "revoke", "--dir", str(layout.directory), "--certificate"]
    assert provision([*words, str(stolen.certificate)]) == 0
    cluster.take_each_other(*NODES)
    eventually(lambda: cluster.nodes["c"].output().count(LEADERLESS) > alone, PATIENCE_S, "c alone")
    cluster.kill("c")
    assert not is_taken(cluster, stolen)
    eventually(lambda: heard(cluster, "a", "b", terminal), PATIENCE_S, "from a to b")
    renew = ["server-cert", "--dir", str(layout.directory), "--name", NODES["c"], "--name", NAME]
    assert provision([*renew, "--out", str(cluster.folder / "c")]) == 0
    cluster.take_each_other("a", "b")
    cluster.start_again("c")
    assert is_taken(cluster, papers(cluster, "c"))
    eventually(lambda: heard(cluster, "c", "b", terminal), PATIENCE_S, "from c to b")


def heard(cluster: Cluster, here: str, there: str, terminal: Identity) -> bool:
    """Say whether a terminal at one node hears what the server says to it at another."""
    ticket = topic(terminal.name, "ticket")
    with (
        mqtt_at_last(cluster, there, terminal) as client,
        mqtt_at_last(cluster, here, ingest_identity(cluster.fleet)) as server,
    ):
        client.subscribe_for_sure(ticket)
        server.publish(ticket, b"A001")
        with contextlib.suppress(AssertionError):
            client.expect(ticket, b"A001")
        return b"A001" in client.payloads(ticket)


def test_who_has_no_certificate_speaks_to_no_node(cluster: Cluster) -> None:
    context = ssl.create_default_context(cafile=str(cluster.fleet.layout.root_certificate))
    address = (NODES["a"], cluster.cluster_port)
    with (
        socket.create_connection(address, 5) as plain,
        pytest.raises(ssl.SSLError, match="certificate required"),
        context.wrap_socket(plain, server_hostname=address[0]) as line,
    ):
        line.recv(1)


@pytest.mark.parametrize("name", ["fleet-ingest", "t-2", "Hailong broker node"])
def test_the_certificate_of_a_node_is_no_clients(cluster: Cluster, name: str) -> None:
    identity = replace(papers(cluster, "b"), name=name)
    with mqtt(at(cluster, "a"), identity, expect=False) as client:
        assert client.answer in ("Not authorized", "Client identifier not valid")


def test_a_revoked_terminal_is_put_out_at_whatever_node_it_is(cluster: Cluster) -> None:
    terminals = {node: enrolled(cluster.fleet, f"t-at-{node}") for node in NODES}
    for node, terminal in terminals.items():
        with mqtt_at_last(cluster, node, terminal) as client:
            config = ["--config", str(cluster.fleet.path)]
            assert main(["terminal", "revoke", terminal.name, *config]) == 0
            eventually(lambda client=client: client.lost, PATIENCE_S, f"put out at {node}")


def test_the_doctor_meets_every_node_that_the_name_leads_to(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached = list(NODES.values())
    monkeypatch.setattr(doctor, "addresses_of", lambda _broker: reached)
    patient = Patient(cluster.fleet, 0)
    assert [one.state for one in doctor.look(patient)] == ["good"] * 3
    reached.pop()
    assert "has 2 addresses, and the cluster 3 nodes" in next(doctor.look(patient)).said
    reached.append("127.0.0.9")
    assert [one.state for one in doctor.look(patient)] == ["good", "good", "wrong"]
