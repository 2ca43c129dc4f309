"""``hailong-terminal lan init``."""

from pathlib import Path

import pytest

from device.cli import main


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text('[terminal]\nid = "t-1"\ncounter = "Q1"\n')
    return path


def init(config: Path, *hosts: str) -> int:
    named = [word for host in hosts for word in ("--host", host)]
    return main(["lan", "init", "--config", str(config), *named])


def test_init_makes_the_files_and_says_how_to_call(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(config, "192.168.1.7", "quay-3.local") == 0
    said = capsys.readouterr().out
    token = (config.parent / "lan" / "token").read_text().strip()
    assert token not in said
    assert "SHA-256 of the certificate: " in said
    assert '[lan]\nlisten = "0.0.0.0"' in said
    assert "https://192.168.1.7:8443/api/v1/tickets" in said


def test_init_again_changes_nothing_and_says_the_same(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(config, "192.168.1.7")
    first = capsys.readouterr().out
    config.write_text(config.read_text() + '[lan]\nlisten = "0.0.0.0"\n')
    assert init(config, "192.168.1.7") == 0
    again = capsys.readouterr().out
    assert "left alone" in again
    assert "To turn the endpoint on" not in again
    assert [line for line in again.splitlines() if "SHA" in line] == [
        line for line in first.splitlines() if "SHA" in line
    ]


def test_init_again_tells_of_a_host_that_the_certificate_does_not_name(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(config, "192.168.1.7")
    assert "not named" not in capsys.readouterr().out
    init(config, "192.168.1.7", "192.168.1.8", "quay-3.local")
    said = capsys.readouterr().out
    assert "192.168.1.8 is not named by this certificate" in said
    assert "quay-3.local is not named" in said
    assert "192.168.1.7 is not named" not in said


def test_init_overwrites_nothing(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (config.parent / "lan").mkdir()
    (config.parent / "lan" / "key.pem").write_text("mine")
    assert init(config, "192.168.1.7") == 1
    assert "is not overwritten" in capsys.readouterr().err
    assert (config.parent / "lan" / "key.pem").read_text() == "mine"


def test_a_host_must_be_named(config: Path) -> None:
    with pytest.raises(SystemExit):
        init(config)
