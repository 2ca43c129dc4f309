"""What a terminal knows and writes: its journal, its identity, what the uplink tells it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.identity import board, rotation
from device.identity.files import IdentityFiles
from device.inbox.inboxes import Inboxes
from device.journal.opening import open_journal, signer
from device.journal.reader import JournalReader
from device.ports import ChainEndedError, JournalError
from device.remote.diagnostics import RecentWarnings
from device.remote.listener import Configuration
from device.tickets.before import Before, read_before
from device.wakeup import WakeUp
from wire.records import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from device.clock import SystemClock
    from device.journal.troubles import Troubles
    from device.journal.writer import Journal
    from device.ports import Appended
    from device.settings import Settings
    from wire.records import Body


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything that outlives the process; implements the port ``Journal`` for the desk.

    Attributes:
        clock: The process's clock.
        files: Key and certificate.
        journal: The journal's one writer; ``reader`` looks at it beside.
        troubles: Counts what the journal could not store.
        inboxes: What the uplink verified.
        wake: The bell of the uplink.
        configuration: The policy in force.
        warnings: The newest lines of the log.
        before: What the journal says of tickets before the start.
    """

    clock: SystemClock
    files: IdentityFiles
    journal: Journal
    reader: JournalReader
    troubles: Troubles
    inboxes: Inboxes
    wake: WakeUp
    configuration: Configuration
    warnings: RecentWarnings
    before: Before

    def append(self, body: Body) -> Appended:
        """Store a record, then tell the uplink that there is one to send."""
        try:
            appended = self.journal.append(body)
        except ChainEndedError:
            raise
        except JournalError as error:
            self.troubles.refused(error.trouble)
            raise
        self.troubles.stored(self.journal.append)
        self.wake.ring()
        return appended

    def check_room(self) -> None:
        """Make sure that there is room for the next record."""
        self.journal.check_room()

    def standing(self, visit: str) -> int | None:
        """Return the seq of the rating that stands for ``visit``, or None."""
        return self.journal.standing(visit)


def remember(
    settings: Settings,
    clock: SystemClock,
    troubles: Troubles,
    alive: Callable[[int], None],
    stack: ExitStack,
    serial: str | None = None,
) -> Memory:
    """Open the journal for writing, and the inbox for reading.

    Args:
        settings: The terminal's own file.
        clock: The process's clock.
        troubles: Counts what the journal cannot store.
        alive: Called with ``up`` while a damaged journal is searched, which may take minutes.
        stack: Closes everything.
        serial: Serial number of the board, None where it has none.

    Raises:
        JournalError: The journal can neither be opened nor begun.
        OSError: The folder cannot be used.
    """
    data, dev = settings.terminal.data, settings.terminal.id
    warnings = _listen_to_log(stack)
    files = IdentityFiles(data)
    board.bind(files, serial)
    rotation.settle(files, signer(data))
    inboxes = Inboxes(data, dev)
    key, held = files.load_or_make_key(), inboxes.now().held()
    journal = open_journal(data, dev, key, clock, held, lambda: alive(clock.up_ms())).journal
    stack.callback(journal.close)
    _journal_move(files, journal)
    wake = WakeUp(data, "terminal")
    stack.callback(wake.close)
    reader = JournalReader(data)
    return Memory(
        clock,
        files,
        journal,
        reader,
        troubles,
        inboxes,
        wake,
        Configuration(settings.tables, inboxes),
        warnings,
        read_before(reader, settings.scanner.letters),
    )


def _listen_to_log(stack: ExitStack) -> RecentWarnings:
    warnings = RecentWarnings()
    logging.getLogger().addHandler(warnings)
    stack.callback(logging.getLogger().removeHandler, warnings)
    return warnings


def _journal_move(files: IdentityFiles, journal: Journal) -> None:
    """Record, once, that the card comes from another board."""
    if board.was_moved(files):
        journal.append(Fault("cloned"))
        board.journalled(files)
