"""``hailong-fleet broker`` and ``broker-auth`` as they run on a server."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from fleet_server.cli import main
from fleet_server.settings import BrokerKind, Settings
from provisioning.cli import main as provision
from tests.fakes.brokers import KINDS
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from tests.fakes.mqtt import mqtt
from tests.fakes.ports import free_ports, is_open
from tests.fakes.processes import FLEET, Process, run
from tests.fakes.wait import eventually

pytestmark = pytest.mark.usefixtures("engine")


@contextmanager
def commands(fleet: Settings) -> Iterator[Process]:
    """Run the broker's command, and for NATS the callout's, from the command line."""
    logs, config = fleet.layout.directory / "logs", ["--config", str(fleet.path)]
    broker = Process([FLEET, "broker", *config], logs / "broker.log")
    auth = Process([FLEET, "broker-auth", *config], logs / "broker-auth.log")
    try:
        if fleet.broker.kind == "nats":
            # It waits for a broker that is not there yet.
            auth.start()
        broker.start()
        eventually(lambda: is_open(fleet.broker.port), 30, "the broker listening")
        if fleet.broker.kind == "nats":
            auth.wait_for("ready", timeout_s=30)
        yield broker
    finally:
        broker.stop()
        auth.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_a_terminal_connects_and_after_its_revocation_no_longer(
    kind: BrokerKind, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet", kind)
    new_counter(fleet)
    terminal, other = enrolled(fleet, "t-1"), enrolled(fleet, "t-2")

    def refused() -> bool:
        with mqtt(fleet, terminal, expect=False) as client:
            return client.answer != "Success"

    with commands(fleet):
        assert not refused()
        # No signal from us: the running commands notice by themselves.
        assert main(["terminal", "revoke", "t-1", "--config", str(fleet.path)]) == 0
        eventually(refused, 15, "the revoked terminal refused")
        with mqtt(fleet, other):
            pass


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_broker_ends_when_told_and_leaves_nothing_running(
    kind: BrokerKind, number: signal.Signals, tmp_path: Path
) -> None:
    fleet = new_fleet(tmp_path / "fleet", kind)
    with commands(fleet) as broker:
        family = [psutil.Process(broker.pid), *psutil.Process(broker.pid).children()]
        assert broker.stop(number) in (0, 1)  # NATS ends with 1 on SIGTERM
    assert not is_open(fleet.broker.port)
    assert not any(process.is_running() for process in family)


def test_broker_auth_says_that_mosquitto_does_not_need_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fleet = new_fleet(tmp_path / "fleet", "mosquitto")
    assert main(["broker-auth", "--config", str(fleet.path)]) == 2
    assert "[broker] kind is not nats" in capsys.readouterr().err


def test_a_broker_that_cannot_start_ends_with_its_code(tmp_path: Path) -> None:
    fleet = new_fleet(tmp_path / "fleet", "mosquitto")
    fleet.layout.server_certificate.unlink()
    log = tmp_path / "broker.log"
    broker = Process([FLEET, "broker", "--config", str(fleet.path)], log).start()
    eventually(lambda: not broker.running, 15, "the broker ended")
    assert broker.stop() not in (0, None)
    assert "server.crt" in broker.output()


def test_a_broker_that_is_not_installed_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet = new_fleet(tmp_path / "fleet", "mosquitto")
    monkeypatch.setattr("fleet_server.commands.broker.shutil.which", lambda *_, **__: None)
    assert main(["broker", "--config", str(fleet.path)]) == 1
    assert "the Debian package mosquitto" in capsys.readouterr().err


def test_a_node_runs_by_its_command_and_ends_with_it(tmp_path: Path) -> None:
    fleet, out = new_fleet(tmp_path / "fleet"), tmp_path / "nodes/a"
    port, client_port, cluster_port = map(str, free_ports(3))
    words = ["broker-config", "--dir", str(fleet.layout.directory), "--out", str(out.parent)]
    words += ["--cluster", "a=127.0.0.1,b=127.0.0.2,c=127.0.0.3", "--listen", "127.0.0.1"]
    words += ["--port", port, "--client-port", client_port, "--cluster-port", cluster_port]
    assert provision(words) == 0
    assert provision([*words, "--node", "a", "--home", str(out)]) == 0
    node = Process([FLEET, "broker-node", "--config", str(out / "nats.conf")], tmp_path / "log")
    with node.start():
        eventually(lambda: is_open(int(port)), 30, "the node listening")
        # Whom it takes has changed; nobody tells the process.
        (out / "pins.conf").write_text(f'pinned_certs: ["{"0" * 64}"]')
        node.wait_for("Reloaded server configuration", timeout_s=30)
        assert node.stop() == 0
    assert not is_open(int(port))


def test_a_node_without_a_configuration_is_one_sentence(tmp_path: Path) -> None:
    words = [FLEET, "broker-node", "--config", str(tmp_path / "nats.conf")]
    done = run(*words, check=False)
    assert done.returncode == 1
    assert "nats.conf: can't be read" in done.stderr
    (tmp_path / "nats.conf").write_text("port: 1")
    assert "is not what hailong-provision broker-config wrote" in run(*words, check=False).stderr
