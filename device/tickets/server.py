"""The server's current ticket, as the uplink verified it and wrote it into the inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from device.core.calling import word_of

if TYPE_CHECKING:
    from device.core.told import Verdict, Word
    from device.inbox.inboxes import Inboxes
    from device.ports import Clock
    from device.wakeup import WakeUp
    from wire.down import CurrentTicket


class ServerTickets:
    """Implements the port ``TicketSource`` over the inbox.

    Args:
        inboxes: What the uplink verified.
        wake: Becomes readable when the uplink has news.
        clock: Its ``up`` decides whether a ticket's time to live has passed.
    """

    def __init__(self, inboxes: Inboxes, wake: WakeUp, clock: Clock) -> None:
        self._inboxes = inboxes
        self._wake = wake
        self._clock = clock
        self._offered: CurrentTicket | None = None
        self._settled: CurrentTicket | None = None

    def take(self) -> Word | None:
        """Return what the server says now, if that is not what it said before.

        That there is no ticket, or its time to live has passed, is such a word too.
        """
        self._offered = self._inboxes.now().ticket(self._clock.up_ms())
        return None if self._offered == self._settled else word_of(self._offered)

    def settle(self, _verdict: Verdict) -> None:
        """The word that `take` gave last was dealt with."""
        self._settled = self._offered

    def report(self) -> dict[str, Any]:
        """Return nothing: what the uplink refuses it reports itself."""
        return {}

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when the uplink has news."""
        return self._wake.fileno()

    def drain(self) -> None:
        """Take the wake-ups off the descriptor; never blocks."""
        self._wake.drain()
