"""Builds the ticket sources that a terminal has; called by its entry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from device.clock import local_time
from device.core.hours import service_day
from device.tickets.dossiers import DossierKeeper, Spool
from device.tickets.server import ServerTickets
from device.tickets.several import Several

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from device.memory import Memory
    from device.ports import TicketSource
    from device.settings import Settings

    Day = Callable[[], str | None]


def listen(settings: Settings, memory: Memory, stack: ExitStack) -> Several:
    """Return the server, and the queue system and scanner where they are configured, as one."""
    day = partial(_today, settings, memory)
    built: dict[str, TicketSource] = {
        "server": ServerTickets(memory.inboxes, memory.wake, memory.clock)
    }
    if settings.lan.listen:
        built["lan"] = _lan(settings, memory, day, stack)
    if settings.scanner.device:
        built["scanner"] = _scanner(settings, memory, day, stack)
    order = memory.configuration.policy.tickets.sources
    sources = sorted(built, key=lambda name: order.index(name) if name in order else len(order))
    several = Several(
        [built[name] for name in sources],
        DossierKeeper(Spool(settings.terminal.data), memory.journal.head, memory.clock),
        memory.before.word(memory.clock, settings.terminal.counter_name, day()),
    )
    stack.callback(several.close)
    return several


def _lan(settings: Settings, memory: Memory, day: Day, stack: ExitStack) -> TicketSource:
    from device.tickets.lan.source import LanTickets

    lan = LanTickets(settings.lan, settings.terminal, memory.clock, day)
    stack.callback(lan.close)
    return lan


def _scanner(settings: Settings, memory: Memory, day: Day, stack: ExitStack) -> TicketSource:
    from device.hardware.inputs import InputDevice
    from device.tickets.scanner.source import ScannerTickets

    scanner = ScannerTickets(
        InputDevice(settings.scanner.device),
        settings.scanner,
        settings.terminal,
        memory.clock,
        day,
        memory.before.memory(settings.scanner.letters),
    )
    stack.callback(scanner.close)
    return scanner


def _today(settings: Settings, memory: Memory) -> str | None:
    """Return the service day, None while the clock is not believed."""
    local = local_time(memory.clock, settings.terminal.timezone)
    return None if local is None else service_day(memory.configuration.policy.hours, local)
