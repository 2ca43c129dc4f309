"""``hailong-fleet init`` and the commands that fill a fleet."""

import re
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server import settings
from fleet_server.addresses import is_sqlite
from fleet_server.cli import command_names, main
from fleet_server.commands.init import quoted
from fleet_server.store import audit_log, database
from fleet_server.store.edits import counters, terminals
from fleet_server.store.models import EnrolmentToken, TerminalKey
from provisioning.enrol import tokens
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from wire.enrolment import load_toml

pytestmark = pytest.mark.usefixtures("engine")

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def fleet(tmp_path: Path) -> settings.Settings:
    """A fleet with a counter."""
    made = new_fleet(tmp_path / "fleet")
    new_counter(made)
    return made


def run(fleet: settings.Settings, *words: str) -> int:
    return main([*words, "--config", str(fleet.path)])


def test_init_twice_is_refused_and_changes_nothing(
    fleet: settings.Settings, capsys: Capture
) -> None:
    files = [path for path in fleet.layout.directory.rglob("*") if path.is_file()]
    before = {path: path.read_bytes() for path in files}
    assert main(["init", "--dir", str(fleet.layout.directory)]) == 1
    assert "has been made before" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in files}


def test_init_refuses_a_directory_that_holds_something(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    assert main(["init", "--dir", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--host", "a b"], "[est] url"),
        (["--also", "a b"], "neither a host name"),
        (["--time-zone", "Hanoi"], "[fleet] time_zone"),
        (["--mqtt-port", "0"], "[broker] port"),
        (["--name", ""], "[fleet] name"),
        (["--listen", "a b"], "[est] host"),
    ],
)
def test_init_with_wrong_words_makes_nothing(
    tmp_path: Path, capsys: Capture, words: list[str], names: str
) -> None:
    assert main(["init", "--dir", str(tmp_path / "f"), *words]) != 0
    assert names in capsys.readouterr().err
    assert not (tmp_path / "f").exists()


def test_what_is_secret_can_be_read_by_its_owner_alone(fleet: settings.Settings) -> None:
    assert main(["terminal", "add", "--id", "t-1", "--counter", "Q1", *_config(fleet)]) == 0
    layout = fleet.layout
    secret = [*layout.secrets.iterdir(), *layout.enrolment.iterdir()]
    secret += [layout.database] if is_sqlite(fleet.database.url) else []
    secret += layout.directory.rglob("*.key")
    assert len(secret) > 10
    assert {stat.S_IMODE(path.stat().st_mode) for path in secret} == {0o600}
    for directory in (layout.directory, layout.pki, layout.keys, layout.secrets, layout.enrolment):
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700


OFFERED = re.compile(r"^# (\[\w+\]|\w+ = .*)$", re.MULTILINE)
"""A section or a key that stands in the file as a comment, to be taken up."""


def test_every_key_of_the_settings_stands_in_the_file_that_init_writes(
    fleet: settings.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[tuple[str, str]] = set()

    class Asked(settings.Section):
        def _take(self, key: str, default: object = None) -> object:
            asked.add((self._name, key))
            return super()._take(key, default)

    monkeypatch.setattr(settings, "Section", Asked)
    text = OFFERED.sub(r"\1", fleet.path.read_text(encoding="utf-8"))
    settings.parse(text.encode(), fleet.path)
    there = {(name, key) for name, table in tomllib.loads(text).items() for key in table}
    assert there == asked
    assert len({name for name, _ in asked}) == 14


def test_what_the_file_offers_of_the_interface_is_what_holds_anyway(
    fleet: settings.Settings,
) -> None:
    text = OFFERED.sub(r"\1", fleet.path.read_text(encoding="utf-8"))
    taken_up = settings.parse(text.encode(), fleet.path)
    assert (taken_up.api, taken_up.sign_in) == (fleet.api, fleet.sign_in)
    assert taken_up.oidc is not None
    assert not taken_up.oidc.create


def test_two_fleets_share_no_secret(fleet: settings.Settings, tmp_path: Path) -> None:
    other = new_fleet(tmp_path / "other")
    for path in (fleet.layout.flask_secret, fleet.layout.password_salt, fleet.layout.root_key):
        twin = other.layout.directory / path.relative_to(fleet.layout.directory)
        assert twin.read_bytes() != path.read_bytes()


def test_terminal_add_prints_the_path_and_nothing_else(
    fleet: settings.Settings, capsys: Capture
) -> None:
    capsys.readouterr()
    assert run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1") == 0
    printed = capsys.readouterr()
    path = fleet.layout.enrolment_file("t-1")
    assert printed.out == f"{path}\n"
    assert printed.err == ""
    read = load_toml(path.read_text())
    assert (read.est_url, read.mqtt_port) == (fleet.est.url, fleet.broker.port)
    assert (read.counter, read.counter_name) == ("Q1", "Counter Q1")


def test_the_server_keeps_only_the_tokens_hash(fleet: settings.Settings) -> None:
    run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1")
    token = load_toml(fleet.layout.enrolment_file("t-1").read_text()).token
    assert token
    database.open_database(fleet.database.url)
    assert [row.token_sha256 for row in EnrolmentToken.select()] == [tokens.digest(token)]
    database.close()


def test_a_second_file_must_be_asked_for_and_ends_the_first_token(
    fleet: settings.Settings, capsys: Capture
) -> None:
    run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1")
    assert run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1") == 1
    assert "--again" in capsys.readouterr().err
    assert run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1", "--again") == 0
    database.open_database(fleet.database.url)
    assert [row.closed_at is None for row in EnrolmentToken.select()] == [False, True]
    database.close()


def test_a_token_made_elsewhere_is_registered_by_its_hash(fleet: settings.Settings) -> None:
    digest = tokens.digest("made elsewhere")
    words = ["terminal", "add", "--id", "t-1", "--counter", "Q1", "--token-sha256", digest]
    assert run(fleet, *words) == 0
    assert not fleet.layout.enrolment_file("t-1").exists()
    database.open_database(fleet.database.url)
    assert [row.token_sha256 for row in EnrolmentToken.select()] == [digest]
    assert actions()[-2:] == ["terminal.add", "terminal.invite"]
    database.close()


def actions() -> list[str]:
    """Return what the audit log says was done, oldest first."""
    return [entry.action for entry in reversed(audit_log.newest(50))]


def test_a_terminal_that_moves_and_one_that_is_retired_are_dealt_with_as_on_the_pages(
    fleet: settings.Settings, capsys: Capture
) -> None:
    new_counter(fleet, "Q2")
    enrolled(fleet, "t-1")
    words = ["terminal", "add", "--id", "t-1", "--counter", "Q2", "--again"]
    assert run(fleet, *words) == 0
    database.open_database(fleet.database.url)
    assert actions()[-2:] == ["terminal.move", "terminal.invite"]
    counters.close("Q1", None, "2026-11-22", 1, "person:a")
    terminals.retire("t-1", None, "broken", 2, "person:a")
    database.close()
    capsys.readouterr()
    assert run(fleet, *words) == 1
    assert "out of use for good" in capsys.readouterr().err
    assert run(fleet, "terminal", "add", "--id", "t-2", "--counter", "Q1") == 1
    assert "open it again first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (["terminal", "add", "--id", "T 1", "--counter", "Q1"], 2, "a terminal id is"),
        (["terminal", "add", "--id", "fleet-x", "--counter", "Q1"], 2, "a terminal id is"),
        (["terminal", "add", "--id", "t-1", "--counter", "Q9"], 1, "no counter has the code Q9"),
        (["terminal", "add", "--id", "t-1", "--counter", "Q1", "--valid-days", "0"], 2, "from 1"),
        (["terminal", "add", "--id", "t-1", "--counter", "Q1", "--token-sha256", "x"], 2, "64 hex"),
        (["terminal", "revoke", "t-9"], 1, "no terminal has the id t-9"),
        (["counter", "add", "--code", "Q1", "--name", "x", "--unit", "U1"], 1, "already"),
        (["counter", "add", "--code", "Q2", "--name", "x", "--unit", "U9"], 1, "no unit"),
        (["counter", "add", "--code", "Q 2", "--name", "x", "--unit", "U1"], 2, "counter code"),
        (["counter", "add", "--code", "Q2", "--name", "x" * 65, "--unit", "U1"], 2, "a name is"),
        (["unit", "add", "--code", "U1", "--name", "x"], 1, "already"),
        (["unit", "add", "--code", "U 2", "--name", "x"], 2, "code"),
        (["unit", "add", "--code", "U2", "--name", " "], 2, "a name is"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    fleet: settings.Settings, capsys: Capture, words: list[str], code: int, complaint: str
) -> None:
    capsys.readouterr()
    assert run(fleet, *words) == code
    printed = capsys.readouterr()
    assert complaint in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_a_revoked_terminal_loses_keys_token_and_file(
    fleet: settings.Settings, capsys: Capture
) -> None:
    enrolled(fleet, "t-1")
    run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1", "--again")
    assert run(fleet, "terminal", "revoke", "t-1") == 0
    assert "1 keys revoked" in capsys.readouterr().err
    assert not fleet.layout.enrolment_file("t-1").exists()
    database.open_database(fleet.database.url)
    assert all(row.revoked_at for row in TerminalKey.select())
    assert all(row.closed_at for row in EnrolmentToken.select())
    database.close()


def test_without_the_issuing_key_the_registry_still_revokes(
    fleet: settings.Settings, capsys: Capture
) -> None:
    enrolled(fleet, "t-1")
    fleet.layout.issuing_key.unlink()
    assert run(fleet, "terminal", "revoke", "t-1") == 1
    assert "NOT written" in capsys.readouterr().err
    database.open_database(fleet.database.url)
    assert all(row.revoked_at for row in TerminalKey.select())
    database.close()


def test_a_missing_settings_file_is_one_sentence(tmp_path: Path, capsys: Capture) -> None:
    config = ["--config", str(tmp_path / "none.toml")]
    for words in (["broker"], ["broker-auth"], ["est"], ["terminal", "revoke", "t-1"]):
        assert main([*words, *config]) == 2
        assert "can't be read" in capsys.readouterr().err


@pytest.mark.engines("sqlite")
def test_the_servers_file_holds_no_token(fleet: settings.Settings) -> None:
    run(fleet, "terminal", "add", "--id", "t-1", "--counter", "Q1")
    token = load_toml(fleet.layout.enrolment_file("t-1").read_text()).token
    assert token
    assert token.encode() not in fleet.layout.database.read_bytes()


@pytest.mark.engines("sqlite")
def test_a_missing_database_is_one_sentence(fleet: settings.Settings, capsys: Capture) -> None:
    fleet.layout.database.unlink()
    for words in (["broker-auth"], ["est"], ["terminal", "revoke", "t-1"]):
        assert run(fleet, *words) == 1
        assert "no database there" in capsys.readouterr().err


def test_est_without_the_issuing_key_is_one_sentence(
    fleet: settings.Settings, capsys: Capture
) -> None:
    fleet.layout.issuing_key.unlink()
    assert run(fleet, "est") == 1
    assert "issuing.key: can't be read" in capsys.readouterr().err


def test_every_command_is_found_by_its_name() -> None:
    assert {"init", "est", "broker", "broker-auth", "unit", "counter", "terminal"} <= set(
        command_names()
    )


def test_an_unknown_command_ends_with_2(capsys: Capture) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["fly"])
    assert ended.value.code == 2
    assert "invalid choice" in capsys.readouterr().err


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_can_be_quoted_for_the_settings_file(text: str) -> None:
    assert tomllib.loads(f"x = {quoted(text)}") == {"x": text}


def _config(fleet: settings.Settings) -> list[str]:
    return ["--config", str(fleet.path)]
