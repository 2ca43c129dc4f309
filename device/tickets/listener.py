"""From what a ticket source says to events of the session: only news, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.calling import event_of

if TYPE_CHECKING:
    from device.core.events import Event, Rules
    from device.ports import Clock, Journal, TicketSource
    from wire.down import CurrentTicket
    from wire.records import Ticket

LOOK_EVERY_MS = 1_000


class Listener:
    """Looks at a ticket source once a second, and at once when it has news.

    Args:
        clock: The time.
        journal: Knows which rating stands for a visit.
        source: Says who is being served.
    """

    def __init__(self, clock: Clock, journal: Journal, source: TicketSource) -> None:
        self._clock = clock
        self._journal = journal
        self._source = source
        self._seen_before: Ticket | None = None
        self._current: CurrentTicket | None = None
        self._heard: CurrentTicket | None = None
        self._looked_at: int | None = None
        self._ever_looked = False

    def start(self, seen: Ticket | None) -> None:
        """Begin; ``seen`` is the newest ticket record that the journal holds from before."""
        self._seen_before = seen

    def wake(self) -> None:
        """The source has news: look at the next call of `event`."""
        self._looked_at = None

    def event(self, rules: Rules) -> Event | None:
        """Return the event that the source's news make; None when there are none.

        The same event comes again until `taken` says that it was stored.

        Raises:
            JournalError: The journal cannot say which rating stands.
        """
        now = self._clock.up_ms()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_MS:
            return None
        first = not self._ever_looked
        self._ever_looked = True
        self._looked_at = now
        current = self._heard = self._source.current()
        if current == self._current:
            return None
        standing = None
        if current is not None and current.visit is not None:
            standing = self._journal.standing(current.visit)
        age = self._age(current, rules, first=first)
        return event_of(current, now, age, standing, told=self._was_told(current))

    def taken(self) -> None:
        """The last event was stored."""
        self._current = self._heard
        self._seen_before = None

    def _was_told(self, current: CurrentTicket | None) -> bool:
        """Return True when a ticket was journalled before the start, so not once more."""
        before = self._seen_before
        if current is None or before is None:
            return False
        return (current.visit, current.event or "called") == (before.visit, before.event)

    def _age(self, current: CurrentTicket | None, rules: Rules, *, first: bool) -> int:
        """Return how long ago the server said this, in milliseconds."""
        if current is None:
            return 0
        if self._clock.quality() != "unset":
            return max(0, self._clock.wall_ms() - current.iat)
        # Without the time nobody knows how old a ticket is that was there before the start.
        return rules.open_after_closed + 1 if first else 0
