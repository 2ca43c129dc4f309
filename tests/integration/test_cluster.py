"""Three NATS nodes as one broker: what is kept, who is let in, and who is put out, wherever."""

import contextlib
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from fleet_server.cli import main
from fleet_server.doctor import broker as doctor
from fleet_server.doctor.patient import Patient
from fleet_server.settings import Settings
from tests.fakes.cluster import NODES, Cluster, new_cluster_fleet, running_cluster
from tests.fakes.fleets import Identity, enrolled, ingest_identity, new_counter
from tests.fakes.mqtt import MqttClient, mqtt, tls_context
from tests.fakes.wait import eventually
from wire.topics import topic

pytestmark = [pytest.mark.engines("sqlite"), pytest.mark.timeout(300)]
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


def mqtt_at_last(
    cluster: Cluster, node: str, identity: Identity
) -> AbstractContextManager[MqttClient]:
    """Connect to a node that has just been started, or lost another."""

    def connects() -> bool:
        with mqtt(at(cluster, node), identity, expect=False, patience_s=PATIENCE_S) as client:
            return client.answer == "Success"

    eventually(connects, PATIENCE_S, f"node {node} lets {identity.name} in")
    return mqtt(at(cluster, node), identity, patience_s=PATIENCE_S)


def answer_to_a_route(cluster: Cluster, identity: Identity) -> bytes:
    """Pretend to be a node, with somebody's certificate; return all that a node says."""
    context = tls_context(cluster.fleet, identity)
    address = (NODES["a"], cluster.cluster_port)
    with (
        socket.create_connection(address, 5) as plain,
        context.wrap_socket(plain, server_hostname=address[0]) as line,
    ):
        line.settimeout(10)
        hello = {"server_id": "N" * 56, "cluster": "hailong", "name": "x", "verbose": False}
        line.sendall(f"CONNECT {json.dumps(hello)}\r\nINFO {json.dumps(hello)}\r\n".encode())
        said = b""
        while part := line.recv(65_536):
            said += part
        return said


def test_a_message_goes_from_one_node_to_the_other_and_lasts_when_a_node_dies(
    cluster: Cluster,
) -> None:
    terminal = enrolled(cluster.fleet, "t-1")
    ticket = topic("t-1", "ticket")
    with mqtt(at(cluster, "c"), ingest_identity(cluster.fleet)) as server:
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
    assert b"Authorization Violation" in answer_to_a_route(cluster, identity)


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
    folder = cluster.folder / "b"
    identity = Identity(name, folder / "node.crt", folder / "node.key")
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
