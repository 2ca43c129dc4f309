"""``hailong-terminal`` turns what goes wrong into one sentence and an exit code."""

import argparse

import pytest

from device import cli
from device.commands import run


def fails(error: Exception, monkeypatch: pytest.MonkeyPatch) -> int:
    def failing(_args: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(run, "run", failing)
    return cli.main(["run"])


def test_a_package_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fails(ModuleNotFoundError("No module", name="pygame"), monkeypatch) == 1
    said = capsys.readouterr().err
    assert said == ("hailong-terminal: pygame is not installed; see requirements/terminal.txt\n")


def test_a_module_of_ours_that_is_missing_is_no_matter_of_packages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ModuleNotFoundError):
        fails(ModuleNotFoundError("No module", name="device.nothing"), monkeypatch)
