"""A whole counter: the image's terminal under QEMU, and a real broker, enrolment and server.

A level on a line of the machine's PL061 is what a button does to the kernel's GPIO device; the
lines that light LEDs are watched from outside.
"""

import operator
import random
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e.system import System
from tests.fakes.wait import eventually
from tests.image.counter import COUNTER, PATIENCE_S, TERMINAL, gaps, lights, until_acknowledged
from tests.image.machine import BUTTONS, Machine
from tests.image.office import (
    look_at_counter,
    look_at_terminal,
    photograph,
    wait_for_state,
    wait_until_rated,
)
from tests.image.qemu import BOOT_S
from wire.enrolment import load_toml

pytestmark = [
    pytest.mark.image,
    pytest.mark.usefixtures("engine"),
    pytest.mark.engines("sqlite"),
    pytest.mark.timeout(7200),
]


def rate(
    system: System, page: Page, machine: Machine, ticket: str, act: Callable[[], None]
) -> None:
    """Call a ticket, press when the terminal shows it, and wait for the row on the open page."""
    at_rest = machine.picture(f"{ticket}-before")
    visit = system.ticket(COUNTER, ticket, "called")
    system.wait_until_shown(visit, PATIENCE_S)
    called = machine.changed_picture(f"{ticket}-called", at_rest)
    until_acknowledged(machine, act)
    machine.changed_picture(f"{ticket}-rated", called)
    eventually(
        lambda: visit in {row["visit"] for row in system.ratings()},
        PATIENCE_S,
        f"a row of {ticket} on the server",
    )
    wait_until_rated(page, visit)
    photograph(page, machine, ticket)


def test_a_card_with_a_file_on_it_becomes_a_terminal_whose_presses_and_touches_are_rows(
    system: System, machine: Machine, page: Page, figure: Callable[[str], None]
) -> None:
    look_at_counter(page)
    began = time.monotonic()
    machine.start()
    machine.wait_for(f"{TERMINAL} is enrolled")
    figure(f"power to enrolled, under emulation: {time.monotonic() - began:.0f} s")
    machine.wait_for("the token has done its work")
    assert lights(machine) == 0, "nothing is lit before a press"
    rate(system, page, machine, "A001", lambda: machine.press(BUTTONS[0]))
    # The best choice is on the left, in the middle of the screen's height.
    rate(system, page, machine, "A002", lambda: machine.touch(0.2, 0.55))
    look_at_terminal(page)
    wait_for_state(page, "Ready")
    photograph(page, machine, TERMINAL)
    assert machine.failed_units() == []
    machine.pull_the_plug()
    on_card = load_toml(machine.boot.read("enrolment.toml").decode())
    assert on_card.terminal == TERMINAL
    assert on_card.token is None


@pytest.mark.soak
def test_power_cuts_at_any_moment_lose_nothing_that_was_acknowledged(
    system: System,
    machine: Machine,
    repeats: Callable[[int, int], int],
    figure: Callable[[str], None],
) -> None:
    lit: list[int] = []
    seed = random.randrange(1 << 32)
    figure(f"moments by seed {seed}")
    chance = random.Random(seed)
    for _ in range(repeats(2, 20)):
        machine.start()
        machine.wait_for("Started hailong-terminal.service")
        for _ in range(chance.randrange(3, 7)):
            button = chance.choice(BUTTONS)
            until_acknowledged(machine, lambda button=button: machine.press(button))
        # Somewhere between the light and the next record, its receipt, or nothing at all.
        machine.press(BUTTONS[0], held_s=chance.random())
        time.sleep(chance.random())
        lit.append(lights(machine))
        machine.pull_the_plug()
    machine.start()
    # Start by start: a record too many, stored but not yet lit, must not stand in for one too few.
    eventually(lambda: has_each(system, lit), BOOT_S, f"ratings by start: {lit}")
    figure(f"acknowledged by start: {lit}, rows: {by_start(system)}")
    assert gaps(system) == []


def by_start(system: System) -> list[int]:
    """Return how many ratings the server holds of each start of the machine, in their order."""
    counted = "select count(*) from rating group by boot_id order by boot_id"
    return [number for (number,) in system.query(counted)]


def has_each(system: System, lit: list[int]) -> bool:
    """Say whether no start has fewer ratings than lights."""
    held = by_start(system)
    return len(held) >= len(lit) and all(map(operator.ge, held, lit))
