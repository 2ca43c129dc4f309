"""A fleet with its real enrolment server, and terminals that want in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from device.identity.enrol import enrol
from device.identity.files import IdentityFiles
from fleet_server.cli import main
from fleet_server.settings import Settings
from tests.fakes import databases
from tests.fakes.fleets import new_counter, new_fleet
from tests.fakes.journals import StillClock
from tests.fakes.ports import is_open
from tests.fakes.processes import FLEET, Process
from tests.fakes.wait import eventually
from wire.ids import new_id

NOW = 1_795_341_000_000


@dataclass
class Newcomer:
    """A terminal that was invited.

    Attributes:
        id: terminal id.
        files: its identity.
        enrolment: its enrolment file.
        clock: what it believes of the time.
    """

    fleet: Settings
    id: str
    files: IdentityFiles
    enrolment: Path
    clock: StillClock

    def enrol(self) -> bool:
        return enrol(self.files, self.enrolment, self.id, self.clock)


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    with databases.using("sqlite"):
        fleet = new_fleet(tmp_path_factory.mktemp("est") / "fleet")
    new_counter(fleet)
    est = Process([FLEET, "est", "--config", str(fleet.path)], fleet.path.with_name("est.log"))
    est.start()
    try:
        eventually(lambda: is_open(fleet.est.port), 30, "EST")
        yield fleet
    finally:
        est.stop()


@pytest.fixture
def newcomer(fleet: Settings, tmp_path: Path) -> Newcomer:
    terminal = f"t-{new_id()[:8]}"
    words = ["--id", terminal, "--counter", "Q1", "--config", str(fleet.path)]
    assert main(["terminal", "add", *words]) == 0
    path = tmp_path / "enrolment.toml"
    path.write_bytes(fleet.layout.enrolment_file(terminal).read_bytes())
    return Newcomer(fleet, terminal, IdentityFiles(tmp_path / "data"), path, StillClock(NOW))
