"""``hailong-provision server install`` and ``check`` with systemd's own programs."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from provisioning.cli import main
from provisioning.server import check
from provisioning.server.install import inside
from provisioning.server.payload import FLEET, NODE
from tests.fakes.brokers import running_broker
from tests.fakes.cluster import new_cluster_fleet, running_cluster
from tests.fakes.fleets import new_fleet
from tests.fakes.machine_root import installed_root
from tests.fakes.processes import FLEET as HAILONG_FLEET
from tests.fakes.processes import run

AS_ROOT = [] if os.geteuid() == 0 else ["sudo", "-n"]
PROVISION = Path(HAILONG_FLEET).with_name("hailong-provision")


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A folder that becomes a machine; what root made there goes away as root."""
    yield tmp_path / "root"
    run(*AS_ROOT, "rm", "-rf", tmp_path / "root")


def install(root: Path, *more: str | Path) -> str:
    words = ["server", "install", "--yes", "--root", root]
    return run(*AS_ROOT, PROVISION, *words, *more).stdout


def owners(root: Path) -> dict[str, str]:
    lines = run(
        *AS_ROOT, "find", root / "var/lib", "-mindepth", "1", "-printf", "%P %U %m\n"
    ).stdout
    return {path: f"{uid} {mode}" for path, uid, mode in map(str.split, lines.splitlines())}


def test_systemd_makes_the_users_and_the_directories(root: Path) -> None:
    root.mkdir()
    said = install(root, "--role", "server", "--role", "broker")
    assert "run      systemd-sysusers" in said
    rows = [line.split(":") for line in (root / "etc/passwd").read_text().splitlines()]
    uids = {row[0]: row[2] for row in rows}
    assert {row[6] for row in rows} == {"/usr/sbin/nologin"}
    assert owners(root) == {
        "hailong-fleet": f"{uids['hailong-fleet']} 700",
        "hailong-fleet-backups": f"{uids['hailong-fleet']} 700",
        "hailong-nats": f"{uids['hailong-nats']} 700",
    }


def test_again_changes_nothing_and_what_was_changed_is_kept(root: Path) -> None:
    root.mkdir()
    first = install(root)
    assert "new " in first
    again = install(root)
    assert "new " not in again
    assert "kept" not in again
    unit = root / "etc/systemd/system/hailong-web.service"
    run(*AS_ROOT, "sh", "-c", f"echo '# mine' >> {unit}")
    assert f"kept     {unit}.~1~" in install(root)
    assert Path(f"{unit}.~1~").read_text().endswith("# mine\n")
    assert "# mine" not in unit.read_text()


def test_a_nodes_folder_becomes_its_users(root: Path, tmp_path: Path) -> None:
    root.mkdir()
    secret = tmp_path / "passphrase"
    secret.write_text("six words that were drawn by dice", "utf-8")
    secret.chmod(0o600)
    known = ["--dir", str(tmp_path / "fleet"), "--passphrase-file", str(secret)]
    for command in (["ca", "init"], ["broker-config"]):
        assert main([*command, *known]) == 0
    words = ["--cluster", "a=10.0.0.1,b=10.0.0.2,c=10.0.0.3"]
    words += [*known, "--out", str(tmp_path / "nodes")]
    assert main(["broker-config", *words]) == 0
    install(root, "--role", "broker", "--node", tmp_path / "nodes/a")
    user = (root / "etc/passwd").read_text().split(":")[2]
    found = {path: how for path, how in owners(root).items() if path.startswith("hailong-nats/")}
    assert len(found) == 5
    assert set(found.values()) == {f"{user} 600"}


def test_who_may_not_is_told_and_nothing_is_made(root: Path) -> None:
    root.mkdir()
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    words = [PROVISION, "server", "install", "--yes", "--root", root]
    done = run(*AS_ROOT, *as_nobody, *words, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert list(root.iterdir()) == []


@pytest.mark.engines("sqlite")
def test_a_check_of_a_server_has_the_doctor_look_at_its_fleet(engine: str, tmp_path: Path) -> None:
    root = installed_root(tmp_path / "root", "server")
    folder = inside(root, FLEET)
    folder.rmdir()
    fleet = new_fleet(folder)
    folder.chmod(0o700)
    with running_broker("nats", folder):
        found = list(check.examine(root, None, datetime.now(UTC)))
    good = [one.said for one in found if one.state == "good"]
    assert (
        f"{fleet.broker.host}:{fleet.broker.port}: answers, and takes ingest's certificate" in good
    )
    assert any("certificates and lists hold until" in said for said in good)
    bad = {one.check for one in found if one.state == "wrong"}
    assert {"pages", "enrolment", "ingest", "units"} <= bad
    assert not {"files", "users", "directories", "programs", "broker", "certificates"} & bad


@pytest.mark.engines("sqlite")
def test_a_check_of_a_node_meets_it_and_the_others(engine: str, tmp_path: Path) -> None:
    root = installed_root(tmp_path / "root", "broker")
    fleet = new_cluster_fleet(tmp_path / "fleet")
    with running_cluster(fleet, tmp_path / "nodes") as cluster:
        shutil.copytree(cluster.folder / "a", inside(root, NODE), dirs_exist_ok=True)
        # Its key, its certificate, its disk, its MQTT, and three nodes of which it is one.
        assert node_findings(root) == {"good": 7}
        cluster.kill("b")
        assert node_findings(root) == {"good": 6, "wrong": 1}
        (inside(root, NODE) / "node.key").chmod(0o644)
        assert node_findings(root) == {"good": 5, "wrong": 2}


def node_findings(root: Path) -> dict[str, int]:
    """Count how the node's own checks end."""
    found = [
        one.state
        for one in check.examine(root, None, datetime.now(UTC))
        if one.check in ("node", "certificates", "disk")
    ]
    return {state: found.count(state) for state in set(found)}
