"""Builds the real parts of one counter behind its screen, for the entry ``terminal.py``.

What is heavy is imported here, after the first screen is shown: people should see it while the
rest is still being loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from device.clock import SimulatedClock, SystemClock, local_time
from device.core.exporting import view as export_view
from device.counter.desk import Desk
from device.counter.joining import Joining
from device.export.exporter import Exporter
from device.hardware.none import NoButtons
from device.journal.aside import Aside
from device.journal.care import Care
from device.journal.checker import Checker
from device.journal.opening import passed_ms
from device.journal.pruner import Pruner
from device.keeper import Keeper
from device.memory import Memory, remember
from device.network.asked import Asked
from device.remote.build import listen as listen_to_fleet
from device.site import site_of, starting
from device.tickets.build import listen as listen_for_tickets

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from device.calls import Calls
    from device.core.exporting import Notice
    from device.counter.serving import Stored
    from device.journal.troubles import Troubles
    from device.ports import Buttons, TicketSource
    from device.remote.listener import Remote
    from device.settings import Settings
    from device.sound.screen import HeardScreen

_QUIET_MS = 60_000
"""Nobody has pressed for so long: the journal may be looked after."""


@dataclass(frozen=True, slots=True)
class Front:
    """What is there before everything else.

    Attributes:
        settings: The terminal's own file.
        screen: The panel.
        calls: The way into the main loop.
        stop: Ends the main loop.
        alive: Tells the watchdog at ``up`` that this process lives.
        serial: Serial number of the board, None where it has none.
    """

    settings: Settings
    screen: HeardScreen
    calls: Calls
    stop: Callable[[], None]
    alive: Callable[[int], None]
    serial: str | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts that the main loop turns."""

    memory: Memory
    desk: Desk
    keeper: Keeper
    remote: Remote
    care: Care
    joining: Joining
    tickets: TicketSource
    buttons: Buttons

    def news(self) -> None:
        """The uplink, or another ticket source, has news."""
        self.desk.new_ticket()
        self.remote.rung()


def real(front: Front, troubles: Troubles, stack: ExitStack) -> Parts:
    """Build a terminal on the machine's own pins.

    Raises:
        DeviceError: A part of the machine cannot be used; the text says which.
        JournalError: The journal can neither be opened nor begun.
        OSError: The folder cannot be used.
    """
    settings = front.settings
    clock = SystemClock(
        passed_ms(settings.terminal.data), trusted=settings.terminal.clock == "host"
    )
    memory = remember(settings, clock, troubles, front.alive, stack, front.serial)
    front.screen.show(starting(settings, 2))
    buttons: Buttons
    if settings.buttons.fitted:
        from device.hardware.pins import board_factory
        from device.hardware.reader import ButtonReader

        factory = board_factory(settings.buttons)
        stack.callback(factory.close)
        buttons = reader = ButtonReader(settings.buttons, factory, clock)
        reader.start()
    else:
        buttons = NoButtons()
    stack.callback(buttons.close)
    front.screen.show(starting(settings, 3))
    return _join(front, memory, buttons, stack)


def simulated(front: Front, troubles: Troubles, stack: ExitStack) -> Parts:
    """Build a terminal on mock pins that lines on standard input move; raises as `real`."""
    from gpiozero.pins.mock import MockFactory

    from device.hardware.reader import ButtonReader
    from device.simulation.simulation import MockFingers, Simulation, print_rating

    settings = front.settings
    clock = SimulatedClock(
        passed_ms(settings.terminal.data), trusted=settings.terminal.clock == "host"
    )
    memory = remember(settings, clock, troubles, front.alive, stack, front.serial)
    factory = MockFactory()
    reader = ButtonReader(settings.buttons, factory, clock)
    stack.callback(reader.close)
    reader.start()
    parts = _join(front, memory, reader, stack, print_rating)
    fingers = MockFingers(factory, settings.buttons)
    simulation = Simulation(fingers, reader, clock, front.calls, parts.desk)
    stack.callback(simulation.stop)
    simulation.start(at_end=front.stop)
    return parts


def _join(
    front: Front,
    memory: Memory,
    buttons: Buttons,
    stack: ExitStack,
    stored: Stored | None = None,
) -> Parts:
    settings = front.settings
    tickets = listen_for_tickets(settings, memory, stack)
    desk = _desk(front, memory, tickets, buttons, stored)
    care = _care(settings, memory, desk)

    def report() -> dict[str, Any]:
        return {
            **desk.report(),
            **front.screen.report(),
            "config_version": memory.configuration.policy.version,
            "journal": care.report(),
            "pulse": {**desk.pulse(), "read": buttons.reads()},
            "write_errors": memory.troubles.of_the_card(),
        }

    keeper = Keeper(
        memory.clock, memory.journal, memory.inboxes, desk.new_chain, report, memory.wake,
        desk.finish,
    )  # fmt: skip
    remote = listen_to_fleet(settings, memory, desk, report, front.stop)
    _export(front, memory, desk, stack)
    joining = Joining(settings.terminal.data, memory.clock, desk)
    return Parts(memory, desk, keeper, remote, care, joining, tickets, buttons)


def _desk(
    front: Front, memory: Memory, tickets: TicketSource, buttons: Buttons, stored: Stored | None
) -> Desk:
    terminal = front.settings.terminal
    return Desk(
        memory.clock,
        memory,
        tickets,
        buttons,
        front.screen,
        site_of(front.settings),
        memory.configuration.policy,
        partial(local_time, memory.clock, terminal.timezone),
        stored,
        Asked(terminal.data, memory.wake),
    )


def _care(settings: Settings, memory: Memory, desk: Desk) -> Care:
    """Build what keeps the journal in order."""
    data, dev = settings.terminal.data, settings.terminal.id
    clock, journal, reader = memory.clock, memory.journal, memory.reader
    aside = Aside(data, dev, journal.file, memory.inboxes)
    pruner = Pruner(clock, journal.file, reader, memory.inboxes, aside)
    checker = Checker(clock, journal, reader, dev, desk.finish, desk.new_chain)

    def quiet() -> bool:
        pressed = desk.session.accepted_at
        return pressed is None or clock.up_ms() - pressed >= _QUIET_MS

    return Care(clock, journal.file, pruner, checker, memory.troubles, quiet)


def _export(front: Front, memory: Memory, desk: Desk, stack: ExitStack) -> None:
    """Let a technician's stick have the journal, in a thread beside the main loop."""
    terminal = front.settings.terminal

    def tell(told: Notice | None) -> None:
        shown = None if told is None else export_view(told, terminal.counter_name)
        front.calls.post(lambda: desk.notice(shown))

    exporter = Exporter(
        terminal.data,
        front.settings.export,
        terminal.id,
        memory.reader,
        memory.clock,
        tell,
    )
    exporter.start()
    stack.callback(exporter.stop)
