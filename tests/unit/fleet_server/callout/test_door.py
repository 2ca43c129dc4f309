"""Where broker-auth connects to: one server on loopback, or every node of a cluster."""

import argparse
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from fleet_server.callout.door import addresses_of, door_of
from fleet_server.commands import broker
from fleet_server.errors import FleetError
from fleet_server.settings import Settings, SettingsError, parse
from tests.fakes.fleets import new_fleet

pytestmark = pytest.mark.engines("sqlite")


@pytest.fixture(scope="module")
def fleet(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A fleet with one broker."""
    return new_fleet(tmp_path_factory.mktemp("door") / "fleet")


def clustered(fleet: Settings, host: str) -> Settings:
    return replace(fleet, broker=replace(fleet.broker, host=host, cluster=True))


def test_one_server_is_met_on_loopback_without_tls(fleet: Settings) -> None:
    door = door_of(fleet)
    assert door.servers == (f"nats://127.0.0.1:{fleet.broker.client_port}",)
    assert door.context is None


def test_every_address_of_a_clusters_name_is_met_by_tls(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = ["10.0.0.1", "fd00::2", "10.0.0.1"]
    found = [(0, 0, 0, "", (address, 1)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    door, port = door_of(clustered(fleet, "fleet.example")), fleet.broker.client_port
    assert door.servers == (f"tls://10.0.0.1:{port}", f"tls://[fd00::2]:{port}")
    assert door.context is not None
    assert door.context.check_hostname


def test_a_name_that_leads_nowhere_yet_is_tried_as_it_is(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    assert addresses_of(clustered(fleet, "fleet.example").broker) == ["fleet.example"]


def with_cluster(fleet: Settings, kind: str) -> bytes:
    text = fleet.path.read_text("utf-8").replace("# cluster = true", "cluster = true")
    return text.replace('kind = "nats"', f'kind = "{kind}"').encode()


def test_a_cluster_is_no_broker_that_the_fleet_starts(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = parse(with_cluster(fleet, "nats"), fleet.path)
    assert settings.broker.cluster
    monkeypatch.setattr(broker, "load", lambda _config: settings)
    with pytest.raises(FleetError, match="systemctl start hailong-nats"):
        broker.run(argparse.Namespace(config=Path("x")))


def test_mosquitto_has_no_cluster(fleet: Settings) -> None:
    with pytest.raises(SettingsError, match=r"\[broker\] cluster can only be true"):
        parse(with_cluster(fleet, "mosquitto"), fleet.path)
