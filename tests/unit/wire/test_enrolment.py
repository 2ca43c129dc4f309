"""The enrolment file and files that are replaced whole."""

import json
import stat
import tomllib

import pytest

from wire.enrolment import EnrolmentFile, dump_toml, load_toml
from wire.envelope import root_hash
from wire.errors import WireError
from wire.files import write_atomic

PEM = "-----BEGIN CERTIFICATE-----\nAAAA\nBBBB==\n-----END CERTIFICATE-----\n"
FILE = EnrolmentFile(
    terminal="t-1",
    expires=1_795_336_200_000,
    counter="Q1-03",
    counter_name='Quầy "số" 3',
    est_url="https://fleet.example.vn:8443",
    mqtt_host="10.0.0.5",
    mqtt_port=8883,
    fleet_root_pem=PEM,
    fleet_key_x=root_hash("a" * 32),
    token="s3cret-s3cret-s3cret",
)


def test_an_enrolment_file_comes_back_as_it_was_written():
    assert load_toml(dump_toml(FILE)) == FILE


def test_a_used_token_leaves_the_file():
    text = dump_toml(FILE.without_token())
    assert "s3cret" not in text
    assert load_toml(text) == FILE.without_token()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("terminal = 7", "terminal: is not"),
        ('mqtt_port = "x"', "mqtt_port: must be"),
        ('est_url = "http://x"', "est_url: is not"),
        ('fleet_root_pem = "trust me"', "fleet_root_pem: is not"),
        ("extra = 1", "unknown field"),
    ],
)
def test_a_wrong_key_is_named(change, words):
    name = change.split(" ")[0]
    values = tomllib.loads(dump_toml(FILE))
    values.pop(name, None)
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    with pytest.raises(WireError, match=words):
        load_toml("\n".join([change, *lines]))


def test_a_missing_key_is_named_and_a_secret_never_repeated():
    lines = [line for line in dump_toml(FILE).split("\n") if not line.startswith("counter =")]
    with pytest.raises(WireError, match="counter: is missing") as caught:
        load_toml("\n".join(lines))
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("content", ["= 1", "x" * 20000, "a = [" * 3000])
def test_what_is_no_enrolment_file_is_refused(content):
    with pytest.raises(WireError):
        load_toml(content)


def test_a_file_is_replaced_whole_and_a_key_is_never_readable_by_others(tmp_path):
    path = tmp_path / "device.key"
    path.write_bytes(b"old")
    write_atomic(path, b"new", 0o600)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [left.name for left in tmp_path.iterdir()] == ["device.key"]


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "place"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        write_atomic(path, b"new")
    assert [left.name for left in tmp_path.iterdir()] == ["place"]
