"""Builds what carries out the fleet's wishes, from real parts, for the entry of the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from device.inbox.files import machine_boot_id
from device.journal.reader import JournalReader
from device.link import machine
from device.remote.book import OrderBook
from device.remote.commands import Commands, Counter
from device.remote.diagnostics import Diagnostics
from device.remote.keychange import KeyChanger
from device.remote.listener import Configurable, Remote
from device.remote.machine import SystemdMachine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from device.identity.files import IdentityFiles
    from device.journal.writer import Journal
    from device.ports import Clock
    from device.remote.diagnostics import RecentWarnings
    from device.remote.listener import Configuration
    from device.settings import Settings
    from device.tickets.server import Inboxes
    from device.wakeup import WakeUp


class Desk(Counter, Configurable, Protocol):
    """What is asked of the desk."""


@dataclass(frozen=True, slots=True)
class Site:
    """The terminal's own parts.

    Attributes:
        versions: Of the software and the image.
    """

    settings: Settings
    clock: Clock
    files: IdentityFiles
    journal: Journal
    inboxes: Inboxes
    wake: WakeUp
    configuration: Configuration
    warnings: RecentWarnings
    versions: Mapping[str, str]


def listen(
    site: Site, desk: Desk, report: Callable[[], dict[str, Any]], restart: Callable[[], None]
) -> Remote:
    """Return what gives configuration and commands their turns.

    Args:
        site: The terminal's own parts.
        desk: Does what is seen.
        report: Gives what the terminal says in the health report.
        restart: Ends this process, which is then started again.
    """
    data, dev = site.settings.terminal.data, site.settings.terminal.id
    diagnostics = Diagnostics(
        site.settings,
        site.versions,
        site.clock,
        JournalReader(data),
        lambda: site.configuration.policy,
        report,
        lambda: machine.figures(data),
        site.warnings,
    )
    commands = Commands(
        site.clock,
        machine_boot_id(),
        OrderBook(data),
        desk,
        SystemdMachine(),
        restart,
        diagnostics.line,
        KeyChanger(site.files, dev, site.journal),
    )
    return Remote(site.clock, site.inboxes, site.configuration, desk, commands, site.wake)
