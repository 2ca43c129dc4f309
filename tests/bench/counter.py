"""A counter with a real window, a real journal and a real loop, for the benches."""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import Any

import pygame

from device.calls import Calls
from device.core.policy import Asking, Policy, Tickets
from device.core.rules import Site
from device.counter.desk import Desk
from device.journal.writer import Journal
from device.loop import Loop
from device.screen.screen import PanelScreen
from device.screen.window import window_screen
from device.settings import ScreenSettings
from device.stop import Stop
from device.watchdog import Watchdog
from tests.bench.press import bare_database
from tests.fakes.counter import FakeTickets
from tests.fakes.display import Display, running_display
from tests.fakes.journals import opened
from tests.fakes.left_open import nothing_stays_open
from wire.records import Boot

POLICY = Policy(tickets=Tickets(without="unbound"), asking=Asking(reasons="never"))


class Meter:
    """Adds up what some calls take, and counts them."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.calls = 0

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``call`` with its time added up."""

        def measured(*words: Any) -> Any:
            began = time.perf_counter()
            try:
                return call(*words)
            finally:
                self.seconds += time.perf_counter() - began
                self.calls += 1

        return measured


class MeteredDatabase:
    """A connection whose commits are metered."""

    def __init__(self, real: Connection, meter: Meter) -> None:
        self._real = real
        self._commit = meter.timed(real.execute)

    def execute(self, sql: str, *values: Any) -> Any:
        """Execute a statement."""
        return (self._commit if sql == "COMMIT" else self._real.execute)(sql, *values)

    def __getattr__(self, name: str) -> Any:
        """Be the real connection in all else."""
        return getattr(self._real, name)


class Silent(FakeTickets):
    """No ticket, and a descriptor that the loop can wait for."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(None)
        self._calls = calls

    def fileno(self) -> int:
        """Return one that is the loop's anyway."""
        return self._calls.fileno()


@dataclass
class Bench:
    """A counter.

    Attributes:
        commits, flips: What they took.
        flip: The bare flip, not metered.
        bare: A database with one plain table, as durable as the journal's.
    """

    display: Display
    screen: PanelScreen
    journal: Journal
    bare: Connection
    commits: Meter
    flips: Meter
    flip: Callable[[], None]

    def desk(self, clock: Any, buttons: Any, screen: Any) -> Desk:
        """Return a desk that has started, with the question on its screen."""
        desk = Desk(
            clock,
            self.journal,
            FakeTickets(None),
            buttons,
            screen,
            Site("t-1", "Q1", "Quầy 1"),
            POLICY,
            lambda: None,
        )
        # Every press counts, so that many can be measured.
        desk._serving.rules = replace(desk._serving.rules, lock=0, correct=0, unbound_interval=0)
        desk.start(Boot("bench", "none"))
        return desk

    def loop(self, clock: Any, buttons: Any, work: Callable[[Desk], None]) -> None:
        """Run the main loop here until ``work`` has ended in a thread of its own."""
        calls, stop = Calls(), Stop()
        desk = self.desk(clock, buttons, self.screen)

        def run() -> None:
            try:
                work(desk)
            finally:
                stop.now()

        worker = threading.Thread(target=run)
        worker.start()
        tickets, watchdog = Silent(calls), Watchdog()
        loop = Loop(clock, self.screen, buttons, tickets, calls, desk.new_ticket, (desk,), watchdog)
        loop.run(stop)
        worker.join()
        calls.close()
        stop.close()


@contextmanager
def counter() -> Iterator[Bench]:
    """Open a window on a display of its own, and a journal."""
    with (
        tempfile.TemporaryDirectory() as place,
        running_display(Path(place) / "display", 800, 480) as display,
        nothing_stays_open(),
    ):
        os.environ |= display.env
        screen = window_screen(ScreenSettings(), visible=True, title="bench")
        journal = opened(Path(place) / "ours").journal
        commits, flips, flip = Meter(), Meter(), pygame.display.flip
        journal.file._db = MeteredDatabase(journal.file._db, commits)  # type: ignore[assignment]
        pygame.display.flip = flips.timed(flip)
        bare = bare_database(Path(place) / "bare.db")
        try:
            yield Bench(display, screen, journal, bare, commits, flips, flip)
        finally:
            pygame.display.flip = flip
            bare.close()
            screen.close()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, to a fifth of a millisecond."""
    while not holds():
        time.sleep(0.0002)
