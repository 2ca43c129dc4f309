"""A counter that lives through a month of injected time in this process, and what was true of it.

Journal, session, desk and keeper are the real ones over the folder of an enrolled terminal; only
the clocks, the buttons and the screen are held by the test.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from device.clock import SystemClock
from device.core.policy import Asking, Policy
from device.core.press import Accepted
from device.core.rules import Site
from device.desk import Desk
from device.identity.files import IdentityFiles
from device.journal.opening import newest_at, open_journal
from device.journal.reader import JournalReader
from device.journal.writer import Journal
from device.keeper import Keeper
from device.ports import Appended
from device.tickets.before import read_before
from device.tickets.server import Inboxes
from tests.fakes import people
from tests.fakes.counter import TICKET, FakeButtons, FakeScreen, FakeTickets, touch
from tests.fakes.lines import watch
from tests.fakes.machine import Machine
from tests.fakes.people import Citizen, Figures
from tests.fakes.signals import Recording
from tests.fakes.world import Quiet
from wire.records import CHOICES, Body, Boot, Choice, TicketEvent

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SECOND, MINUTE = 1_000, 60_000
OPENS, SHUTS = time(7, 30), time(16, 30)
RECORDS_A_VISIT = 3
"""At least, as an average over the kinds of people."""

# What needs a real finger in a real window is shown in ``test_day.py``.
KINDS = tuple(
    kind
    for kind in people.KINDS
    if kind not in (people.slips, people.slips_then_rates, people.child, people.finger_and_button)
    and kind not in (people.child_in_the_lock, people.child_before_the_call)
)


@dataclass(frozen=True)
class Made:
    """When a record was really made, in which boot, and whether the clock was believed then."""

    at: int
    boot: str
    believed: bool


Truth = dict[tuple[str, int], Made]
"""By chain and seq, in the order in which the records were made."""


@dataclass
class Noted:
    """The real journal; it notes when each record was really made."""

    journal: Journal
    clock: SystemClock
    machine: Machine
    truth: Truth

    def append(self, body: Body) -> Appended:
        """Append, and note the real time."""
        appended = self.journal.append(body)
        believed = self.clock.quality() != "unset"
        made = Made(self.machine.now, self.clock.boot_id, believed)
        self.truth[appended.chain, appended.seq] = made
        return appended

    def __getattr__(self, name: str) -> Any:
        return getattr(self.journal, name)


@dataclass
class Counterside:
    """The terminal's process at one counter, from one power cut to the next.

    Attributes:
        truth: when each record was really made, by chain and seq.
        days: what each day must come to.
    """

    data: Path
    dev: str
    counter: str
    machine: Machine
    truth: Truth = field(default_factory=dict)
    days: dict[date, Figures] = field(default_factory=lambda: defaultdict(Counter))
    visits: int = 0
    number: int = 0

    def __post_init__(self) -> None:
        self._key = IdentityFiles(self.data).load_or_make_key()
        self._tickets = FakeTickets(None)
        self._chance = Random(self.dev)
        self.boot()

    def boot(self) -> None:
        """Start the terminal's process on what the card holds."""
        clock = SystemClock(newest_at(self.data) or 0)
        inboxes = Inboxes(self.data, self.dev)
        opened = open_journal(self.data, self.dev, self._key, clock, inboxes.now().held())
        self._journal = opened.journal
        noted = Noted(opened.journal, clock, self.machine, self.truth)
        before = read_before(JournalReader(self.data), "S-")
        self._buttons, self._screen = FakeButtons(), FakeScreen()
        self._desk = Desk(
            clock, noted, self._tickets, self._buttons, self._screen,
            Site(self.dev, self.counter, f"Counter {self.counter}"),
            Policy(asking=Asking(reasons="never")), lambda: None,
        )  # fmt: skip
        self._keeper = Keeper(
            clock, noted, inboxes, self._desk.new_chain, self._desk.report, Quiet()
        )  # type: ignore[arg-type]
        self._clock = clock
        self._desk.start(Boot("1.0.0", "1.0.0"), before.ticket)

    def shut(self) -> None:
        """End the process as a power cut would: nothing but the file handles is closed."""
        self._journal.close()

    def cut_power(self, dark_ms: int) -> None:
        """Lose the power for a while, and boot."""
        self.shut()
        self.machine.cut_power(dark_ms)
        self.boot()

    def turn(self) -> None:
        """Let the main loop turn once."""
        self._desk.turn()
        self._keeper.turn()

    @property
    def today(self) -> date:
        """The real date at the counter."""
        return datetime.fromtimestamp(self.machine.now / 1000, ZONE).date()

    @property
    def clock_on_the_wall(self) -> time:
        """The real time of day at the counter."""
        return datetime.fromtimestamp(self.machine.now / 1000, ZONE).time()

    # ---- what people do ----

    def serve(self, citizen: Citizen) -> None:
        """Let one citizen come; the day's figures grow by what must come out."""
        self.visits += 1
        self.number += 1
        self.days[self.today] += citizen.figures
        for verb, *words in (people.CORRECTION, *citizen.steps):
            VERBS[verb](self, *words)

    def queue(self, event: TicketEvent) -> None:
        """A source tells of the ticket."""
        base = self._tickets.now or TICKET
        self._tickets.now = replace(
            base, n=base.n + 1, iat=self.machine.now, counter=self.counter, day=None,
            visit=f"v-{self.visits}", ticket=f"A{self.number:03d}", event=event,
        )  # fmt: skip
        self._desk.new_ticket()
        self.turn()
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


VERBS: dict[str, Callable[..., None]] = {
    "queue": Counterside.queue,
    "press": Counterside.press,
    "together": Counterside.together,
    "touch": Counterside.touch,
    "wait": Counterside.wait,
}


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
        counter.number = 0
        due = [one for one in happenings if one.day == index]
        for number, citizen in enumerate(people.a_day(a_day, chance, KINDS)):
            counter.wait_until(first + timedelta(days=index), _slot(number, a_day))
            while due and due[0].at <= counter.clock_on_the_wall:
                due.pop(0).what(counter)
            counter.serve(citizen)
        assert not due, f"day {index} was over before {due}"


def _slot(number: int, of: int) -> time:
    """Return when a day's visit begins, spread evenly over the opening hours."""
    opens, shuts = (datetime.combine(date.min, at) for at in (OPENS, SHUTS))
    return (opens + (shuts - opens) * number / of).time()
