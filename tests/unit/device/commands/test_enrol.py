"""``hailong-terminal enrol``, as a technician uses it."""

from pathlib import Path

import pytest

from device.cli import main
from tests.fakes import databases
from tests.fakes.control import FLEET_X
from tests.fakes.fleets import new_fleet
from tests.fakes.ports import free_ports
from wire.enrolment import EnrolmentFile, dump_toml


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A terminal whose enrolment server is not there."""
    with databases.using("sqlite"):
        fleet = new_fleet(tmp_path / "fleet")
    given = EnrolmentFile(
        terminal="t-1",
        token="secret-secret-secret",
        expires=2_000_000_000_000,
        counter="Q1",
        counter_name="Quầy 1",
        est_url=f"https://localhost:{free_ports(1)[0]}",
        mqtt_host="localhost",
        mqtt_port=8883,
        fleet_root_pem=fleet.layout.root_certificate.read_text(),
        fleet_key_x=FLEET_X,
    )
    (tmp_path / "enrolment.toml").write_text(dump_toml(given))
    path = tmp_path / "terminal.toml"
    path.write_text('[terminal]\nid = "t-1"\ncounter = "Q1"\n[uplink]\nbackoff_s = 0.01\n')
    return path


def test_a_server_that_is_away_is_one_sentence(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["enrol", "--config", str(config)]) == 1
    said = capsys.readouterr().err
    assert "cannot be reached" in said
    assert "secret" not in said
    assert len(said.splitlines()) == 1


def test_another_file_can_be_named(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["enrol", "--file", "/nowhere.toml", "--config", str(config)]) == 2
    assert "/nowhere.toml: cannot be read" in capsys.readouterr().err


def test_a_wrong_enrolment_file_is_a_usage_error(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.with_name("enrolment.toml").write_text("terminal = 1")
    assert main(["enrol", "--config", str(config)]) == 2
    assert "enrolment.toml" in capsys.readouterr().err


def test_waiting_tries_again_and_again(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    def count(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", count)
    assert main(["enrol", "--wait", "--config", str(config)]) == 130
    assert all(0 <= wait <= 0.01 * 2**5 for wait in waits)
    assert capsys.readouterr().err.count("next attempt") == 5
