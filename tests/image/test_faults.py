"""What breaks in the field: a clock at 1970, a full, copied or worn-out card, a lost partition.

One card is enrolled, at a first start whose clock says 1970, and then comes to harm.
"""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import signed_in
from tests.e2e.system import System, running_system
from tests.fakes.wait import eventually
from tests.image import data
from tests.image.conftest import write_card
from tests.image.counter import (
    HOST,
    PATIENCE_S,
    TERMINAL,
    give_card,
    invite,
    lights,
    nobody_is_thanked,
    until_acknowledged,
    until_held,
)
from tests.image.firmware import Started
from tests.image.machine import BUTTONS, Machine
from tests.image.office import (
    look_at_terminal,
    photograph,
    wait_for_matter,
    wait_until_ails,
    wait_until_well,
)
from tests.image.shell import Shell, new_key

pytestmark = [
    pytest.mark.image,
    pytest.mark.usefixtures("engine"),
    pytest.mark.engines("sqlite"),
    pytest.mark.timeout(7200),
]
LONG_AGO = "1970-01-01T00:00:00"


@dataclass
class Field:
    """A server, and a terminal's card that has been at its counter.

    Attributes:
        page: The window of somebody at the office.
        key: Opens the terminal's command line.
        loaded: What the firmware loads from the card.
        began, ended: When the terminal was first started, and cut off, Unix seconds.
    """

    system: System
    page: Page
    card: Path
    key: Path
    loaded: Started
    began: float
    ended: float

    def start(self, name: str, serial: str = "QEMU0001", *, copy: bool = False) -> Machine:
        """Return a machine that has the card, or a copy of it; not started yet."""
        folder = self.card.parent / name
        folder.mkdir()
        if not copy:
            return Machine(self.card, folder, serial)
        subprocess.run(["cp", "--sparse=always", self.card, folder / "card.img"], check=True)
        return Machine(folder / "card.img", folder, serial)


@pytest.fixture(scope="module")
def field(
    engine: str, image: Path, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Field]:
    """A card at which one rating was given in 1970, before its terminal was enrolled."""
    folder = tmp_path_factory.mktemp("field")
    key, public = new_key(folder)
    with running_system(folder, "nats", also=HOST) as system:
        with Machine(write_card(image, folder / "card.img"), folder / "first") as machine:
            give_card(system, machine, f'ssh_key = "{public}"\n')
            system.processes["est"].stop()
            began = time.time()
            loaded = machine.start(clock=LONG_AGO)
            machine.wait_for("cannot be reached")
            until_acknowledged(machine, lambda: machine.press(BUTTONS[0]))
            system.processes["est"].start()
            machine.wait_for(f"{TERMINAL} is enrolled")
            until_held(system, 1)
            eventually(lambda: _quality(system) != "estimated", PATIENCE_S, "the time")
            machine.wait_for("the token has done its work")
            machine.picture("in-1970")
        ended = time.time()
        with signed_in(system, browser) as page:
            yield Field(system, page, machine.disk, key, loaded, began, ended)


def _quality(system: System) -> str:
    """Return how the server knows the time of the first rating."""
    return str(system.ratings()[0]["at_quality"])


def test_a_terminal_whose_clock_says_1970_enrols_and_its_ratings_have_the_right_time(
    field: Field,
) -> None:
    first = field.system.ratings()[0]
    at = datetime.fromisoformat(first["at"]).timestamp()
    assert field.began < at < field.ended
    assert first["at_quality"] == "derived"


def test_a_full_card_says_so_thanks_nobody_and_goes_on_when_there_is_room(field: Field) -> None:
    with field.start("full") as machine:
        machine.start()
        shell = Shell(machine, field.key)
        until_acknowledged(machine, lambda: machine.press(BUTTONS[0]))
        shell.run("fallocate -l $(df -B1 --output=avail /var/lib | tail -1) /var/lib/filler")
        before = lights(machine)
        look_at_terminal(field.page)
        wait_until_ails(field.page, "out of service")
        photograph(field.page, machine, "full")
        machine.picture("full")
        machine.press(BUTTONS[1])
        # It is said every few seconds: the second time is a look of its own after the press.
        machine.wait_for_more("the journal cannot store", 2)
        assert lights(machine) == before, "thanked for what is not stored"
        shell.run("rm /var/lib/filler")
        until_acknowledged(machine, lambda: machine.press(BUTTONS[2]))
        until_held(field.system, 3)
        wait_until_well(field.page, "out of service")
        photograph(field.page, machine, "room-again")
        machine.picture("room-again")


def test_a_card_that_cannot_be_written_any_more_says_so_and_thanks_nobody(field: Field) -> None:
    with field.start("worn") as machine:
        machine.read_only = True
        machine.start()
        machine.wait_for("no place yet: read_only")
        nobody_is_thanked(machine, BUTTONS[0])
        machine.picture("worn")


def test_a_terminal_goes_on_without_its_boot_partition(field: Field) -> None:
    held = len(field.system.ratings())
    with field.start("no-boot", copy=True) as machine:
        machine.boot.destroy()
        machine.start(firmware=field.loaded)
        until_acknowledged(machine, lambda: machine.press(BUTTONS[0]))
        until_held(field.system, held + 1)
        machine.picture("no-boot")


def test_a_data_partition_that_cannot_be_mounted_is_said_on_the_screen(field: Field) -> None:
    with field.start("no-data", copy=True) as machine:
        data.destroy(machine.disk)
        machine.start()
        machine.wait_for("no place yet: no_data")
        nobody_is_thanked(machine, BUTTONS[0])
        machine.picture("no-data")


def test_a_copied_card_rates_in_nobodys_name_until_a_person_decides(field: Field) -> None:
    """The last test of the card: afterwards the copy is the terminal."""
    system = field.system
    held = len(system.ratings())
    with field.start("copied", "QEMU0002", copy=True) as machine:
        machine.start()
        machine.wait_for("this card comes from another board")
        machine.wait_for("next attempt in", times=3)  # the counter looks every other second
        machine.picture("copied")
        until_acknowledged(machine, lambda: machine.press(BUTTONS[0]))
        machine.wait_for_more("next attempt in")
        assert len(system.ratings()) == held
        machine.pull_the_plug()
        invite(system, machine, "--again")
        machine.start()
        until_held(system, held + 1)
        look_at_terminal(field.page)
        wait_for_matter(field.page, "Card in another board")
        photograph(field.page, machine, "copied")
