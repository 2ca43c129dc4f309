"""``hailong-provision``, as a person uses it."""

from pathlib import Path

import pytest

from provisioning.cli import main
from provisioning.layout import FleetLayout
from tests.fakes.processes import run
from wire.enrolment import load_toml


@pytest.fixture
def made(tmp_path: Path) -> FleetLayout:
    """A directory after ``ca init``."""
    assert main(["ca", "init", "--dir", str(tmp_path / "f"), "--fleet", "Quận 1"]) == 0
    return FleetLayout(tmp_path / "f")


def test_the_steps_lead_to_a_directory_that_verifies(made: FleetLayout) -> None:
    place = ["--dir", str(made.directory)]
    assert main(["server-cert", *place, "--name", "fleet.example", "--name", "10.0.0.1"]) == 0
    assert main(["broker-config", *place, "--listen", "0.0.0.0"]) == 0
    assert main(["crl", *place]) == 0
    assert main(["key-list", *place]) == 0
    assert main(["key-list", *place, "--replace", "receipt"]) == 0
    for certificate in (made.server_certificate, made.service_certificate("fleet-ingest")):
        run("openssl", "verify", "-crl_check_all", "-CAfile", made.ca_chain, "-CRLfile",
            made.crl_chain, certificate)  # fmt: skip


def test_an_enrolment_file_made_away_from_the_server_says_how_to_register_it(
    made: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--terminal", "t-1", "--counter", "Q1", "--counter-name", "Quầy 1"]
    words += ["--est-url", "https://fleet.example:8443", "--mqtt-host", "fleet.example"]
    capsys.readouterr()
    assert main(["enrolment", "--dir", str(made.directory), *words]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == str(made.enrolment_file("t-1"))
    token = load_toml(made.enrolment_file("t-1").read_text()).token
    assert token
    assert token not in printed.out + printed.err
    assert "hailong-fleet terminal add --id t-1 --counter Q1" in printed.err


def test_ca_init_twice_is_refused(made: FleetLayout, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ca", "init", "--dir", str(made.directory)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_a_revoked_terminal_is_counted(
    made: FleetLayout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crl", "--dir", str(made.directory), "--revoke", "t-1"]) == 0
    assert "t-1: 0 certificates" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["server-cert", "--name", "a b"], "neither a host name"),
        (["crl", "--revoke", "../../x"], "a terminal id is"),
    ],
)
def test_a_wrong_argument_is_one_sentence(
    made: FleetLayout, capsys: pytest.CaptureFixture[str], words: list[str], complaint: str
) -> None:
    capsys.readouterr()
    assert main([words[0], "--dir", str(made.directory), *words[1:]]) != 0
    error = capsys.readouterr().err
    assert complaint in error
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
    for command in (["server-cert", "--name", "a"], ["crl"], ["key-list"]):
        assert main([command[0], "--dir", str(tmp_path), *command[1:]]) == 1
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    "words", [[], ["ca"], ["ca", "init"], ["server-cert"], ["broker-config"], ["enrolment"]]
)
def test_help_teaches(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    assert len(capsys.readouterr().out) > 150
