"""fleet.toml: taken whole, or refused with the key that is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.settings import ENVIRONMENT, MAX_BYTES, SettingsError, load, parse

GOOD = """
[fleet]
name = "Sở Tư pháp"
[database]
[web]
host = "127.0.0.1"
port = 8080
url = "http://127.0.0.1:8080/"
[est]
host = "0.0.0.0"
port = 8443
url = "https://fleet.example:8443"
[broker]
host = "fleet.example"
port = 8883
"""
FILE = Path("/etc/hailong/fleet.toml")


def test_what_is_not_said_has_a_default() -> None:
    settings = parse(GOOD.encode(), FILE)
    assert settings.fleet.time_zone == settings.fleet.zone.key == "Asia/Ho_Chi_Minh"
    assert (settings.fleet.participation_target, settings.fleet.satisfaction_target) == (40, 80)
    assert (settings.broker.kind, settings.broker.listen) == ("nats", "127.0.0.1")
    assert settings.broker.client_port == 4222


def test_a_witness_is_read_with_how_its_word_is_written() -> None:
    text = f"{GOOD}\n[interviews]\nwitness = 'lottery'\nwitness_form = '999999'\n"
    assert parse(text.encode(), FILE).interviews.witness == "lottery [999999]"


def test_paths_are_relative_to_the_file() -> None:
    settings = parse(GOOD.encode(), FILE)
    assert settings.database.url == "sqlite:/etc/hailong/fleet.db"
    assert settings.layout.root_certificate == Path("/etc/hailong/pki/root.crt")


def test_an_absolute_path_stays() -> None:
    text = GOOD.replace("[database]", '[database]\nurl = "sqlite:/srv/fleet.db"')
    assert parse(text.encode(), FILE).database.url == "sqlite:/srv/fleet.db"


def test_an_address_loses_its_last_slash() -> None:
    assert parse(GOOD.encode(), FILE).web.url == "http://127.0.0.1:8080"


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ('name = "Sở Tư pháp"', "name = 7", "[fleet] name must be a text"),
        ('name = "Sở Tư pháp"', 'name = ""', "[fleet] name must be 1 to 255"),
        ('name = "Sở Tư pháp"', "", "[fleet] name is missing"),
        ("[fleet]", "[fleet]\ntime_zone = 'Hanoi'", "[fleet] time_zone is not a time zone"),
        ("[fleet]", "[fleet]\ntime_zone = '../x'", "[fleet] time_zone is not a time zone"),
        ("[fleet]", "[fleet]\nparticipation_target = 101", "[fleet] participation_target must be"),
        ("[fleet]", "[fleet]\nsatisfaction_target = true", "[fleet] satisfaction_target must be"),
        ("[fleet]", "[fleet]\nnmae = 1", "[fleet] nmae is not a known key"),
        ("[database]", "[database]\nurl = 'mysql:x'", "[database] url must be"),
        ("[database]", "[database]\nurl = 'sqlite:'", "[database] url must be"),
        (
            "[database]",
            "[database]\nurl = 'postgresql://u:p@h/n'",
            "[database] url must hold no password",
        ),
        (
            "[database]",
            "[interviews]\nwitness = 'lottery'\n[database]",
            "[interviews] witness_form is missing: how the word of the witness is written",
        ),
        (
            "[database]",
            "[interviews]\nwitness_form = '999999'\n[database]",
            "[interviews] witness_form says how a witness is written: name one as witness",
        ),
        (
            "[database]",
            "[interviews]\nwitness = 'lottery'\nwitness_form = 'any'\n[database]",
            "[interviews] witness_form 'any' is no form of at most 40 characters",
        ),
        ("port = 8080", "port = 0", "[web] port must be a whole number from 1 to 65535"),
        ("port = 8080", "port = '8080'", "[web] port must be"),
        ("port = 8080", "port = 8080\ntrusted_proxies = -1", "[web] trusted_proxies must be"),
        ("http://127.0.0.1:8080/", "ftp://x", "[web] url must be"),
        ("http://127.0.0.1:8080/", "http://x:99999", "[web] url must be"),
        ("https://fleet.example:8443", "http://x", "[est] url must be"),
        ("https://fleet.example:8443", "https://x/y", "[est] url must have no path"),
        ('host = "0.0.0.0"', 'host = "a b"', "[est] host must be a host name"),
        ("port = 8883", "port = 8883\nkind = 'rabbit'", '[broker] kind must be "nats"'),
        ("port = 8883", "port = 8883\nclient_port = -1", "[broker] client_port must be"),
        ("port = 8883", "port = 8883\nlisten = '*'", "[broker] listen must be"),
        ("[broker]", "[brokers]", "the section [broker] is missing"),
        ("[broker]", "[more]\n[broker]", "[more] is not a known section"),
        ("[database]", "[database", "not a TOML file"),
    ],
)
def test_an_error_names_the_file_and_the_key(old: str, new: str, names: str) -> None:
    assert old in GOOD
    with pytest.raises(SettingsError) as caught:
        parse(GOOD.replace(old, new).encode(), FILE)
    assert str(caught.value).startswith("/etc/hailong/fleet.toml: ")
    assert names in str(caught.value)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="hailong-fleet init"):
        load(tmp_path / "fleet.toml")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "fleet.toml"
    file.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(SettingsError, match="larger than"):
        load(file)


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "other.toml"
    file.write_text(GOOD)
    monkeypatch.setenv(ENVIRONMENT, str(file))
    assert load().path == file


def test_without_a_name_it_is_the_one_in_this_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ENVIRONMENT, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fleet.toml").write_text(GOOD)
    assert load().path == tmp_path / "fleet.toml"


VALUES = st.recursive(
    st.one_of(
        st.integers().map(str),
        st.booleans().map(lambda value: str(value).lower()),
        st.text(st.characters(codec="utf-8", exclude_characters="'\r\n"), max_size=40).map(
            lambda text: f"'{text}'"
        ),
    ),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
    max_leaves=4,
)
LINES = [line for line in GOOD.splitlines() if "=" in line]


@given(st.sampled_from(LINES), VALUES)
def test_any_value_is_taken_or_its_key_is_named(line: str, value: str) -> None:
    key = line.partition(" = ")[0]
    try:
        parse(GOOD.replace(line, f"{key} = {value}").encode(), FILE)
    except SettingsError as error:
        message = str(error)
    else:
        return
    assert f"] {key} " in message or "not a TOML file" in message


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_one_error(data: bytes) -> None:
    with pytest.raises(SettingsError, match=r"/etc/hailong/fleet\.toml"):
        parse(data, FILE)
