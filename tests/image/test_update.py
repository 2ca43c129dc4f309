"""The fleet's page asks for a new image: fetched, installed, tried over a real restart, kept."""

import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fleet_server import clock
from fleet_server.store import rolling, rollouts
from fleet_server.store.database import close, open_database
from fleet_server.store.rolling import Wish
from fleet_server.store.rollouts import Line
from fleet_server.updates.drive import drive
from provisioning.image import build, bundle, root
from tests.e2e.system import System
from tests.fakes.processes import run
from tests.fakes.wait import eventually
from tests.image.counter import TERMINAL
from tests.image.machine import BOOT_S, Machine

pytestmark = [
    pytest.mark.image,
    pytest.mark.usefixtures("engine"),
    pytest.mark.engines("sqlite"),
    pytest.mark.timeout(7200),
]
VERSION = "9.8.7"


@pytest.fixture
def newer(system: System, image: Path, tmp_path: Path) -> Path:
    """A bundle of the image under test that calls itself another version."""
    squashed, tree = image / build.names()[1], tmp_path / "tree"
    subprocess.run(["unsquashfs", "-q", "-n", "-d", tree, squashed], check=True)
    (tree / root.VERSION_FILE).write_text(f"{VERSION}\n")
    root.squash(tree, tmp_path / "newer.squashfs", 1_764_000_000)
    layout, made = system.fleet.layout, tmp_path / "newer.raucb"
    key = layout.update_key.read_bytes()
    bundle.make(tmp_path / "newer.squashfs", VERSION, made, layout.update_certificate, key)
    return made


@contextmanager
def database(system: System) -> Iterator[None]:
    open_database(system.fleet.database.url)
    try:
        yield
    finally:
        close()


def begin(system: System, made: Path) -> int:
    """Ask for it, as from the page of updates."""
    added = run(*system.command("update", "add", str(made))).stdout
    wish = Wish(added.split()[-1], None, {TERMINAL: 1}, (), True, 0)
    with database(system):
        return rolling.begin(wish, "person:lan", clock.now_ms())


def look(system: System, number: int) -> Line:
    """Do what jobs does each minute, and return how far the rollout is."""
    with database(system):
        drive(clock.now_ms(), system.fleet.fleet.zone)
        line = rollouts.find(number)
    assert line is not None
    return line


def test_an_image_is_tried_once_over_a_restart_and_kept_when_the_server_has_heard_it(
    system: System,
    machine: Machine,
    newer: Path,
    figure: Callable[[str], None],
) -> None:
    machine.start()
    machine.wait_for("the token has done its work")
    number, began = begin(system, newer), time.monotonic()
    eventually(lambda: look(system, number) and not machine.running, BOOT_S, "the restart")
    figure(f"asked, fetched, installed, switched off: {time.monotonic() - began:.0f} s")
    machine.pull_the_plug()
    config = machine.boot.read("config.txt").decode()
    assert re.findall(r"(?:good|os_prefix)=(\w)", config) == ["a", "b"], "B is tried once"
    assert machine.start().slot == "B"
    eventually(lambda: look(system, number).state == "done", BOOT_S, "B is kept")
    figure(f"asked to kept: {time.monotonic() - began:.0f} s")
    machine.pull_the_plug()
    assert machine.boot.start(machine.folder).slot == "B"
