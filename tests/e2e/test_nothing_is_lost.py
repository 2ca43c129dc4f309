"""Crashes, cuts and restores on real processes: the server ends with exactly what was pressed."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fleet_server.backups.file import read
from tests.e2e.system import System, Terminal
from tests.fakes.wait import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1200)]
UNBOUND = '[tickets]\nwithout = "unbound"\n'
CHOICES = ("very_satisfied", "satisfied", "unsatisfied")


@pytest.fixture
def terminal(system: System) -> Terminal:
    one = system.add_terminal("t-1", "Q1", UNBOUND)
    one.start()
    return one


class Citizen(threading.Thread):
    """Somebody who presses until told to stop."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__(daemon=True)
        self.terminal, self.enough = terminal, threading.Event()
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                self.terminal.press_apart(random.choice(CHOICES))
        except BaseException as error:
            self.error = error


@contextmanager
def presses_going_on(terminal: Terminal) -> Iterator[Citizen]:
    """Press all the while, and wait for the last press to be taken."""
    citizen = Citizen(terminal)
    citizen.start()
    try:
        yield citizen
    finally:
        citizen.enough.set()
        citizen.join(30)
    assert citizen.error is None, citizen.error


def pressed(terminal: Terminal) -> list[tuple[str, int]]:
    return sorted(((p["choice"], p["seq"]) for p in terminal.accepted), key=lambda pair: pair[1])


def holds_exactly_what_was_pressed(system: System, *terminals: Terminal) -> None:
    """Wait until the server holds every press once; nothing more, nothing less."""
    for one in terminals:
        eventually(
            lambda one=one: system.held(one) == pressed(one),
            120,
            f"{len(one.accepted)} presses of {one.id} held",
        )
    for chain, head, count, first in system.query(
        "select c.chain_id, c.head_seq, count(r.id), min(r.seq) from chain c "
        "join record r on r.chain_id = c.id and r.branch = 0 group by c.id"
    ):
        assert (count, first) == (head, 1), f"chain {chain} has a gap"


def test_a_broker_that_dies_and_comes_back_empty_loses_nothing(
    system, terminal, repeats, figure, pause
):
    seconds = repeats(5, 60)
    with presses_going_on(terminal) as citizen:
        eventually(lambda: len(system.held(terminal)) > 3, 60, "the first presses held")
        system.broker.kill()
        during = len(terminal.accepted)
        pause(seconds)
        assert len(terminal.accepted) > during, "presses went on without the broker"
        assert citizen.is_alive()
        system.broker.restart(empty=True)
        at_restart = len(terminal.accepted)
        eventually(lambda: len(terminal.accepted) > at_restart + 3, 60, "presses afterwards")
    holds_exactly_what_was_pressed(system, terminal)
    figure(f"broker away {seconds} s: {len(terminal.accepted)} pressed, all held, none twice")


def test_ingest_killed_at_random_moments_loses_nothing(system, terminal, repeats, figure, pause):
    kills = repeats(3, 50)
    with presses_going_on(terminal):
        for _ in range(kills):
            pause(random.uniform(0.3, 3.0))
            system.ingest.kill()
            system.ingest.start()
    holds_exactly_what_was_pressed(system, terminal)
    figure(f"ingest killed {kills} times: {len(terminal.accepted)} pressed, all held, none twice")


def test_a_terminal_killed_right_after_it_said_yes_loses_nothing(system, terminal, repeats, figure):
    kills = repeats(5, 200)
    for _ in range(kills):
        terminal.press(random.choice(CHOICES))
        terminal.run.kill()
        terminal.run.start()
    terminal.press_apart()
    holds_exactly_what_was_pressed(system, terminal)
    figure(f"terminal killed {kills} times: {len(terminal.accepted)} pressed, all held, none twice")


def test_an_uplink_killed_at_random_moments_loses_nothing(system, terminal, repeats, figure, pause):
    kills = repeats(3, 50)
    with presses_going_on(terminal):
        for _ in range(kills):
            pause(random.uniform(0.2, 2.0))
            terminal.uplink.kill()
            terminal.uplink.start()
    holds_exactly_what_was_pressed(system, terminal)
    figure(f"uplink killed {kills} times: {len(terminal.accepted)} pressed, all held, none twice")


def test_a_server_put_back_to_a_copy_from_before_asks_for_the_rest(
    system, terminal, repeats, figure
):
    times = repeats(1, 10)
    for _ in range(times):
        terminal.press_apart()
        holds_exactly_what_was_pressed(system, terminal)
        backup = system.back_up()
        with presses_going_on(terminal):
            count = len(terminal.accepted)
            eventually(lambda count=count: len(terminal.accepted) > count + 5, 60, "more presses")
            system.put_back_database(backup)
    holds_exactly_what_was_pressed(system, terminal)
    figure(f"database put back {times} times: {len(terminal.accepted)} pressed, all held")


def test_a_server_put_back_while_a_terminal_is_idle_asks_it_all_the_same(
    system, terminal, repeats, figure
):
    times = repeats(1, 10)
    for _ in range(times):
        terminal.press_apart()
        holds_exactly_what_was_pressed(system, terminal)
        backup = system.back_up()
        for choice in CHOICES:
            terminal.press_apart(choice)
        holds_exactly_what_was_pressed(system, terminal)
        in_backup = read(backup).rows["rating"]
        assert in_backup < len(terminal.accepted), "the backup lacks what came after it"
        system.put_back_database(backup)
        holds_exactly_what_was_pressed(system, terminal)
    figure(f"database put back {times} times, terminal idle: {len(terminal.accepted)} held")


def test_a_card_put_back_to_an_older_copy_forks_and_nothing_is_lost(
    system, terminal, repeats, figure
):
    times = repeats(1, 10)
    disputed: set[int] = set()
    for _ in range(times):
        terminal.press_apart()
        everything_is_held(system, terminal)
        terminal.stop()
        card = terminal.keep_card()
        terminal.start()
        for choice in CHOICES:
            terminal.press_apart(choice)
        everything_is_held(system, terminal)
        terminal.stop()
        terminal.put_back_card(card)
        terminal.run.start()
        disputed.add(len(terminal.accepted))
        terminal.press("unsatisfied")
        terminal.uplink.start()
        eventually(
            lambda: system.query("select 1 from matter where kind = 'fork'"), 60, "a fork is shown"
        )
        eventually(lambda: chains_of(system) > len(disputed), 60, "a new chain is begun")
        terminal.press_apart("very_satisfied")
    everything_is_held(system, terminal)
    apart = [row for row in system.ratings() if row["disputed"]]
    assert len(apart) == times, "what was pressed on the old copy is held apart"
    assert all(row["choice"] == "unsatisfied" and not row["standing"] for row in apart)
    figure(
        f"card put back {times} times: {len(terminal.accepted)} pressed, all held, "
        f"{len(apart)} disputed"
    )


def chains_of(system: System) -> int:
    return int(system.query("select count(*) from chain")[0][0])


def everything_is_held(system: System, terminal: Terminal) -> None:
    """Wait until the server holds as many presses of each choice as were made."""

    def choices(pairs: list[tuple[str, int]]) -> list[str]:
        return sorted(choice for choice, _ in pairs)

    eventually(
        lambda: choices(system.held(terminal)) == choices(pressed(terminal)),
        120,
        f"{len(terminal.accepted)} presses of {terminal.id} held",
    )
