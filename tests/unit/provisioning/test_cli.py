"""``hailong-provision``, as a person uses it."""

from pathlib import Path

import pytest

from provisioning.cli import main
from provisioning.layout import FleetLayout
from tests.fakes.processes import run
from tests.unit.provisioning.conftest import passphrase


@pytest.fixture
def made(tmp_path: Path) -> FleetLayout:
    """A directory after ``ca init``."""
    words = ["ca", "init", "--dir", str(tmp_path / "f"), "--fleet", "Quận 1"]
    assert main([*words, *passphrase(tmp_path)]) == 0
    return FleetLayout(tmp_path / "f")


def test_the_steps_lead_to_a_directory_that_verifies(made: FleetLayout, tmp_path: Path) -> None:
    place = ["--dir", str(made.directory)]
    opened = [*place, *passphrase(tmp_path)]
    assert main(["server-cert", *opened, "--name", "fleet.example", "--name", "10.0.0.1"]) == 0
    assert main(["broker-config", *place, "--listen", "0.0.0.0"]) == 0
    assert main(["ca", "crl", *opened]) == 0
    assert main(["key-list", *opened]) == 0
    assert main(["key-list", *opened, "--replace", "receipt"]) == 0
    for certificate in (made.server_certificate, made.service_certificate("fleet-ingest")):
        run("openssl", "verify", "-crl_check_all", "-CAfile", made.ca_chain, "-CRLfile",
            made.crl_chain, certificate)  # fmt: skip


def test_a_wrong_argument_is_one_sentence(
    made: FleetLayout, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    words = ["--dir", str(made.directory), *passphrase(tmp_path)]
    assert main(["server-cert", "--name", "a b", *words]) == 1
    error = capsys.readouterr().err
    assert "neither a host name" in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "words", [["broker-config", "--port", "0"], ["broker-config", "--port", "²"], ["nothing"], []]
)
def test_a_wrong_command_line_ends_with_2(words: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--dir", str(tmp_path)] if words else [])
    assert ended.value.code == 2


def test_a_directory_without_a_fleet_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (
        *(["server-cert", "--name", "a"], ["ca crl"], ["key-list"]),
        *(["broker-config"], ["broker-config", "--pins", str(tmp_path / "pins.conf")]),
    ):
        assert main([*command[0].split(), "--dir", str(tmp_path), *command[1:]]) == 1
        assert capsys.readouterr().err.count("\n") == 1
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        *([], ["ca"], ["server-cert"], ["broker-config"], ["key-list"], ["enrolment"]),
        *(["ca", name] for name in ("init", "renew", "revoke", "crl", "export", "import")),
        ["ca", "passphrase"],
    ],
)
def test_help_teaches(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 150
