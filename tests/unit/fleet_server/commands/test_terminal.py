"""``hailong-fleet terminal configure, command, show``."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.cli import main
from fleet_server.commands.terminal.configure import load_tables
from fleet_server.policy import dump
from fleet_server.settings import Settings
from fleet_server.store import commands, database, downlink, status
from fleet_server.store.models import Command, Downlink
from tests.fakes.fleets import enrolled, new_counter, new_fleet
from tests.fakes.wait import eventually
from wire.up import Health

POLICY = """
[look]
languages = ["vi", "en"]
[texts]
question = {vi = "Ông/bà thấy \\"thế nào\\"?"}
[hours]
brightness = {"06:00" = 100, "18:00" = 40}
day_ends = "04:00"
[asking]
items = ["parking", {code = "lift", vi = "Thang máy"}]
"""


@pytest.fixture(scope="module")
def made(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    fleet = new_fleet(tmp_path_factory.mktemp("cli") / "fleet")
    new_counter(fleet)
    enrolled(fleet, "t-1")
    return fleet


@pytest.fixture
def fleet(made: Settings) -> Iterator[Settings]:
    database.open_database(made.database.url)
    Downlink.delete().execute()
    Command.delete().execute()
    yield made
    database.close()


def run(fleet: Settings, *words: str) -> int:
    code = main(["terminal", *words, "--config", str(fleet.path)])
    database.open_database(fleet.database.url)
    return code


def policy(tmp_path: Path, content: str | bytes = POLICY) -> str:
    path = tmp_path / "policy.toml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_a_file_of_tables_becomes_a_wish_whose_version_grows(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fleet, "configure", "t-1", "--file", policy(tmp_path)) == 0
    assert "version 1 is sent" in capsys.readouterr().err
    assert run(fleet, "configure", "t-1", "--file", policy(tmp_path)) == 0
    found = downlink.configuration("t-1")
    assert found is not None
    assert found.version == 2
    assert found.settings["asking"]["items"][1] == {"code": "lift", "vi": "Thang máy"}


def test_what_is_shown_can_be_given_back(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(fleet, "configure", "t-1", "--file", policy(tmp_path))
    capsys.readouterr()
    assert run(fleet, "configure", "t-1", "--show") == 0
    shown = policy(tmp_path, capsys.readouterr().out)
    found = downlink.configuration("t-1")
    assert found is not None
    assert load_tables(Path(shown)) == found.settings


def test_clearing_is_a_newer_version_with_nothing_in_it(fleet: Settings, tmp_path: Path) -> None:
    run(fleet, "configure", "t-1", "--file", policy(tmp_path))
    assert run(fleet, "configure", "t-1", "--clear") == 0
    found = downlink.configuration("t-1")
    assert found is not None
    assert (found.version, found.settings) == (2, {})


def test_a_restored_server_goes_on_above_what_the_terminal_says_it_applied(
    fleet: Settings,
) -> None:
    health = Health(0, 0, "0" * 32, "synced", "1", 0, None, "0" * 32, 1)
    told = {"terminal": {"config_version": 41}}
    status.health("t-1", Health(**{**_fields(health), "details": told}), "2026-11-22", 0)
    run(fleet, "configure", "t-1", "--clear")
    found = downlink.configuration("t-1")
    assert found is not None
    assert found.version == 42
    status.health("t-1", health, "2026-11-22", 0)


def _fields(health: Health) -> dict[str, object]:
    return {name: getattr(health, name) for name in Health.__slots__}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff", "is not UTF-8"),
        (b"[look", "is not valid TOML"),
        (b"[hours]\nday_ends = 04:00:00", "times are texts"),
        (b"[hours]\nday_ends = nan", "times are texts"),
        (b'[texts]\na = "' + b"x" * 40_000 + b'"', "is larger than 32768 bytes"),
        (b'[database]\nurl = "postgresql://fleet@db/fleet"', "database: cannot be set from afar"),
        (b'[asking]\nmode = "x"', "no terminal would take this: asking.mode: must be one of"),
        (b"[asking]\nmod = 1", "asking.mod: is unknown; the keys here are answer_s, items"),
        (b"[uplink]\nx = 1", "uplink: cannot be set from afar; only tickets, asking, look"),
        (b"look = 1", "look: must be a table"),
        (b"[a]\nx = " + b"[" * 5000 + b"]" * 5000, "is not valid TOML"),
        (b"[asking]\nanswer_s = " + b"1" * 5000, "is not valid TOML"),
    ],
)
def test_a_file_that_is_no_policy_is_one_clear_error(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    assert run(fleet, "configure", "t-1", "--file", policy(tmp_path, content)) == 2
    assert said in capsys.readouterr().err
    assert downlink.configuration("t-1") is None


def test_the_servers_own_settings_are_never_sent_out(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(fleet, "configure", "t-1", "--file", str(fleet.path)) == 2
    assert "cannot be set from afar" in capsys.readouterr().err
    assert downlink.configuration("t-1") is None


def test_a_terminal_that_is_not_there_is_named(
    fleet: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in (["configure", "t-9", "--clear"], ["command", "t-9", "restart"], ["show", "t-9"]):
        assert run(fleet, *words) == 1
        assert "t-9" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explode"], "the commands are hello, identify"),
        (["identify", "--seconds", "61"], "from 1 to 60"),
        (["restart", "--seconds", "5"], "restart takes no arguments"),
        (["restart", "--ttl", "0"], "--ttl must be from 1"),
    ],
)
def test_a_command_that_no_terminal_would_take_is_not_sent(
    fleet: Settings, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run(fleet, "command", "t-1", *words) == 2
    assert said in capsys.readouterr().err
    assert commands.history("t-1", 9) == []


def test_a_command_is_wished_for(fleet: Settings) -> None:
    assert run(fleet, "command", "t-1", "identify", "--seconds", "10") == 0
    [found] = commands.history("t-1", 9)
    assert (found.name, found.arguments, found.ttl_s) == ("identify", {"seconds": 10}, 120)


@pytest.mark.parametrize(
    ("outcome", "details", "code"), [("done", None, 0), ("failed", "no sound", 1)]
)
def test_the_outcome_is_waited_for(
    fleet: Settings,
    capsys: pytest.CaptureFixture[str],
    outcome: str,
    details: str | None,
    code: int,
) -> None:
    def answer() -> None:
        [wish] = eventually(lambda: commands.due(clock.now_ms()), 10, "the command")
        with database.writing():
            commands.sealed(wish, 77, "token")
            commands.published([wish], 1)
            commands.answered("t-1", 77, outcome, details, 2)
        database.close()

    terminal = threading.Thread(target=answer)
    terminal.start()
    assert run(fleet, "command", "t-1", "self-test", "--wait") == code
    terminal.join()
    assert outcome in capsys.readouterr().out


def test_waiting_ends_when_the_time_is_over(
    fleet: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fleet_server.commands.terminal import command

    monkeypatch.setattr(command, "_GRACE_S", -1)
    assert run(fleet, "command", "t-1", "restart", "--wait", "--ttl", "1") == 1
    assert "not sent; is ingest running?" in capsys.readouterr().out


def test_show_tells_configuration_keys_and_the_last_commands(
    fleet: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(fleet, "show", "t-1")
    assert "the terminal's own tables count" in capsys.readouterr().out
    run(fleet, "configure", "t-1", "--file", policy(tmp_path))
    run(fleet, "command", "t-1", "restart")
    capsys.readouterr()
    assert run(fleet, "show", "t-1") == 0
    said = capsys.readouterr().out
    assert "terminal   t-1, at Q1" in said
    assert "config     version 1, no answer yet" in said
    assert "valid, certificate until" in said
    assert "restart: not sent yet" in said
    with database.writing():
        Downlink.update(n=5, signed=Downlink.changed).execute()
        downlink.answered("t-1", "config", 5, {"applied": False, "reason": "look.letters: no"})
    run(fleet, "show", "t-1")
    assert "version 1, refused: look.letters: no" in capsys.readouterr().out


def test_every_kind_of_value_is_written_as_toml() -> None:
    text = dump({"a b": {"x": True, "y": [1, 2.5], "é": {"k": 'say "hi"\n\x7f'}}})
    assert '["a b"]' in text
    import tomllib

    assert tomllib.loads(text) == {"a b": {"x": True, "y": [1, 2.5], "é": {"k": 'say "hi"\n\x7f'}}}
