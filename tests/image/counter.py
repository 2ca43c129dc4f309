"""What people do at a counter that stands under QEMU, and what its server then holds.

"Acknowledged" is a lit LED: the terminal lights them after the record is stored.
"""

import time
from collections.abc import Callable
from pathlib import Path

from tests.e2e.system import System
from tests.fakes.fleets import new_counter
from tests.fakes.processes import run
from tests.fakes.wait import eventually, within
from tests.image import data
from tests.image.machine import LEDS, SETTINGS, Machine

HOST = "10.0.2.2"
"""This machine, as QEMU's user network shows it to the guest."""
TERMINAL, COUNTER = "t-1", "Q1"
PATIENCE_S = 240


def give_card(system: System, machine: Machine, more: str = "") -> None:
    """Put the terminal's enrolment file, with ``more`` keys, and its wiring on a new card.

    Its office never closes, so that the terminal is always expected to be there.
    """
    new_counter(system.fleet, COUNTER)
    run(*system.command("hours", "set", "--every-day", "0:00-24:00"))
    invite(system, machine, more=more)
    data.put(machine.disk, "terminal.toml", SETTINGS)


def invite(system: System, machine: Machine, *words: str, more: str = "") -> None:
    """Have an enrolment file made, and drop it on the card's boot partition."""
    added = run(*system.command("terminal", "add", "--id", TERMINAL, "--counter", COUNTER, *words))
    enrolment = Path(added.stdout.split()[-1]).read_text("utf-8").replace("localhost", HOST)
    machine.boot.write("enrolment.toml", f"{more}{enrolment}".encode())


def lights(machine: Machine) -> int:
    """Return how often the LEDs were lit since the start: that many records are stored."""
    return machine.pins.look()[LEDS[0]]


def until_acknowledged(machine: Machine, act: Callable[[], None]) -> None:
    """Press, again and again over locks and intervals, until the LEDs say that it is stored."""
    before = lights(machine)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        act()
        if within(lambda: lights(machine) > before, 3):
            return
    raise AssertionError(f"no press was acknowledged\n{machine.output()[-5000:]}")


def nobody_is_thanked(machine: Machine, line: int) -> None:
    """Press a button that must light nothing, and look for so long."""
    before = lights(machine)
    machine.press(line)
    assert not within(lambda: lights(machine) > before, 10)


def gaps(system: System) -> list[tuple[object, ...]]:
    """Return the chains of which the server has not every record."""
    return system.query(
        "select c.id from chain c join record r on r.chain_id = c.id and r.branch = 0 "
        "group by c.id having count(r.id) <> c.head_seq"
    )


def until_held(system: System, number: int) -> None:
    """Wait until the server holds that many ratings."""
    eventually(lambda: len(system.ratings()) >= number, PATIENCE_S, f"{number} ratings")
