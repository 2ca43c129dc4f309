"""``hailong-fleet`` turns what goes wrong into one sentence and an exit code."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest
from peewee import OperationalError

from fleet_server import cli
from fleet_server.commands import unit
from fleet_server.errors import FleetError, UsageError
from provisioning.errors import ProvisioningError
from tests.fakes import databases
from tests.fakes.fleets import new_fleet
from wire.errors import WireError

WORDS = ["unit", "add", "--code", "U1", "--name", "x"]


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (FleetError("the roof leaks"), 1, "the roof leaks"),
        (UsageError("no such roof"), 2, "no such roof"),
        (ProvisioningError("no key"), 1, "no key"),
        (WireError("not a name"), 2, "not a name"),
        (OperationalError("disk I/O error"), 1, "the database refused: disk I/O error"),
        (PermissionError(13, "Permission denied", "/srv/x"), 1, "/srv/x: Permission denied"),
        (OSError("no room"), 1, "no room"),
    ],
)
def test_an_error_is_one_sentence_and_a_code(
    error: Exception,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(_args: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(unit, "run", run)
    assert cli.main(WORDS) == code
    assert capsys.readouterr().err == f"hailong-fleet: {said}\n"


def test_ctrl_c_is_no_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(unit, "run", run)
    assert cli.main(WORDS) == 130
    assert capsys.readouterr().err == ""


def test_only_the_module_of_the_command_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = cli._module
    monkeypatch.setattr(cli, "_module", lambda name: seen.append(name) or real(name))
    with pytest.raises(SystemExit):
        cli.main(["unit", "--help"])
    assert seen == ["unit"]


@pytest.mark.parametrize("words", [["--help"], *[[name, "--help"] for name in cli.command_names()]])
def test_every_command_explains_itself(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 0
    assert "usage: hailong-fleet" in capsys.readouterr().out


def test_a_code_that_is_wrong_is_called_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with databases.using("sqlite"):
        config = ["--config", str(new_fleet(tmp_path / "fleet").path)]
    assert cli.main(["unit", "add", "--code", "bad code", "--name", "x", *config]) == 2
    assert "a unit's code is" in capsys.readouterr().err


def test_without_the_servers_packages_it_says_which_to_install() -> None:
    words = "import sys; sys.modules['peewee'] = None; import fleet_server.cli"
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == ("hailong-fleet: peewee is not installed; see requirements/server.txt\n")
