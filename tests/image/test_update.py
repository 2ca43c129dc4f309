"""The fleet asks for a new image: fetched, installed, tried over a real restart, kept or left.

One machine, whose starts take the time, for all of it: each test goes on from what the machine runs
by then, and needs none of the others.
"""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.system import System, running_system
from tests.fakes.wait import eventually
from tests.image.conftest import write_card
from tests.image.counter import HOST, TERMINAL, gaps, give_card, lights, until_acknowledged
from tests.image.machine import BUTTONS, Machine
from tests.image.qemu import BOOT_S
from tests.image.rolling import Bundles, Rollout

pytestmark = [
    pytest.mark.image,
    pytest.mark.usefixtures("engine"),
    pytest.mark.engines("sqlite"),
    pytest.mark.timeout(7200),
]
GOOD, BLIND, HOLLOW = "9.8.7", "9.8.8", "9.8.9"
OTHER = {"A": "B", "B": "A"}


class Counter:
    """A terminal under QEMU with its system, and what was pressed and acknowledged there."""

    def __init__(self, system: System, machine: Machine, bundles: Bundles) -> None:
        self.system, self.machine, self.bundles = system, machine, bundles
        self.acknowledged = 0
        self.slot = ""

    def start(self) -> str:
        """Switch on, wait until it takes presses, and return the slot that runs."""
        self.slot = self.machine.start().slot
        self.machine.wait_for("Started hailong-terminal.service")
        return self.slot

    def press(self) -> None:
        """Press until it is acknowledged."""
        before = lights(self.machine)
        until_acknowledged(self.machine, lambda: self.machine.press(BUTTONS[0]))
        self.acknowledged += lights(self.machine) - before

    def choice(self) -> tuple[str, str]:
        """Return the slot that counts as good, and the one that starts next."""
        config = self.machine.boot.read("config.txt").decode()
        good, start = re.findall(r"(?:good|os_prefix)=(\w)", config)
        return good.upper(), start.upper()

    def roll_out(self, made: Path) -> Rollout:
        """Press, ask for an image, and wait until the machine goes off to try it once."""
        if not self.machine.running:
            self.start()
            self.machine.wait_for("the token has done its work")
        self.press()
        rollout = Rollout.begin(self.system, TERMINAL, made)
        self.machine.wait_until_off(2 * BOOT_S)
        assert self.choice() == (self.slot, OTHER[self.slot]), "it is tried once"
        return rollout

    def has_every_rating(self) -> bool:
        """Say whether the server has a row for each press that was acknowledged, and no gap."""
        return len(self.system.ratings()) >= self.acknowledged and not gaps(self.system)


@pytest.fixture(scope="module")
def counter(
    engine: str, image: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Counter]:
    folder = tmp_path_factory.mktemp("update")
    disk = write_card(image, folder / "card.img")
    with running_system(folder, "nats", also=HOST) as system, Machine(disk, folder) as machine:
        give_card(system, machine)
        yield Counter(system, machine, Bundles(system, image, folder))


def test_a_good_image_is_tried_once_over_a_restart_and_kept_when_the_server_has_heard_it(
    counter: Counter, figure: Callable[[str], None]
) -> None:
    machine, began = counter.machine, time.monotonic()
    rollout = counter.roll_out(counter.bundles.good(GOOD))
    figure(f"asked, fetched, installed, switched off: {time.monotonic() - began:.0f} s")
    former = counter.slot
    assert counter.start() == OTHER[former]
    counter.press()
    machine.wait_for(f"update to {GOOD}: confirmed")
    rollout.until(lambda: rollout.line().state == "done", "the rollout is over")
    figure(f"asked to kept: {time.monotonic() - began:.0f} s")
    machine.picture("kept")
    assert rollout.became() == ("confirmed", "")
    assert counter.choice() == (counter.slot, counter.slot)
    assert [line for line in machine.failed_units() if "hailong" in line] == []
    assert "Traceback" not in machine.output()
    eventually(counter.has_every_rating, BOOT_S, "a row for each rating")


def test_an_image_that_shows_nothing_gives_way_by_itself_and_its_ratings_stay(
    counter: Counter, figure: Callable[[str], None]
) -> None:
    """It takes presses, sends them and gets receipts: only nobody at the counter sees anything."""
    machine = counter.machine
    rollout = counter.roll_out(counter.bundles.blind(BLIND))
    former = counter.slot
    assert counter.start() == OTHER[former]
    began = time.monotonic()
    counter.press()
    machine.picture("blind")
    machine.wait_for(f"update to {BLIND}: giving_way")
    figure(f"on trial until it gave way: {time.monotonic() - began:.0f} s")
    machine.wait_until_off()
    assert counter.start() == former
    machine.wait_for(f"update to {BLIND}: fallen_back")
    rollout.until(lambda: rollout.line().state == "stopped", "the rollout is stopped")
    assert rollout.became() == ("failed", "fell back: the new image drew no screen")
    assert counter.choice() == (former, former)
    counter.press()
    machine.picture("back")
    eventually(counter.has_every_rating, BOOT_S, "a row for each rating")
    rollout.end()


def test_an_image_that_cannot_be_started_is_tried_twice_and_left(counter: Counter) -> None:
    """Its kernel finds nothing to start; the initrd has put the former image back before that."""
    machine = counter.machine
    rollout = counter.roll_out(counter.bundles.hollow(HOLLOW))
    former = counter.slot
    assert machine.start().slot == OTHER[former]
    machine.wait_until_off()
    assert "Kernel panic" in machine.output()
    assert counter.start() == former
    machine.wait_until_off(2 * BOOT_S)
    assert machine.start().slot == OTHER[former]
    machine.wait_until_off()
    assert counter.start() == former
    machine.wait_for(f"update to {HOLLOW}: fallen_back")
    rollout.until(lambda: rollout.line().state == "stopped", "the rollout is stopped")
    assert rollout.became() == ("failed", "fell back: the new image did not start")
    assert counter.choice() == (former, former)
    counter.press()
    eventually(counter.has_every_rating, BOOT_S, "a row for each rating")
    rollout.end()
