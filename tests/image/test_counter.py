"""A whole counter: the image's terminal under QEMU, and a real broker, enrolment and server.

A level on a line of the machine's PL061 is what a button does to the kernel's GPIO device; the
lines that light LEDs are watched from outside. "Acknowledged" is a lit LED: the terminal lights
them after the record is stored.
"""

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.system import System, running_system
from tests.fakes.fleets import new_counter
from tests.fakes.processes import run
from tests.fakes.wait import eventually
from tests.image import data
from tests.image.machine import BUTTONS, LEDS, WIRING, Machine
from wire.enrolment import load_toml

pytestmark = [
    pytest.mark.image,
    pytest.mark.usefixtures("engine"),
    pytest.mark.engines("sqlite"),
    pytest.mark.timeout(7200),
]
HOST = "10.0.2.2"
"""This machine, as QEMU's user network shows it to the guest."""
TERMINAL, COUNTER = "t-1", "Q1"
PATIENCE_S = 240


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with running_system(tmp_path, "nats", also=HOST) as one:
        yield one


@pytest.fixture
def machine(system: System, new_machine: Callable[..., Machine]) -> Machine:
    """A machine whose card has the terminal's enrolment file on its boot partition."""
    new_counter(system.fleet, COUNTER)
    added = run(*system.command("terminal", "add", "--id", TERMINAL, "--counter", COUNTER))
    enrolment = Path(added.stdout.split()[-1]).read_text("utf-8")
    one = new_machine()
    one.boot.write("enrolment.toml", enrolment.replace("localhost", HOST).encode())
    data.put(one.disk, "terminal.toml", WIRING)
    return one


def rated(system: System) -> set[str]:
    """Return the visits of which the server holds a rating."""
    return {row["visit"] for row in system.ratings()}


def until_acknowledged(machine: Machine, act: Callable[[], None]) -> None:
    """Press, again and again until the terminal has its ticket, and an LED says it is stored."""
    before = machine.pins.look()[LEDS[0]]
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        act()
        for _ in range(30):
            if machine.pins.look()[LEDS[0]] > before:
                return
            assert machine.running
            time.sleep(0.1)
    raise AssertionError(f"no press was acknowledged\n{machine.output()[-5000:]}")


def rate(system: System, machine: Machine, ticket: str, act: Callable[[], None]) -> str:
    """Call a ticket, press, and return its visit when the press was acknowledged."""
    visit = system.ticket(COUNTER, ticket, "called")
    until_acknowledged(machine, act)
    return visit


def test_a_card_with_a_file_on_it_becomes_a_terminal_whose_presses_are_rows(
    system: System, machine: Machine, figure: Callable[[str], None]
) -> None:
    began = time.monotonic()
    machine.start()
    machine.wait_for(f"{TERMINAL} is enrolled")
    figure(f"power to enrolled, under emulation: {time.monotonic() - began:.0f} s")
    machine.wait_for("the token has done its work")
    visit = rate(system, machine, "A001", lambda: machine.press(BUTTONS[0]))
    machine.picture("thanks")
    eventually(lambda: visit in rated(system), PATIENCE_S, "a row of the press on the server")
    assert machine.failed_units() == []
    machine.pull_the_plug()
    on_card = load_toml(machine.boot.read("enrolment.toml").decode())
    assert on_card.terminal == TERMINAL
    assert on_card.token is None


def test_a_touch_is_a_rating_too(system: System, machine: Machine) -> None:
    machine.start()
    machine.wait_for(f"{TERMINAL} is enrolled")
    visit = system.ticket(COUNTER, "A001", "called")
    # The best choice is on the left, in the middle of the screen's height.
    until_acknowledged(machine, lambda: machine.touch(0.2, 0.55))
    machine.picture("touched")
    eventually(lambda: visit in rated(system), PATIENCE_S, "a row of the touch on the server")


@pytest.mark.soak
def test_power_cuts_at_any_moment_lose_nothing_that_was_acknowledged(
    system: System, machine: Machine, repeats: Callable[[int, int], int]
) -> None:
    acknowledged: set[str] = set()
    chance = random.Random(1)
    for cut in range(repeats(2, 20)):
        machine.start()
        machine.wait_for("Hailong rating terminal")
        for press in range(chance.randrange(1, 4)):
            button = chance.choice(BUTTONS)
            ticket = f"A{cut:02}{press}"
            acknowledged.add(
                rate(system, machine, ticket, lambda button=button: machine.press(button))
            )
        # Somewhere between the light and the next record, its receipt, or nothing at all.
        machine.press(BUTTONS[0], held_s=chance.random())
        machine.pull_the_plug()
    machine.start()
    eventually(lambda: acknowledged <= rated(system), PATIENCE_S + 200, "all that was acknowledged")
