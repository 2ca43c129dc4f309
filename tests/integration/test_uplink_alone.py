"""The uplink's process where there is no broker yet, or no enrolment, or another uplink."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.identity.files import IdentityFiles
from tests.e2e.system import TERMINAL
from tests.fakes.control import FLEET_X
from tests.fakes.processes import Process, run
from wire.enrolment import EnrolmentFile


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "terminal.toml"
    path.write_text('[terminal]\nid = "t-1"\ncounter = "Q1"\n')
    return path


@pytest.fixture
def uplink(config: Path) -> Iterator[Process]:
    process = Process([TERMINAL, "uplink", "--config", str(config)], config.with_name("uplink.log"))
    yield process
    process.stop()


def test_before_the_enrolment_the_uplink_waits_and_ends_when_told(uplink: Process) -> None:
    uplink.start()
    uplink.wait_for("not enrolled yet")
    assert uplink.stop(signal.SIGTERM) == 0


def test_a_second_uplink_on_the_same_folder_ends_with_one_sentence(
    uplink: Process, config: Path
) -> None:
    uplink.start()
    uplink.wait_for("not enrolled yet")
    second = run(TERMINAL, "uplink", "--config", config, check=False)
    assert second.returncode == 1
    assert "another uplink runs on this folder" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_folder_of_another_terminal_is_one_sentence(uplink: Process, config: Path) -> None:
    given = EnrolmentFile("t-2", 1, "Q1", "Q", "https://localhost:1", "localhost", 1, "-", FLEET_X)
    IdentityFiles(config.with_name("data")).write_fleet(given, config)
    ended = run(TERMINAL, "uplink", "--config", config, check=False)
    assert ended.returncode == 1
    assert "this folder is enrolled as t-2, but terminal.id is t-1" in ended.stderr
