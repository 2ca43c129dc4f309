"""``hailong-terminal journal show|verify|export``."""

import hashlib
import json
from pathlib import Path

import pytest

from device.cli import main
from device.identity.files import IdentityFiles
from device.journal.opening import FOLDER
from tests.fakes.journals import DEV, database, everything, opened, rating
from wire import keys


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A terminal with a journal of ten records."""
    path = tmp_path / "terminal.toml"
    path.write_text(f'[terminal]\nid = "{DEV}"\ncounter = "Q1"\ndata = "data"\n')
    key = IdentityFiles(tmp_path / "data").load_or_make_key()
    book = opened(tmp_path / "data", key=key).journal
    for _ in range(9):
        book.append(rating())
    book.close()
    return path


def alter(config: Path, statement: str) -> None:
    with database(config.parent / "data") as db:
        db.execute("DROP TRIGGER record_is_never_changed")
        db.execute(statement)


def test_show_prints_the_newest_records_as_json(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "show", "--last", "3", "--config", str(config)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["seq"] for line in lines] == [8, 9, 10]
    assert lines[0]["type"] == "rating"


def test_show_all(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["journal", "show", "--last", "0", "--config", str(config)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 10


def test_show_names_what_cannot_be_read(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alter(config, "UPDATE record SET jws = x'ff' WHERE seq = 10")
    assert main(["journal", "show", "--last", "1", "--config", str(config)]) == 0
    assert json.loads(capsys.readouterr().out)["seq"] == 10


def test_verify_says_that_every_record_proves_itself(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["journal", "verify", "--config", str(config)]) == 0
    said = capsys.readouterr().out
    assert "10 records, up to 10, 0 broken" in said
    assert "every record proves itself" in said


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE record SET jws = x'ff' WHERE seq = 5", "record 5"),
        ("UPDATE record SET jws = CAST(jws || 'A' AS BLOB) WHERE seq = 5", "record 5"),
        ("DELETE FROM record WHERE seq = 5", "record 6"),
        (
            "UPDATE record SET jws = (SELECT jws FROM record WHERE seq = 4) WHERE seq = 5",
            "record 5",
        ),
    ],
)
def test_verify_names_the_broken_record_and_fails(
    config: Path, capsys: pytest.CaptureFixture[str], statement: str, what: str
) -> None:
    alter(config, statement)
    assert main(["journal", "verify", "--config", str(config)]) == 1
    said = capsys.readouterr().out
    assert f"BROKEN: {what}" in said
    assert "the journal is broken" in said


def test_verify_finds_every_single_flipped_bit_of_a_record(config: Path) -> None:
    entry = everything(config.parent / "data")[4]
    for at in range(0, len(entry.token), 97):
        flipped = bytearray(entry.token)
        flipped[at] ^= 1
        with database(config.parent / "data") as db:
            db.execute("DROP TRIGGER IF EXISTS record_is_never_changed")
            db.execute("UPDATE record SET jws = ? WHERE seq = 5", (bytes(flipped),))
        assert main(["journal", "verify", "--config", str(config)]) == 1


def test_verify_tells_records_of_an_earlier_key(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = config.parent / "data" / "identity" / "device.key"
    key.write_bytes(keys.dump_private(keys.generate()))
    assert main(["journal", "verify", "--config", str(config)]) == 0
    assert "10 by another key, checked by their links alone" in capsys.readouterr().out


def test_a_file_that_is_no_journal_is_one_clear_error(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (config.parent / "data" / FOLDER / "journal.db").write_bytes(b"x" * 9000)
    for action in ("show", "verify", "export"):
        assert main(["journal", action, "--config", str(config)]) == 1
        said = capsys.readouterr().err
        assert said.startswith("hailong-terminal: ")
        assert "Traceback" not in said


def test_a_terminal_without_a_journal_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "terminal.toml"
    path.write_text(f'[terminal]\nid = "{DEV}"\ncounter = "Q1"\n')
    assert main(["journal", "show", "--config", str(path)]) == 1
    assert "holds no journal yet" in capsys.readouterr().err


def test_export_writes_every_signed_record_and_a_checksum(config: Path) -> None:
    out = config.parent / "records.jws"
    assert main(["journal", "export", "--out", str(out), "--config", str(config)]) == 0
    written = out.read_bytes()
    assert written.splitlines() == [e.token for e in everything(config.parent / "data")]
    checksum, name = out.with_name("records.jws.sha256").read_text().split()
    assert (checksum, name) == (hashlib.sha256(written).hexdigest(), "records.jws")


def test_export_to_standard_output(config: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["journal", "export", "--config", str(config)]) == 0
    written, said = capfdbinary.readouterr()
    assert len(written.splitlines()) == 10
    assert hashlib.sha256(written).hexdigest().encode() in said


def test_export_to_where_nothing_can_be_written_is_one_clear_error(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = config.parent / "nowhere" / "x"
    assert main(["journal", "export", "--out", str(out), "--config", str(config)]) == 1
    assert "nowhere" in capsys.readouterr().err


def test_a_count_that_is_none_is_a_usage_error(config: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["journal", "show", "--last", "-1", "--config", str(config)])
    assert ended.value.code == 2


def test_the_code_of_a_stick_is_printed_with_the_hash_that_terminals_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["journal", "stick"]) == 0
    said = capsys.readouterr().out
    code = said.split("HAILONG-EXPORT")[1].split()[0]
    assert f'code_sha256 = "{hashlib.sha256(code.encode()).hexdigest()}"' in said
