"""Entry of the terminal process: builds the real parts of one counter and runs its main loop.

The screen comes first: people should see it while the rest is still being loaded.
"""

from __future__ import annotations

import logging
import select
import signal
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from device.calls import Calls
from device.clock import SimulatedClock, SystemClock, local_time
from device.core.rules import Site
from device.core.view import View
from device.desk import Desk
from device.overlays import out_of_service
from device.ports import JournalError
from device.screen.window import SdlScreen, has_display
from wire.records import Boot

if TYPE_CHECKING:
    from types import FrameType

    from device.desk import Stored
    from device.journal.writer import Journal
    from device.keeper import Keeper
    from device.ports import Appended, Buttons, Screen, TicketSource
    from device.settings import Settings
    from device.tickets.server import Inboxes
    from device.wakeup import WakeUp
    from wire.records import Body, Ticket

_log = logging.getLogger(__name__)
_IMAGE_FILE = Path("/etc/hailong-image")
_TOUCH_TIMEOUT_S = 0.02
_TIMEOUT_S = 0.1
_RETRY_S = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """How the terminal is to be run.

    Attributes:
        simulate: Mock pins, moved by lines on standard input; the injected clock.
        window: Show a window; None shows one where there is a display.
    """

    simulate: bool = False
    window: bool | None = None


def run(settings: Settings, options: Options) -> int:
    """Run one terminal until SIGTERM, SIGINT, a closed window or the end of the simulation.

    Returns:
        The exit code.

    Raises:
        DeviceError: A part of the machine cannot be used; the text says which.
        JournalError: A simulation's journal can neither be opened nor begun.
    """
    visible = has_display() if options.window is None else options.window
    name = settings.terminal.counter_name
    with ExitStack() as stack:
        screen = SdlScreen(settings.screen, visible=visible, title=f"Hailong · {name}")
        stack.callback(screen.close)
        screen.show(_starting(settings, 1))
        calls = Calls()
        stack.callback(calls.close)
        stop = _Stop(calls)
        parts = _build(settings, options, screen, calls, stop, stack)
        if parts is None:
            return 0
        parts.desk.start(Boot(firmware=_firmware(), image=_image(), why=None), parts.seen)
        timeout_s = _TOUCH_TIMEOUT_S if visible and settings.screen.touch else _TIMEOUT_S
        _loop(parts, screen, calls, stop, timeout_s)
    return 0


def _starting(settings: Settings, done: int) -> View:
    """Return what is shown while the terminal starts: screen, journal and buttons are steps."""
    language = settings.policy.look.languages[0]
    name = settings.terminal.counter_name
    return View("starting", name, language=language, progress=(done, 3))


def site_of(settings: Settings) -> Site:
    """Return which terminal this is and what is fitted to it."""
    return Site(
        terminal=settings.terminal.id,
        counter=settings.terminal.counter,
        counter_name=settings.terminal.counter_name,
        scale=settings.terminal.scale,
        buttons=settings.buttons.fitted,
        screen=settings.screen.fitted,
        touch=settings.screen.touch,
    )


class _Stop:
    """Set by a signal, or by whoever wants the terminal to end."""

    def __init__(self, calls: Calls) -> None:
        self.wanted = False
        self._calls = calls
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def now(self) -> None:
        """End the main loop after its turn."""
        self.wanted = True

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._calls.post(self.now)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the terminal knows and writes: its journal, and what the uplink tells it."""

    clock: SystemClock
    journal: Journal
    inboxes: Inboxes
    wake: WakeUp
    seen: Ticket | None

    def append(self, body: Body) -> Appended:
        """Store a record, then tell the uplink that there is one to send."""
        appended = self.journal.append(body)
        self.wake.ring()
        return appended

    def standing(self, visit: str) -> int | None:
        """Return the seq of the rating that stands for ``visit``, or None."""
        return self.journal.standing(visit)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts that the main loop turns."""

    desk: Desk
    keeper: Keeper
    tickets: TicketSource
    buttons: Buttons
    seen: Ticket | None


def _loop(parts: _Parts, screen: Screen, calls: Calls, stop: _Stop, timeout_s: float) -> None:
    waits: list[Buttons | TicketSource | Calls] = [parts.buttons, parts.tickets, calls]
    while not stop.wanted and not screen.closed():
        ready, _, _ = select.select(waits, [], [], timeout_s)
        if parts.tickets in ready:
            parts.tickets.drain()
            parts.desk.new_ticket()
        # Taken before the turn: a call then comes after every press that came before it.
        waiting = calls.take()
        parts.desk.turn()
        parts.keeper.turn()
        for call in waiting:
            call()
    parts.desk.turn()


def _build(
    settings: Settings,
    options: Options,
    screen: Screen,
    calls: Calls,
    stop: _Stop,
    stack: ExitStack,
) -> _Parts | None:
    """Build everything behind the screen; None when the end was asked for before that worked.

    A terminal at a counter whose disk refuses says so on its screen and tries again; a simulation
    fails at once.
    """
    if options.simulate:
        return _simulated(settings, screen, calls, stop, stack)
    while not stop.wanted:
        with ExitStack() as attempt:
            try:
                parts = _real(settings, screen, attempt)
            except (JournalError, OSError) as error:
                _log.error("the journal cannot be opened: %s", error)
                screen.show(out_of_service(site_of(settings), error, _starting(settings, 1)))
            else:
                stack.push(attempt.pop_all())
                return parts
        select.select([calls], [], [], _RETRY_S)
        for call in calls.take():
            call()
    return None


def _real(settings: Settings, screen: Screen, stack: ExitStack) -> _Parts:
    from device.hardware.none import NoButtons

    clock = SystemClock(_floor(settings), trusted=settings.terminal.clock == "host")
    memory = _remember(settings, clock, stack)
    screen.show(_starting(settings, 2))
    buttons: Buttons
    if settings.buttons.fitted:
        from device.hardware.pins import board_factory
        from device.hardware.reader import ButtonReader

        buttons = reader = ButtonReader(settings.buttons, board_factory(), clock)
        reader.start()
    else:
        buttons = NoButtons()
    stack.callback(buttons.close)
    screen.show(_starting(settings, 3))
    return _join(settings, memory, buttons, screen)


def _simulated(
    settings: Settings, screen: Screen, calls: Calls, stop: _Stop, stack: ExitStack
) -> _Parts:
    from gpiozero.pins.mock import MockFactory

    from device.hardware.reader import ButtonReader
    from device.simulate import MockFingers, Simulation, print_rating

    clock = SimulatedClock(_floor(settings), trusted=settings.terminal.clock == "host")
    memory = _remember(settings, clock, stack)
    factory = MockFactory()
    reader = ButtonReader(settings.buttons, factory, clock)
    stack.callback(reader.close)
    reader.start()
    parts = _join(settings, memory, reader, screen, print_rating)
    fingers = MockFingers(factory, settings.buttons)
    simulation = Simulation(fingers, reader, clock, calls, parts.desk)
    stack.callback(simulation.stop)
    simulation.start(at_end=stop.now)
    return parts


def _remember(settings: Settings, clock: SystemClock, stack: ExitStack) -> _Memory:
    """Open the journal for writing, and the inbox for reading."""
    from device.identity.files import IdentityFiles
    from device.journal.opening import open_journal
    from device.journal.reader import JournalReader
    from device.tickets.server import Inboxes, newest_ticket
    from device.wakeup import WakeUp

    data, dev = settings.terminal.data, settings.terminal.id
    key = IdentityFiles(data).load_or_make_key()
    inboxes = Inboxes(data, dev)
    opened = open_journal(data, dev, key, clock, inboxes.now().held())
    stack.callback(opened.journal.close)
    wake = WakeUp(data, "terminal")
    stack.callback(wake.close)
    seen = newest_ticket(JournalReader(data))
    return _Memory(clock, opened.journal, inboxes, wake, seen)


def _join(
    settings: Settings,
    memory: _Memory,
    buttons: Buttons,
    screen: Screen,
    stored: Stored | None = None,
) -> _Parts:
    from device.keeper import Keeper
    from device.tickets.server import ServerTickets

    tickets = ServerTickets(memory.inboxes, memory.wake, memory.clock)
    desk = Desk(
        memory.clock,
        memory,
        tickets,
        buttons,
        screen,
        site_of(settings),
        settings.policy,
        partial(local_time, memory.clock, settings.terminal.timezone),
        stored,
    )
    keeper = Keeper(
        memory.clock,
        memory.journal,
        memory.inboxes,
        desk.new_chain,
        desk.report,
        memory.wake,
        desk.leave_chain,
    )
    return _Parts(desk, keeper, tickets, buttons, memory.seen)


def _floor(settings: Settings) -> int:
    """Return the newest time that has certainly passed, Unix milliseconds."""
    from device.journal.opening import newest_at

    built = int(_IMAGE_FILE.stat().st_mtime * 1000) if _IMAGE_FILE.exists() else 0
    return max(built, newest_at(settings.terminal.data) or 0)


def _firmware() -> str:
    try:
        return version("hailong")
    except PackageNotFoundError:
        return "unknown"


def _image() -> str:
    """Return the version of the SD image, written there when it was built."""
    if not _IMAGE_FILE.exists():
        return "none"
    return _IMAGE_FILE.read_text(encoding="utf-8").strip()[:40] or "none"
