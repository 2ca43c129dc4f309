"""Every TLS endpoint, looked at from outside by sslyze."""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from device.clock import SystemClock
from device.settings import LanSettings, TerminalSettings
from device.tickets.lan.make import make
from device.tickets.lan.source import LanTickets
from tests.fakes.brokers import running_broker
from tests.fakes.cluster import NODES, new_cluster_fleet, running_cluster
from tests.fakes.fleets import Identity, ingest_identity, new_fleet
from tests.fakes.ports import free_ports
from tests.fakes.sslyze import Scan, scan
from tests.integration.est_process import running_est

pytestmark = pytest.mark.engines("sqlite")

OWN = "terminal for the queue system"
"""Callers are told its very certificate, which hangs on no chain."""
ENDPOINTS = (
    *("enrolment", "nats", "mosquitto", "node", "node for broker-auth", "node for nodes"),
    OWN,
)
GOOD_CURVES = {"X25519", "X448", "secp256r1", "secp384r1", "secp521r1"}


def enrolment(folder: Path, stack: ExitStack) -> Scan:
    fleet = new_fleet(folder)
    stack.enter_context(running_est(fleet))
    root = fleet.layout.root_certificate
    return scan("localhost", fleet.est.port, root, ingest_identity(fleet))


def broker(kind: str) -> Callable[[Path, ExitStack], Scan]:
    def look(folder: Path, stack: ExitStack) -> Scan:
        fleet = new_fleet(folder, kind)
        one = stack.enter_context(running_broker(fleet.broker.kind, folder))
        return scan(one.host, one.port, fleet.layout.root_certificate, ingest_identity(fleet))

    return look


def node(which: str) -> Callable[[Path, ExitStack], Scan]:
    def look(folder: Path, stack: ExitStack) -> Scan:
        fleet = new_cluster_fleet(folder / "fleet")
        cluster = stack.enter_context(running_cluster(fleet, folder / "nodes"))
        ports = {"port": fleet.broker.port, "client_port": fleet.broker.client_port}
        port = ports.get(which, cluster.cluster_port)
        other = cluster.folder / "b"
        identity = Identity("b", other / "node.crt", other / "node.key")
        return scan(NODES["a"], port, fleet.layout.root_certificate, identity)

    return look


def queue_system(folder: Path, stack: ExitStack) -> Scan:
    """The terminal's own endpoint; its certificate stands for itself."""
    [port] = free_ports(1)
    settings = LanSettings(
        "127.0.0.1", port, folder / "lan.pem", folder / "lan.key", folder / "lan.token"
    )
    make(settings, ["localhost"])
    lan = LanTickets(
        settings, TerminalSettings("t-1", "Q1", "", folder), SystemClock(True), lambda: None
    )
    stack.callback(lan.close)
    lan.take()
    over = threading.Event()

    def turn() -> None:
        while not over.is_set():
            if select.select([lan], [], [], 0.02)[0]:
                lan.drain()

    thread = threading.Thread(target=turn)
    thread.start()
    stack.callback(thread.join)
    stack.callback(over.set)
    identity = Identity("t-1", settings.certificate, settings.key)
    return scan("localhost", port, settings.certificate, identity)


LOOKS = dict(
    zip(
        ENDPOINTS,
        (
            enrolment,
            broker("nats"),
            broker("mosquitto"),
            node("port"),
            node("client_port"),
            node("cluster_port"),
            queue_system,
        ),
        strict=True,
    )
)


@pytest.fixture(scope="module", params=ENDPOINTS)
def endpoint(request: pytest.FixtureRequest) -> str:
    """Which endpoint is looked at."""
    return str(request.param)


@pytest.fixture(scope="module")
def found(endpoint: str, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scan]:
    """What sslyze says of an endpoint that runs."""
    with ExitStack() as stack:
        yield LOOKS[endpoint](tmp_path_factory.mktemp("tls") / "fleet", stack)


def test_only_tls_1_2_and_1_3_are_spoken(found: Scan) -> None:
    for version in ("ssl_3_0", "tls_1_0", "tls_1_1"):
        assert found.suites(version) == set(), version
    assert found.suites("tls_1_3")


def test_every_suite_has_forward_secrecy_and_authenticated_encryption(found: Scan) -> None:
    older = found.suites("tls_1_2")
    assert older
    for suite in older:
        assert suite.startswith("TLS_ECDHE_")
        assert "GCM" in suite or "CHACHA20" in suite, suite


def test_no_curve_is_weak(found: Scan) -> None:
    assert found.curves()
    assert found.curves() <= GOOD_CURVES


def test_the_chain_leads_to_the_fleets_root_and_to_no_public_one(
    endpoint: str, found: Scan
) -> None:
    chain = found.chain()
    assert chain["received_chain_has_valid_order"]
    assert not chain["verified_chain_has_sha1_signature"]
    believed = {
        one["trust_store"]["name"]
        for one in chain["path_validation_results"]
        if one["was_validation_successful"]
    }
    assert believed == (set() if endpoint == OWN else {"Supplied CA file"})


def test_no_known_weakness_is_there(found: Scan) -> None:
    assert not any(found.weaknesses().values()), found.weaknesses()
