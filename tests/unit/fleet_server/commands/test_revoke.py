"""``hailong-fleet terminal revoke`` asks a person who is there, and nobody else."""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server.cli import main
from fleet_server.settings import Settings
from fleet_server.store import database
from fleet_server.store.models import EnrolmentToken, TerminalKey
from tests.fakes.fleets import enrolled, new_counter, new_fleet


class Keyboard(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def fleet(engine: str, tmp_path: Path) -> Iterator[Settings]:
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet)
    enrolled(fleet, "t-1")
    yield fleet
    database.close()


def revoke(fleet: Settings, *words: str) -> int:
    code = main(["terminal", "revoke", *words, "--config", str(fleet.path)])
    database.open_database(fleet.database.url)
    return code


def revoked() -> bool:
    return all(row.revoked_at for row in TerminalKey.select())


@pytest.mark.parametrize("typed", ["", "\n", "n\n", "t-1\n"])
def test_who_does_not_say_yes_has_changed_nothing(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard(typed))
    assert revoke(fleet, "t-1") == 1
    said = capsys.readouterr()
    assert "Revoke all keys of t-1? It can't connect any more" in said.out
    assert "Nothing was changed." in said.err
    assert not revoked()


def test_who_says_yes_has_revoked_it(fleet: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Keyboard("y\n"))
    assert revoke(fleet, "t-1") == 0
    assert revoked()


def test_nothing_is_asked_where_nobody_is_there_or_it_was_said_already(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    assert revoke(fleet, "t-1") == 0
    monkeypatch.setattr(sys, "stdin", Keyboard())
    assert revoke(fleet, "t-1", "--yes") == 0
    assert revoke(fleet, "t-9") == 1, "a name that nobody has is not worth a question"
    assert "?" not in capsys.readouterr().out


def test_one_that_never_enrolled_loses_its_file_and_no_keys_are_counted(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    main(["terminal", "add", "--id", "t-2", "--counter", "Q1", "--config", str(fleet.path)])
    assert revoke(fleet, "t-2") == 0
    said = capsys.readouterr().err
    assert "t-2: it had no key to revoke" in said
    assert "0 keys" not in said
    assert all(row.closed_at for row in EnrolmentToken.select())
