"""What ``hailong-provision server check`` says of a machine."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.finding import Finding, report
from provisioning.server import check, places, ports, running
from provisioning.server.install import inside
from provisioning.server.payload import BROKER, FLEET, NODE, PROGRAMS, SERVER
from tests.fakes.machine_root import installed_root

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine where both roles were installed."""
    return installed_root(tmp_path, "server", "broker")


def said(findings: object, state: str = "wrong") -> list[str]:
    return [one.said for one in findings if one.state == state]  # type: ignore[attr-defined]


def test_a_machine_without_anything_says_how_to_begin(tmp_path: Path) -> None:
    [found] = check.examine(tmp_path, None, NOW)
    assert found.state == "wrong"
    assert "server install" in found.advice


def test_what_is_installed_is_what_is_looked_at(root: Path) -> None:
    assert places.installed(root) == ["server", "broker"]


@pytest.mark.parametrize("look", [places.programs, places.files, places.users, places.directories])
def test_a_machine_as_it_should_be_is_good(root: Path, look: Callable[..., list[Finding]]) -> None:
    assert {one.state for one in look(root, [SERVER, BROKER])} == {"good"}


def test_a_program_that_is_not_there_is_named(root: Path) -> None:
    inside(root, PROGRAMS).unlink()
    found = said(places.programs(root, [BROKER]))
    assert [one.split(":")[0].rsplit("/", 1)[1] for one in found] == [
        "hailong-fleet",
        "nats-server",
        "hailong-provision",
    ]


def test_a_file_that_is_missing_is_wrong_and_one_that_was_changed_a_note(root: Path) -> None:
    (root / "etc/systemd/system/hailong-nats.service").unlink()
    (root / "etc/systemd/system/hailong-web.service").write_text("mine")
    found = list(places.files(root, [SERVER, BROKER]))
    assert ["hailong-nats.service" in one for one in said(found)] == [True]
    assert ["hailong-web.service" in one for one in said(found, "note")] == [True]


def test_a_user_who_can_sign_in_and_one_who_is_not_there_are_wrong(root: Path) -> None:
    (root / "etc/passwd").write_text("hailong-fleet:x:1:1::/:/bin/bash\nodd line\n")
    found = said(places.users(root, [SERVER, BROKER]))
    assert found == ["hailong-fleet: can sign in", "hailong-nats: there is no such user"]


def test_directories_that_others_can_read_or_own_or_that_are_gone_are_wrong(root: Path) -> None:
    inside(root, FLEET).chmod(0o755)
    inside(root, FLEET).with_name("hailong-fleet-backups").rmdir()
    with (root / "etc/passwd").open("a") as users:
        users.write("hailong-nats:x:4242:1::/:/usr/sbin/nologin\n")
    mode, gone, owner = said(places.directories(root, [SERVER, BROKER]))
    assert "its mode is 755, not 700" in mode
    assert "No such file" in gone
    assert "is not hailong-nats's" in owner


def test_a_machine_that_systemd_does_not_run_is_told(root: Path) -> None:
    assert "systemd does not run here" in said(running.units(root, [SERVER]))


STATES = """\
NRestarts=0
ActiveState=active
UnitFileState=enabled

NRestarts=7
ActiveState=active
UnitFileState=enabled

NRestarts=0
ActiveState=failed
UnitFileState=enabled

ActiveState=inactive
UnitFileState=disabled
"""


def test_each_unit_is_told_apart(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "run/systemd/system").mkdir(parents=True)
    monkeypatch.setattr(running.wanted, "is_configured", lambda *_: True)
    monkeypatch.setattr(running.wanted, "may_be_read", lambda *_: True)
    monkeypatch.setattr(running.wanted, "wanted", lambda *_: ["a", "b", "c", "d"])
    monkeypatch.setattr(running, "_ask", lambda *_: STATES)
    found = list(running.units(root, [SERVER]))
    assert [(one.state, one.said) for one in found] == [
        ("good", "a: runs"),
        ("note", "b: was started again 7 times"),
        ("wrong", "c: does not run (failed)"),
        ("wrong", "d: is not enabled"),
    ]


@pytest.mark.parametrize(("answer", "state"), [("yes\n", "good"), ("no\n", "wrong"), ("", "wrong")])
def test_a_clock_that_follows_nobody_is_wrong(
    monkeypatch: pytest.MonkeyPatch, answer: str, state: str
) -> None:
    monkeypatch.setattr(running, "_ask", lambda *_: answer)
    assert [one.state for one in running.clock()] == [state]


def test_a_port_that_others_reach_is_seen_and_one_on_loopback_is_not() -> None:
    with (
        socket.create_server(("0.0.0.0", 0)) as public,
        socket.create_server(("127.0.0.1", 0)) as inner,
        socket.create_server(("::", 0), family=socket.AF_INET6) as public6,
        socket.create_server(("::1", 0), family=socket.AF_INET6) as inner6,
    ):
        found = ports.exposed()
        assert {public.getsockname()[1], public6.getsockname()[1]} <= found
        assert not {inner.getsockname()[1], inner6.getsockname()[1]} & found


def test_ports_are_judged_by_the_settings(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inside(root, FLEET) / "fleet.toml").write_text(
        "[web]\nport = 8080\n[est]\nport = 8443\n[broker]\nport = 8883\n"
    )
    node = inside(root, FLEET).with_name("hailong-nats")
    (node / "nats.conf").write_text('listen: "0.0.0.0:4222"\ncluster {\n  listen: "[::]:6222"\n}\n')
    monkeypatch.setattr(ports, "exposed", lambda: {22, 4222, 5432, 6222, 8080, 8443, 8883, 9999})
    found = list(ports.look(root, [SERVER, BROKER]))
    assert [one.split()[0] for one in said(found)] == ["5432", "8080"]
    assert [one.split()[0] for one in said(found, "note")] == ["9999"]
    [fine] = said(found, "good")
    for port in (22, 4222, 6222, 8443, 8883):
        assert f"{port} (" in fine


def test_a_check_that_fails_is_a_finding(root: Path) -> None:
    (inside(root, NODE) / "nats.conf").write_text("")
    found = [one for one in check.examine(root, ["broker"], NOW) if one.check == "node"]
    assert [one.state for one in found] == ["wrong"]
    assert "node.key" in found[0].said


def test_what_is_not_set_up_is_said_once(root: Path) -> None:
    found = list(check.examine(root, None, NOW))
    assert said(one for one in found if "set up" in one.said) == [
        "nothing is set up for the role server",
        "nothing is set up for the role broker",
    ]
    assert not {"node", "fleet"} & {one.check for one in found}


def test_who_may_not_look_into_the_folders_is_told_what_that_hides(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "run/systemd/system").mkdir(parents=True)
    for folder, name in ((FLEET, "fleet.toml"), (NODE, "nats.conf")):
        (inside(root, folder) / name).write_text("")
    monkeypatch.setattr(check.units, "may_be_read", lambda *_: False)
    monkeypatch.setattr(running, "_ask", lambda *words: "\n\n".join("x=y" for _ in words[3:]))
    found = list(check.examine(root, None, NOW))
    notes = [one.check for one in found if one.state == "note" and "root" in one.advice]
    assert notes == ["units", "ports", "broker", "server"]
    looked_at = [one.said.split(":")[0] for one in found if one.check == "units"][1:]
    assert "hailong-web.service" in looked_at
    assert "hailong-broker.service" not in looked_at


def test_a_report_says_what_to_do_and_fails_where_something_is_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad, fine = Finding("x", "wrong", "is ill", "help it"), Finding("y", "good", "is well")
    assert report([bad, fine], as_json=False) == 1
    assert capsys.readouterr().out == (
        "WRONG  x: is ill\n       -> help it\ngood   y: is well\n1 things are wrong.\n"
    )
    assert report([fine], as_json=True) == 0
    assert '"said": "is well"' in capsys.readouterr().out
