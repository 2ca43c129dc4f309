"""Press → visible and press → light, beside the bare parts: a commit, a flip, a sleeping sampler.

The integrator looks at a line for about 30 ms before it believes a press (``core/press.py``).
*Visible* is measured from what it accepted on; *light* from the edge on the pin.
"""

import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pygame
from gpiozero.pins.mock import MockFactory

from device.calls import Calls
from device.clock import SystemClock
from device.core.events import Rules
from device.core.press import ACCEPT_AT, SAMPLE_MS, Accepted
from device.desk import Desk
from device.hardware.reader import ButtonReader
from device.journal.writer import Journal
from device.loop import Loop
from device.screen.window import SdlScreen
from device.settings import ButtonSettings, ScreenSettings, SoundSettings
from device.simulate import MockFingers
from device.sound.mixer import MixerSound
from device.sound.none import NoSound
from device.sound.screen import HeardScreen
from device.watchdog import Watchdog
from tests.bench.measure import Timings, report, timed
from tests.bench.press import bare_database, insert
from tests.fakes.counter import FakeButtons, FakeTickets
from tests.fakes.displays import display
from tests.fakes.journals import StillClock, opened
from tests.fakes.left_open import nothing_stays_open
from wire.records import Boot

TIMES, LIGHTS = 300, 30
RULES = Rules(counter="Q1", without="unbound", lock=0, correct=0, unbound_interval=0)
"""Every press counts, so that many can be measured."""
AIM_MS = 2.0


class Meter:
    """Adds up what commits and flips take, so that the rest of a press is known."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``call`` with its time added up."""

        def measured(*words: Any) -> Any:
            began = time.perf_counter()
            try:
                return call(*words)
            finally:
                self.seconds += time.perf_counter() - began

        return measured

    def take(self) -> float:
        """Return the seconds since the last call."""
        taken, self.seconds = self.seconds, 0.0
        return taken


class MeteredDatabase:
    """A connection whose commits are metered."""

    def __init__(self, real: Any, meter: Meter) -> None:
        self._real = real
        self._commit = meter.timed(real.execute)

    def execute(self, sql: str, *values: Any) -> Any:
        return (self._commit if sql == "COMMIT" else self._real.execute)(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@dataclass
class Bench:
    """A counter with a real window and a real journal."""

    folder: Path
    screen: SdlScreen
    journal: Journal
    bare: Any
    meter: Meter
    flip: Callable[[], None]

    def desk(self, clock: Any, buttons: Any, screen: Any) -> Desk:
        """Return a desk that has started."""
        desk = Desk(clock, self.journal, FakeTickets(None), buttons, screen, RULES, "Quầy 1")
        desk.start(Boot("bench", "none"))
        return desk


@contextmanager
def bench() -> Iterator[Bench]:
    """Open a window on a display of its own."""
    with display() as name, tempfile.TemporaryDirectory() as place, nothing_stays_open():
        os.environ["DISPLAY"] = name
        screen = SdlScreen(ScreenSettings(), visible=True, title="bench")
        folder = Path(place)
        journal = opened(folder / "ours").journal
        meter, flip = Meter(), pygame.display.flip
        journal._db = MeteredDatabase(journal._db, meter)  # type: ignore[assignment]
        pygame.display.flip = meter.timed(flip)
        try:
            yield Bench(folder, screen, journal, bare_database(folder / "bare.db"), meter, flip)
        finally:
            pygame.display.flip = flip
            screen.close()


def run() -> list[str]:
    """Return the figures."""
    with bench() as made:
        lines = visible(made, "accepted press → commit, light, flip", NoSound())
        os.environ["SDL_AUDIODRIVER"] = "dummy"
        sound = MixerSound(SoundSettings(fitted=True))
        lines += visible(made, "the same with sound", sound)
        sound.close()
        return lines + light(made)


def visible(made: Bench, name: str, sound: Any) -> list[str]:
    """Time from what the integrator accepted to a flip that returned."""
    clock, buttons = StillClock(), FakeButtons()
    desk = made.desk(clock, buttons, HeardScreen(made.screen, sound))
    row = made.journal.newest_token()
    window = pygame.display.get_surface()
    assert window is not None
    pictures = [window.copy(), window.copy()]
    pictures[1].fill("white")

    def press() -> None:
        buttons.events.append(Accepted(1, clock.up_ms()))
        desk.turn()

    def bare() -> None:
        insert(made.bare, row)
        pictures.reverse()
        window.blit(pictures[0], (0, 0))
        made.flip()

    def rest() -> None:
        # Back to the question, the pictures of the next press drawn ahead, as between two people.
        clock.advance(60_000)
        desk.turn()

    ours: list[float] = []
    bares: list[float] = []
    own: list[float] = []
    for _ in range(TIMES):
        rest()
        made.meter.take()
        ours.append(timed(press))
        own.append(ours[-1] - made.meter.take())
        bares.append(timed(bare))
    mine, theirs = Timings(name, ours), Timings("bare SQLite commit and bare flip", bares)
    ours_alone = Timings("of it our own, without commit and flip", own)
    return [*report(mine, theirs), f"{ours_alone}   aim: p95 under {AIM_MS} ms"]


def light(made: Bench) -> list[str]:
    """Time from the edge on a mock pin to the light, with the real threads and the real loop."""
    clock, factory, settings = SystemClock(trusted=True), MockFactory(), ButtonSettings()
    reader, calls = ButtonReader(settings, factory, clock), Calls()
    reader.start()
    desk = made.desk(clock, reader, made.screen)
    stopped = threading.Event()
    fingers = MockFingers(factory, settings)
    led = factory.pin(settings.leds[1])
    found: list[tuple[Timings, Timings]] = []

    def press() -> None:
        fingers.move("satisfied", down=True)
        _until(lambda: bool(led.state))

    def bare() -> None:
        fingers.move("satisfied", down=False)
        for _ in range(ACCEPT_AT):
            time.sleep(SAMPLE_MS / 1000)
        _until(lambda: not led.state and not reader.busy)

    def bare_only() -> None:
        for _ in range(ACCEPT_AT):
            time.sleep(SAMPLE_MS / 1000)

    def work() -> None:
        lit, slept = [], []
        for _ in range(LIGHTS):
            lit.append(timed(press))
            slept.append(timed(bare_only))
            bare()
        found.append((Timings("edge on the pin → light", lit), Timings(_SLEEPER, slept)))
        calls.post(stopped.set)

    thread = threading.Thread(target=work)
    thread.start()
    tickets = _Silent(calls)
    loop = Loop(clock, made.screen, reader, tickets, calls, desk.new_ticket, (desk,), Watchdog())  # type: ignore[arg-type]
    loop.run(stopped.is_set)
    thread.join()
    reader.close()
    calls.close()
    return report(*found[0])


_SLEEPER = f"bare: {ACCEPT_AT} samples at {SAMPLE_MS} ms, the integrator's own"


class _Silent(FakeTickets):
    """No ticket, and a descriptor that the loop can wait for beside the calls."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(None)
        self._calls = calls

    def fileno(self) -> int:
        return self._calls.fileno()


def _until(holds: Any) -> None:
    while not holds():
        time.sleep(0.0002)
