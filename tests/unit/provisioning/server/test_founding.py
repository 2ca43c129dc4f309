"""A server's fleet is made by its own user, also of authorities that only root may read."""

import getpass
import os
import pwd
import stat
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from provisioning.cli import main
from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import authority, files, sets
from provisioning.server import founding, payload
from tests.fakes.processes import FLEET
from tests.unit.provisioning.conftest import passphrase

WAY = "một câu khác dài hơn hai mươi chữ"


def somebody() -> str:
    """Whom root may become; anybody else is only themselves."""
    return "nobody" if os.geteuid() == 0 else getpass.getuser()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FleetLayout:
    """The fleet directory of this machine, yet empty, and the programs of this checkout."""
    layout = FleetLayout(tmp_path / "fleet")
    layout.directory.mkdir()
    monkeypatch.setattr(payload, "PROGRAMS", PurePosixPath(FLEET).parent)
    monkeypatch.setattr(payload, "FLEET", PurePosixPath(layout.directory))
    monkeypatch.setattr(payload, "SERVER", replace(payload.SERVER, user=getpass.getuser()))
    return layout


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """What the ceremony brought on a stick."""
    place, out = ["--dir", str(tmp_path / "ca")], tmp_path / "server.tar"
    assert main(["ca", "init", *place, *passphrase(tmp_path)]) == 0
    secrets = [*passphrase(tmp_path), *passphrase(tmp_path, WAY, "server-passphrase")]
    assert main(["ca", "export", *place, "--server", "--out", str(out), *secrets]) == 0
    return out


def test_the_set_is_lent_to_the_fleets_user_alone(
    exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "SERVER", replace(payload.SERVER, user=somebody()))
    with founding.lent(sets.read(exported)) as copy:
        wanted = pwd.getpwnam(somebody()).pw_uid
        for path, mode in ((copy, 0o600), (copy.parent, 0o700)):
            assert (path.stat().st_uid, stat.S_IMODE(path.stat().st_mode)) == (wanted, mode)
        assert sets.read(copy) == sets.read(exported)
    assert not copy.parent.exists()


def test_a_fleet_begins_with_the_authorities_of_the_ceremony(
    machine: FleetLayout, exported: Path, tmp_path: Path
) -> None:
    secret = passphrase(tmp_path, WAY)
    founding.make(["--host", "fleet.example", *secret], sets.read(exported))
    root = files.read_certificate(FleetLayout(tmp_path / "ca").root_certificate)
    assert files.read_certificate(machine.root_certificate) == root
    assert not machine.root_key.exists()
    assert authority.load_issuing(machine)


def test_a_fleet_without_a_ceremony_makes_its_own(machine: FleetLayout) -> None:
    founding.make(["--host", "fleet.example"], None)
    assert machine.root_key.exists()


def test_a_refusal_is_one_sentence_more(machine: FleetLayout) -> None:
    (machine.directory / "x").touch()
    with pytest.raises(ProvisioningError, match="init refused"):
        founding.make(["--host", "fleet.example"], None)


def test_programs_that_are_not_there_are_named(
    machine: FleetLayout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payload, "PROGRAMS", PurePosixPath(machine.directory))
    with pytest.raises(ProvisioningError, match="hailong-fleet: is not there"):
        founding.make([], None)
