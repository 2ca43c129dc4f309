"""A counter that lives through a month of injected time in this process, and what was true of it.

The terminal's own parts, joined as its process joins them, over the folder of an enrolled terminal;
only the clocks, the buttons and the screen are held by the test. Tickets come from a queue system
that calls the terminal's TLS endpoint, and from a scanner that types into a pipe.
"""

import select
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from device import assembly
from device.assembly import Front
from device.calls import Calls
from device.clock import SystemClock
from device.core.press import Accepted
from device.core.targets import Target
from device.core.view import targets_of
from device.hardware import inputs
from device.journal.opening import passed_ms
from device.journal.troubles import Troubles
from device.memory import remember
from device.settings import load
from device.sound.none import NoSound
from device.sound.screen import HeardScreen
from device.tickets.lan.make import make
from tests.fakes import people
from tests.fakes.counter import FakeButtons, FakeScreen, touch
from tests.fakes.inputs import FakeDevice, FakeInputs
from tests.fakes.journals import everything
from tests.fakes.lines import watch
from tests.fakes.machine import Machine
from tests.fakes.people import Citizen, Figures
from tests.fakes.ports import free_ports
from tests.fakes.queues import QueueSystem
from tests.fakes.scanners import typed
from tests.fakes.signals import Recording
from wire.codec import decode
from wire.envelope import payload_of
from wire.records import CHOICES, Boot, Choice, TicketEvent

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SECOND, MINUTE = 1_000, 60_000
OPENS, SHUTS = time(7, 30), time(16, 30)
RECORDS_A_VISIT = 3
"""At least, as an average over the kinds of people."""

Regime = Literal["lan", "scanner", "both"]
REGIMES: tuple[Regime, ...] = ("lan", "scanner", "both")
"""Who tells of the tickets, day by day in turn; a scanner knows of no end."""
SETTINGS = """
[lan]
listen = "127.0.0.1"
port = {port}
[scanner]
device = "scanner"
"""


@dataclass(frozen=True)
class Made:
    """When a record was really made, in which boot, and whether the clock was believed then."""

    at: int
    boot: str
    believed: bool


Truth = dict[tuple[str, int], Made]
"""By chain and seq, in the order in which the records were made."""


class Counterside:
    """The terminal's process at one counter, from one power cut to the next.

    Args:
        config: The ``terminal.toml``; tables for the queue system and the scanner are added.
        machine: Its clocks.
        patch: Lets a pipe be the scanner.

    Attributes:
        days: what each day must come to.
        regime: who tells of the tickets now.
    """

    def __init__(self, config: Path, machine: Machine, patch: pytest.MonkeyPatch) -> None:
        config.write_text(config.read_text() + SETTINGS.format(port=free_ports(1)[0]))
        given = load(config)
        # The uplink's process has the real machine's clock; this one has the test's.
        self.settings = replace(given, terminal=replace(given.terminal, clock="kernel"))
        self.machine = machine
        self.days: dict[date, Figures] = defaultdict(Counter)
        self.regime: Regime = "lan"
        self._visits = self._number = 0
        self._booted: dict[str, int] = {}
        self._chance = Random(self.settings.terminal.id)
        make(self.settings.lan, ["127.0.0.1"])
        device = Path(self.settings.scanner.device)
        known = FakeInputs(device.parent)
        self._scanner = known.add(FakeDevice(device)).plug()
        patch.setattr(inputs, "InputDevice", partial(inputs.InputDevice, ioctl=known.ioctl))
        self._caller = ThreadPoolExecutor(1)
        self._queue = QueueSystem(self.settings.lan)
        self.boot()

    def boot(self) -> None:
        """Start the terminal's process on what the card holds."""
        self._stack = ExitStack()
        self._clock = SystemClock(passed_ms(self.settings.terminal.data))
        self._booted[self._clock.boot_id] = self.machine.now - self.machine.up
        self._buttons, self._screen, self._calls = FakeButtons(), FakeScreen(), Calls()
        self._stack.callback(self._calls.close)
        screen = HeardScreen(self._screen, NoSound())
        front = Front(self.settings, screen, self._calls, _not_asked_to_stop, lambda _up: None)
        memory = remember(self.settings, self._clock, Troubles(), front.alive, self._stack)
        self._parts = assembly._join(front, memory, self._buttons, self._stack)
        self._parts.desk.start(Boot("1.0.0", "1.0.0"), memory.before.ticket)

    def cut_power(self, dark_ms: int) -> None:
        """Lose the power for a while, and boot; the process is not told to end."""
        self._stack.close()
        self.machine.cut_power(dark_ms)
        self.boot()

    def close(self) -> None:
        """End everything."""
        self._stack.close()
        self._caller.shutdown()
        self._scanner.pull()

    def turn(self) -> None:
        """Let the main loop turn once."""
        parts = self._parts
        if select.select([parts.tickets], [], [], 0)[0]:
            parts.tickets.drain()
            parts.news()
        waiting = self._calls.take()
        for part in (parts.desk, parts.keeper, parts.remote, parts.care):
            part.turn()
        for call in waiting:
            call()

    def truth(self) -> Truth:
        """Return when each record of the card was really made, by its boot and its ``up``."""
        found: Truth = {}
        for entry in everything(self.settings.terminal.data):
            stamp = decode(payload_of(entry.token)).stamp
            at = self._booted[stamp.boot] + stamp.up
            found[entry.chain, entry.seq] = Made(at, stamp.boot, stamp.clock != "unset")
        return found

    @property
    def now(self) -> datetime:
        """The real time at the counter."""
        return datetime.fromtimestamp(self.machine.now / 1000, ZONE)

    # ---- what people do ----

    def serve(self, citizen: Citizen) -> None:
        """Let one citizen come; the day's figures grow by what must come out."""
        self._visits += 1
        self._number += 1
        self.days[self.now.date()] += citizen.figures
        for verb, *words in (people.CORRECTION, *citizen.steps):
            VERBS[verb](self, *words)

    def queue(self, event: TicketEvent) -> None:
        """Those who tell of tickets tell of this one."""
        ticket = f"A{self._number:03d}"
        if self.regime != "lan" and event in ("called", "recalled"):
            self._scanner.say(typed(ticket))
            self.turn()
        if self.regime != "scanner":
            said = {"ticket": ticket, "event": event, "visit": f"v-{self._visits}"}
            answer = self._caller.submit(self._queue.tell, said)
            while not answer.done():
                select.select([self._parts.tickets], [], [], 0.01)
                self.turn()
            answer.result()
        self.pass_time(20 * SECOND)

    def press(self, choice: Choice) -> None:
        """A button is pressed, and its contact bounces."""
        self._move(lambda seen: seen.press(CHOICES.index(choice)))

    def together(self, one: Choice, other: Choice) -> None:
        """Two buttons are pressed at once."""
        self._move(lambda seen: seen.press_two(CHOICES.index(one), CHOICES.index(other)))

    def _move(self, fingers: Callable[[Recording], None]) -> None:
        seen = Recording(self._chance)
        seen.rest(10)
        fingers(seen)
        seen.pause()
        for event in watch(seen.lines):
            if isinstance(event, Accepted):
                event = replace(event, up=self._clock.up_ms())
            self._buttons.events.append(event)
        self.turn()

    def touch(self, choice: Choice) -> None:
        """A choice is touched, where it is shown."""
        assert choice in self._screen.now.choices
        self._screen.touches.append(touch(choice))
        self.turn()

    def tap(self, kind: Literal["item", "key"], name: str) -> None:
        """An item or a key is touched, where it is shown."""
        target = Target(kind, name)
        assert target in targets_of(self._screen.now)
        self._screen.touches.append(target)
        self.turn()

    def wait(self, seconds: str) -> None:
        """Time goes by."""
        self.pass_time(round(float(seconds) * SECOND))

    def pass_time(self, ms: int) -> None:
        """Time goes by."""
        self.machine.now += ms
        self.turn()

    def wait_until(self, day: date, at: time) -> None:
        """Wait for a time of day."""
        wanted = int(datetime.combine(day, at, ZONE).timestamp() * 1000)
        self.pass_time(max(0, wanted - self.machine.now))

    def begin_day(self, index: int) -> None:
        """Number the tickets anew, and let others tell of them."""
        self._number = 0
        self.regime = REGIMES[index % len(REGIMES)]


VERBS: dict[str, Callable[..., None]] = {
    "queue": Counterside.queue,
    "press": Counterside.press,
    "together": Counterside.together,
    "touch": Counterside.touch,
    "tap": Counterside.tap,
    "wait": Counterside.wait,
}


# What needs a real finger on a real window is shown in ``e2e/test_day.py``.
KINDS = tuple(
    kind
    for kind in people.KINDS
    if all(step[0] in VERBS for seed in range(8) for step in kind(Random(seed)).steps)
)
ENDLESS = tuple(kind for kind in KINDS if kind not in people.ENDINGS)


def _not_asked_to_stop() -> None:
    raise AssertionError("nobody told this terminal to end")


# ---- the month ----


@dataclass(frozen=True)
class Happening:
    """What happens to the machine, on which of the month's days and when."""

    day: int
    at: time
    what: Callable[[Counterside], None]


def power_cut(minutes: int) -> Callable[[Counterside], None]:
    """Return a power cut."""
    return lambda counter: counter.cut_power(minutes * MINUTE)


def live(
    counter: Counterside, first: date, days: int, records: int, happenings: tuple[Happening, ...]
) -> None:
    """Live through ``days`` from ``first`` on, with about so many records in all."""
    chance = Random(20261125)
    a_day = -(-records // (days * RECORDS_A_VISIT))
    for index in range(days):
        counter.begin_day(index)
        citizens = people.a_day(a_day, chance, KINDS)
        if counter.regime == "scanner":
            # It knows of no end: whoever is followed by another, or by the night, was served.
            citizens = people.a_day(a_day, chance, ENDLESS)
        due = [one for one in happenings if one.day == index]
        for number, citizen in enumerate(citizens):
            counter.wait_until(first + timedelta(days=index), _slot(number, a_day))
            while due and due[0].at <= counter.now.time():
                due.pop(0).what(counter)
            counter.serve(citizen)
        assert not due, f"day {index} was over before {due}"


def _slot(number: int, of: int) -> time:
    """Return when a day's visit begins, spread evenly over the opening hours."""
    opens, shuts = (datetime.combine(date.min, at) for at in (OPENS, SHUTS))
    return (opens + (shuts - opens) * number / of).time()
