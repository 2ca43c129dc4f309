"""A broker of three real NATS nodes on this machine, as ``hailong-provision`` configures them.

Each node listens on a loopback address of its own. ``fleet.test`` is the name of all three, which
the processes of a test resolve by ``tests/fakes/resolver``.
"""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from fleet_server.commands.broker import program
from fleet_server.settings import Settings, load
from provisioning.cli import main
from tests.fakes.fleets import new_fleet
from tests.fakes.ports import free_ports
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually

NAME = "fleet.test"
NODES = {"a": "127.0.0.1", "b": "127.0.0.2", "c": "127.0.0.3"}
_AGAIN = "ready again"
_RESOLVER = Path(__file__).with_name("resolver")


def seeing(*order: str) -> dict[str, str]:
    """Return the environment of a process to whom the nodes' addresses come in this order."""
    addresses = ",".join(NODES[node] for node in order)
    return {"PYTHONPATH": str(_RESOLVER), "HAILONG_TEST_NAMES": f"{NAME}={addresses}"}


def connections(process: Process, address: str) -> int:
    """Return how many connections a process has to an address now."""
    found = psutil.Process(process.pid).net_connections("tcp")
    return sum(bool(one.raddr) and one.raddr.ip == address for one in found)


class Cluster:
    """Three nodes and the process that answers their questions; the broker of a `System`."""

    def __init__(self, fleet: Settings, nodes: Path) -> None:
        self.fleet, self.folder = fleet, nodes
        self.cluster_port = free_ports(1)[0]
        logs = nodes / "logs"
        assert main(self.words()) == 0
        for node in NODES:
            folder = ["--node", node, "--home", str(nodes / node), "--listen", NODES[node]]
            assert main([*self.words(), *folder]) == 0
        self.nodes = {
            node: Process(
                [program("nats"), "-c", str(nodes / node / "nats.conf")], logs / f"{node}.log"
            )
            for node in NODES
        }
        words = [FLEET, "broker-auth", "--config", str(fleet.path)]
        self.auth = Process(words, logs / "broker-auth.log", seeing("c", "a", "b"))

    def words(self) -> list[str]:
        """Return what a person would type for the nodes."""
        broker = self.fleet.broker
        hosts = ",".join(f"{name}={host}" for name, host in NODES.items())
        return [
            "broker-config", "--dir", str(self.fleet.layout.directory), "--cluster", hosts,
            "--name", NAME, "--out", str(self.folder), "--port", str(broker.port),
            "--client-port", str(broker.client_port), "--cluster-port", str(self.cluster_port),
        ]  # fmt: skip

    def start(self) -> None:
        """Start all nodes, and return when the fleet's name can be connected to."""
        for process in self.nodes.values():
            process.start()
        for node in self.nodes:
            self.wait_for(node)
        self.auth.start()
        self.auth.wait_for("ready", timeout_s=30)

    def start_again(self, node: str) -> None:
        """Start a node that was killed, and return when it is one of the cluster again."""
        self.nodes[node].start()
        self.wait_for(node)

    def wait_for(self, node: str) -> None:
        """Wait until a node has found the others; who asks before may wait long."""
        self.nodes[node].wait_for("metadata leader", timeout_s=60)

    def take_each_other(self, *nodes: str) -> None:
        """Put the list of the nodes' keys onto some nodes that run, and let them read that."""
        for node in nodes:
            pins = str(self.folder / node / "pins.conf")
            words = ["broker-config", "--dir", str(self.fleet.layout.directory), "--pins", pins]
            assert main(words) == 0
            os.kill(self.nodes[node].pid, signal.SIGHUP)

    def kill(self, node: str) -> None:
        """End a node as a power cut would; return when broker-auth is at others."""
        lost = connections(self.auth, NODES[node])
        before = self.auth.output().count(_AGAIN)
        self.nodes[node].kill()
        eventually(lambda: self.auth.output().count(_AGAIN) >= before + lost, 60, "broker-auth")

    @contextmanager
    def without(self, node: str) -> Iterator[None]:
        """End a node as a power cut would, and start it again afterwards."""
        self.kill(node)
        try:
            yield
        finally:
            self.start_again(node)

    def close(self) -> None:
        """End everything."""
        self.auth.stop()
        for process in self.nodes.values():
            process.stop()


def new_cluster_fleet(directory: Path, more: str = "") -> Settings:
    """Make a fleet whose broker is a cluster under ``fleet.test``."""
    fleet = new_fleet(directory, "nats", more)
    text = fleet.path.read_text("utf-8")
    broker = re.search(r"(?ms)^\[broker\].*?(?=^\[)", text)
    assert broker is not None
    changed = re.sub(r'(?m)^host = ".*"$', f'host = "{NAME}"', broker[0])
    changed = changed.replace("# cluster = true", "cluster = true")
    fleet.path.write_text(text.replace(broker[0], changed), "utf-8")
    return load(fleet.path)


@contextmanager
def running_cluster(fleet: Settings, nodes: Path) -> Iterator[Cluster]:
    """Run three nodes for a fleet."""
    cluster = Cluster(fleet, nodes)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.close()
