"""``hailong-terminal check`` on a real fleet: all good, and each fault made real."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from device.core import network
from device.core.network import Interface, Sent
from device.network.check import Check
from device.network.receipts import sent_of
from device.network.target import Target, target_of
from device.screen.texts import NETWORK_ADVICE, NETWORK_STEPS
from fleet_server import clock
from fleet_server.settings import Settings
from provisioning.pki import authority
from tests.e2e.system import TERMINAL, System, Terminal, running_system
from tests.fakes.fleets import new_counter, new_fleet
from tests.fakes.ports import free_ports, is_open
from tests.fakes.processes import run
from tests.fakes.proxy import running_proxy
from tests.fakes.wait import eventually

pytestmark = pytest.mark.engines("sqlite")

JOINED = [Interface("eth0", True, "192.0.2.7")]


@pytest.fixture(scope="module")
def system(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    with running_system(tmp_path_factory.mktemp(f"check-{engine}"), "nats") as one:
        yield one


@pytest.fixture(scope="module")
def terminal(system: System) -> Terminal:
    """A terminal that enrolled, sent its first records, and is quiet now."""
    added = system.add_terminal("t-1", "Q1")
    added.start()
    eventually(lambda: check(added).returncode == 0, 60, "a way without a fault")
    added.stop()
    return added


def check(terminal: Terminal, *words: str) -> "subprocess.CompletedProcess[str]":
    return run(TERMINAL, "check", "--config", terminal.config, *words, check=False)


def target(terminal: Terminal) -> Target:
    return target_of(terminal.data, Path("none"))


def looked(
    where: Target, connected: bool | None = None, interfaces: list[Interface] = JOINED
) -> dict[str, str]:
    """Return of each step its state, or why it is bad."""
    sent = sent_of(Path("none"), where.terminal, None, 0)
    found = Check(where, sent, connected=connected, interfaces=lambda: interfaces).all()
    return {each.step: each.why or each.state for each in found}


@contextmanager
def server_certificate(system: System, issue: Callable[[Settings], None]) -> Iterator[None]:
    """Let the enrolment server have another certificate for a while."""
    est, layout = system.processes["est"], system.fleet.layout
    before = {path: path.read_bytes() for path in (layout.server_key, layout.server_certificate)}
    try:
        issue(system.fleet)
        restart_est(system)
        yield
    finally:
        for path, content in before.items():
            path.write_bytes(content)
        restart_est(system)
    assert est.running


def restart_est(system: System) -> None:
    system.processes["est"].stop()
    system.processes["est"].start()
    eventually(lambda: is_open(system.fleet.est.port), 60, "enrolment")


def test_a_way_without_a_fault_is_good_in_every_step(system: System, terminal: Terminal) -> None:
    """The uplink does not run: the broker is greeted, and keeps what waits for the terminal."""
    said = check(terminal)
    assert said.returncode == 0, said.stdout
    lines = said.stdout.splitlines()
    assert [line.split(" (")[0] for line in lines] == [
        f"good    {step}" for step in NETWORK_STEPS.values()
    ]
    assert f"Message broker (localhost:{system.fleet.broker.port})" in said.stdout


def test_a_running_uplink_is_asked_and_not_thrown_out(system: System, terminal: Terminal) -> None:
    before = terminal.uplink.output().count("connected to")
    terminal.uplink.start()
    terminal.uplink.wait_for("connected to", timeout_s=60)
    eventually(lambda: check(terminal).returncode == 0, 60, "good")
    assert terminal.uplink.output().count("connected to") == before + 1, "it was not thrown out"
    terminal.uplink.stop()


def test_what_is_wrong_comes_with_what_to_do_in_both_languages(
    system: System, terminal: Terminal
) -> None:
    fleet = terminal.data / "identity" / "fleet.json"
    before = fleet.read_text()
    fleet.write_text(json.dumps(json.loads(before) | {"est_url": "https://fleet.invalid:8443"}))
    try:
        english, vietnamese = check(terminal), check(terminal, "--language", "vi")
    finally:
        fleet.write_text(before)
    assert (english.returncode, vietnamese.returncode) == (1, 1)
    assert f"-> {NETWORK_ADVICE['unknown_name']}" in english.stdout
    assert "fleet.invalid" in english.stdout
    assert "Hãy kiểm tra tên máy chủ và DNS." in vietnamese.stdout
    assert english.stdout.count("skipped") == 4
    assert "fr" in check(terminal, "--language", "fr").stderr


def test_a_wrong_port_is_told_and_the_broker_asked_all_the_same(terminal: Terminal) -> None:
    [nobody] = free_ports(1)
    where = target(terminal)
    moved = looked(Target(where.terminal, ("localhost", nobody), where.mqtt, where.root_pem))
    assert (moved["tls"], moved["server"]) == ("refused", "skipped")
    assert moved["broker"] == "skipped", "it can't have enrolled, and its file may be good"


def test_a_wrong_address_of_the_broker_is_seen_before_the_enrolment(terminal: Terminal) -> None:
    [nobody] = free_ports(1)
    enrolled = target(terminal)
    fresh = replace(enrolled, certificate=None, key=None)
    assert looked(fresh)["broker"] == "not_enrolled"
    assert looked(replace(fresh, mqtt=("localhost", nobody)))["broker"] == "refused"
    elsewhere = replace(fresh, est=("localhost", nobody), mqtt=("localhost", nobody))
    assert looked(elsewhere)["broker"] == "refused", "a fault of its own is shown beside the other"


def test_a_way_through_a_proxy_is_good_in_every_step(terminal: Terminal) -> None:
    with running_proxy() as proxy:
        found = looked(replace(target(terminal), proxy=proxy.url))
    assert {each: why for each, why in found.items() if each != "receipt"} == dict.fromkeys(
        ("link", "address", "name", "tls", "server", "broker"), "good"
    )
    assert len(proxy.asked) == 4, "TLS and server, TLS and broker: each through the proxy"


def test_a_proxy_that_lets_nobody_through_is_told_and_not_taken_for_the_server(
    terminal: Terminal,
) -> None:
    with running_proxy("403 Forbidden") as proxy:
        found = looked(replace(target(terminal), proxy=proxy.url))
    assert (found["tls"], found["server"], found["broker"]) == ("no_proxy", "skipped", "no_proxy")


def test_a_proxy_whose_name_nobody_knows_is_the_name_that_is_told(terminal: Terminal) -> None:
    found = looked(replace(target(terminal), proxy="http://proxy.invalid:3128"))
    assert (found["name"], found["tls"]) == ("unknown_name", "skipped")


def test_a_port_of_something_else_is_no_enrolment_server(terminal: Terminal) -> None:
    where = target(terminal)
    found = looked(Target(where.terminal, where.mqtt, where.mqtt, where.root_pem))
    assert found["server"] == "no_answer"


def test_a_certificate_for_another_name_is_told(system: System, terminal: Terminal) -> None:
    def other_name(fleet: Settings) -> None:
        issuing = authority.load_issuing(fleet.layout)
        authority.write_server(fleet.layout, issuing, ["other.example"], clock.now())

    with server_certificate(system, other_name):
        assert looked(target(terminal))["tls"] == "wrong_name"


def test_a_certificate_that_has_ended_is_told_unless_the_time_is_unknown(
    system: System, terminal: Terminal
) -> None:
    def ended(fleet: Settings) -> None:
        issuing = authority.load_issuing(fleet.layout)
        long_ago = clock.now() - timedelta(days=4000)
        authority.write_server(fleet.layout, issuing, ["localhost"], long_ago)

    with server_certificate(system, ended):
        where, sent = target(terminal), sent_of(terminal.data, "t-1", None, 0)
        assert looked(where)["tls"] == "wrong_time"
        blind = Check(where, sent, check_time=False, interfaces=lambda: JOINED).all()
        assert {each.step: each.state for each in blind}["tls"] == "good"


def test_a_server_of_another_fleet_is_told(terminal: Terminal, tmp_path: Path) -> None:
    other = new_fleet(tmp_path / "other").layout.root_certificate.read_text()
    where = target(terminal)
    found = looked(
        Target(where.terminal, where.est, where.mqtt, other, where.certificate, where.key)
    )
    assert (found["tls"], found["broker"]) == ("wrong_ca", "wrong_ca")


def test_a_terminal_that_is_not_enrolled_is_told_by_its_enrolment_file(
    system: System, tmp_path: Path
) -> None:
    new_counter(system.fleet, "Q9")
    added = run(*system.command("terminal", "add", "--id", "t-9", "--counter", "Q9")).stdout
    where = target_of(tmp_path, Path(added.split()[-1]))
    found = looked(where)
    assert (found["server"], found["broker"], found["receipt"]) == (
        "good", "not_enrolled", "skipped",
    )  # fmt: skip
    config = tmp_path / "terminal.toml"
    config.write_text('[terminal]\nid = "t-9"\ncounter = "Q9"\n')
    said = run(TERMINAL, "check", "--config", config, check=False)
    assert said.returncode == 1
    assert re.search(r"not enrolled yet, and .*enrolment.toml: No such file", said.stderr)


def test_a_terminal_that_the_broker_refuses_is_told(system: System) -> None:
    revoked = system.add_terminal("t-2", "Q2")
    run(*system.command("terminal", "revoke", "t-2"))
    assert looked(target(revoked))["broker"] == "not_let_in"
    assert looked(target(revoked), connected=False)["broker"] == "not_let_in"
    assert looked(target(revoked), connected=True)["broker"] == "good"


def test_a_cable_that_is_not_in_is_the_only_fault_shown(terminal: Terminal) -> None:
    found = looked(target(terminal), interfaces=[Interface("eth0", False, "")])
    assert found["link"] == "no_carrier"
    assert set(found.values()) == {"no_carrier", "skipped"}


def test_receipts_that_do_not_come_are_counted(terminal: Terminal) -> None:
    def sent() -> Sent:
        later = clock.now_ms() + 3_600_000
        return sent_of(terminal.data, "t-1", target(terminal).fleet_key_x, later)

    terminal.uplink.start()
    eventually(lambda: sent().waiting == 0, 60, "all sent")
    terminal.uplink.stop()
    terminal.run.start()  # each start is a record, and nobody sends it
    eventually(lambda: sent().waiting > 0, 60, "a record that waits")
    terminal.run.stop()
    assert sent().owed_ms > 3_500_000
    assert network.receipt(sent()).why == "receipts_missing"
    terminal.uplink.start()
    eventually(lambda: sent().waiting == 0, 60, "all sent")
    terminal.uplink.stop()


def test_a_broker_that_is_down_is_told(system: System, terminal: Terminal) -> None:
    system.broker.stop()
    try:
        found = looked(target(terminal))
        assert (found["server"], found["broker"], found["receipt"]) == (
            "good", "refused", "skipped",
        )  # fmt: skip
    finally:
        system.broker.start()
