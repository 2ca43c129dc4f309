"""What is in the way is said in one sentence, before anything is opened."""

import socket

import pytest

from fleet_server import beforehand, cli
from fleet_server.beforehand import check_port
from fleet_server.errors import FleetError
from fleet_server.settings import Settings
from tests.fakes import databases
from tests.fakes.fleets import new_fleet
from tests.fakes.ports import free_ports


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    with databases.using("sqlite"):
        return new_fleet(tmp_path_factory.mktemp("before") / "fleet")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beforehand, "PAUSE_S", 0)


def listener(port: int) -> socket.socket:
    return socket.create_server(("127.0.0.1", port))


def test_a_free_port_is_left_free() -> None:
    port = free_ports(1)[0]
    check_port("127.0.0.1", port, "[web] port")
    with listener(port):
        pass


def test_a_port_in_use_is_named_with_its_key() -> None:
    port = free_ports(1)[0]
    with listener(port), pytest.raises(FleetError, match=rf"port {port} .* \[web\] port"):
        check_port("127.0.0.1", port, "[web] port")


def test_a_port_that_is_given_back_in_a_moment_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    port = free_ports(1)[0]
    held = listener(port)
    monkeypatch.setattr("time.sleep", lambda _seconds: held.close())
    check_port("127.0.0.1", port, "[web] port")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(FleetError, match=r"can't listen .* \[broker\] listen"):
        check_port("192.0.2.1", free_ports(1)[0], "[broker] listen")


@pytest.mark.parametrize(
    ("command", "port", "key"),
    [
        ("broker", "broker.port", "[broker] port"),
        ("broker", "broker.client_port", "[broker] client_port"),
        ("est", "est.port", "[est] port"),
        ("serve", "web.port", "[web] port"),
    ],
)
def test_a_command_whose_port_is_in_use_says_so_in_one_line(
    command: str, port: str, key: str, fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    table, name = port.split(".")
    with listener(getattr(getattr(fleet, table), name)):
        assert cli.main([command, "--config", str(fleet.path)]) == 1
    said = capsys.readouterr().err
    assert key in said
    assert len(said.splitlines()) == 1
