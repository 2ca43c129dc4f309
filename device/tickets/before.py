"""What the journal says of tickets before the start."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.core.scanning import Memory
from device.core.told import Word, ending_of
from wire.codec import decode
from wire.envelope import payload_of
from wire.errors import WireError
from wire.records import Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from device.journal.reader import JournalReader
    from device.ports import Clock
    from wire.records import ClockQuality

_LOOK_BACK = 200
OPEN_FOR_MS = 4 * 3_600_000
"""As long as a terminal believes a ticket of the server."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket record: ``at`` is what the clock showed, of that ``quality``."""

    ticket: Ticket
    at: int
    quality: ClockQuality


@dataclass(frozen=True, slots=True)
class Before:
    """The newest ticket record of the journal, and the newest of a scanned dossier."""

    seen: Seen | None = None
    dossier: Ticket | None = None

    @property
    def ticket(self) -> Ticket | None:
        """The newest ticket."""
        return None if self.seen is None else self.seen.ticket

    def word(self, clock: Clock, counter_name: str, day: str | None) -> Word | None:
        """Return what the local sources would say again, if they could.

        The server's ticket is in the inbox; what the queue system or a scanner said is nowhere
        but in the journal. It is open again only where the clock tells that it is not of long
        ago: a rating must not be bound to yesterday's citizen.
        """
        seen = self.seen
        if seen is None or seen.ticket.source == "server" or ending_of(seen.ticket.event):
            return None
        if "unset" in (seen.quality, clock.quality()):
            return None
        ticket = seen.ticket
        if clock.wall_ms() - seen.at > OPEN_FOR_MS or ticket.day != day:
            return None
        return Word(
            origin=ticket.source,
            counter=ticket.counter,
            counter_name=counter_name,
            ticket=ticket.ticket,
            event=ticket.event,
            visit=ticket.visit,
            at=seen.at,
            day=ticket.day,
            service=ticket.service,
        )

    def memory(self, letters: str) -> Memory:
        """Return the running number that scanned dossiers have reached."""
        if self.dossier is None:
            return Memory()
        number = self.dossier.ticket.removeprefix(letters)
        return Memory(number=int(number) if number.isdecimal() else 0, day=self.dossier.day)


def read_before(reader: JournalReader, letters: str) -> Before:
    """Return what the last records of the journal say.

    Args:
        reader: The journal.
        letters: What stands before the running number of a scanned dossier.

    Raises:
        JournalError: The journal cannot be read.
    """
    seen: Seen | None = None
    for one in _tickets(reader):
        seen = seen or one
        if one.ticket.source == "scanner" and one.ticket.ticket.startswith(letters):
            return Before(seen, one.ticket)
    return Before(seen)


def _tickets(reader: JournalReader) -> Iterator[Seen]:
    """Give the ticket records among the last of the journal, the newest first."""
    for span in reader.chains()[-1:]:
        first = max(span.oldest_seq, span.newest_seq - _LOOK_BACK + 1)
        for entry in reversed(reader.read_from(span.chain, first, _LOOK_BACK)):
            with suppress(WireError):
                record = decode(payload_of(entry.token))
                if isinstance(record.body, Ticket):
                    yield Seen(record.body, record.stamp.at, record.stamp.clock)
