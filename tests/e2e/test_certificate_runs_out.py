"""A terminal whose certificate has run out goes on rating, and comes back with a new file."""

from datetime import timedelta
from pathlib import Path

import pytest

from device.identity.files import IdentityFiles
from device.link import standing
from tests.e2e.system import System, Terminal
from tests.fakes.fleets import shorten
from tests.fakes.processes import run
from tests.fakes.wait import eventually

pytestmark = pytest.mark.timeout(300)

SETTINGS = '[tickets]\nwithout = "unbound"\n[uplink]\nbackoff_cap_s = 1\n'


def new_file(system: System, terminal: Terminal) -> None:
    words = ["terminal", "add", "--id", terminal.id, "--counter", terminal.counter, "--again"]
    made = Path(run(*system.command(*words)).stdout.split()[-1])
    terminal.folder.joinpath("enrolment.toml").write_bytes(made.read_bytes())


def test_ratings_go_on_and_a_new_file_brings_it_back(system: System) -> None:
    terminal = system.add_terminal("t-1", "Q1", SETTINGS)
    shorten(system.fleet, "t-1", IdentityFiles(terminal.data), left=timedelta(days=-1))
    terminal.start()
    terminal.press()
    eventually(lambda: standing.told(terminal.data).stage == "expired", 30, "words for the screen")
    assert system.held(terminal) == []
    new_file(system, terminal)
    eventually(lambda: len(system.held(terminal)) == 1, 60, "what was rated meanwhile")
    assert standing.told(terminal.data).stage is None
    assert len(system.query("select kid from terminal_key where terminal_id = 't-1'")) == 1


def test_one_that_runs_out_soon_is_renewed_without_anybody(system: System) -> None:
    terminal = system.add_terminal("t-1", "Q1", SETTINGS)
    shorten(system.fleet, "t-1", IdentityFiles(terminal.data), left=timedelta(days=20))
    before = (terminal.data / "identity/device.crt").read_bytes()
    terminal.start()
    terminal.press()
    terminal.uplink.wait_for("there is a new certificate", timeout_s=60)
    assert (terminal.data / "identity/device.crt").read_bytes() != before
    eventually(lambda: len(system.held(terminal)) == 1, 60, "the rating")
