"""Builds what carries out the fleet's wishes, from real parts, for the entry of the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from device.hardware.sensors import MachineSensors
from device.inbox.files import machine_boot_id
from device.remote.book import OrderBook
from device.remote.commands import Commands, Counter
from device.remote.computer import SystemdComputer
from device.remote.diagnostics import Diagnostics
from device.remote.keychange import KeyChanger
from device.remote.listener import Configurable, Remote
from device.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.memory import Memory
    from device.settings import Settings


class Desk(Counter, Configurable, Protocol):
    """What is asked of the desk."""


def listen(
    settings: Settings,
    memory: Memory,
    desk: Desk,
    report: Callable[[], dict[str, Any]],
    restart: Callable[[], None],
) -> Remote:
    """Return what gives configuration and commands their turns.

    Args:
        settings: The terminal's own file.
        memory: What it knows and writes.
        desk: Does what is seen.
        report: Gives what the terminal says in the health report.
        restart: Ends this process, which is then started again.
    """
    data, clock, runs = settings.terminal.data, memory.clock, versions()
    sensors = MachineSensors(data)
    diagnostics = Diagnostics(
        settings,
        {"firmware": runs.firmware, "image": runs.image},
        clock,
        memory.reader,
        lambda: memory.configuration.policy,
        report,
        lambda: sensors.read(clock.up_ms()).figures(),
        memory.warnings,
    )
    commands = Commands(
        clock,
        machine_boot_id(),
        OrderBook(data),
        desk,
        SystemdComputer(),
        restart,
        diagnostics.line,
        KeyChanger(memory.files, settings.terminal.id, memory.journal),
    )
    return Remote(clock, memory.inboxes, memory.configuration, desk, commands, memory.wake)
