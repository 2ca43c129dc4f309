"""From what ticket sources say to events of the session: only news, and nothing twice."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any

from device.core.calling import event_of
from device.core.sources import judge
from device.core.told import Heard, Moment, before_the_start

if TYPE_CHECKING:
    from device.core.events import Event
    from device.core.rules import Rules
    from device.core.told import Verdict, Word
    from device.ports import Clock, Journal, TicketSource
    from wire.records import Ticket

_log = logging.getLogger(__name__)

LOOK_EVERY_MS = 1_000


class Listener:
    """Asks the ticket sources once a second, and at once when one of them has news.

    Args:
        clock: The time.
        journal: Knows which rating stands for a visit.
        source: Says what is heard.
    """

    def __init__(self, clock: Clock, journal: Journal, source: TicketSource) -> None:
        self._clock = clock
        self._journal = journal
        self._source = source
        self._heard = Heard()
        self._offered: tuple[Heard, Verdict] | None = None
        self._looked_at: int | None = None
        self._ever_looked = False
        self._counts: Counter[str] = Counter()

    def start(self, seen: Ticket | None) -> None:
        """Begin; ``seen`` is the newest ticket record that the journal holds from before."""
        self._heard = before_the_start(seen, self._clock.up_ms())

    def wake(self) -> None:
        """A source has news: look at the next call of `event`."""
        self._looked_at = None

    def event(self, rules: Rules) -> Event | None:
        """Return the event that the sources' news make; None when there are none.

        The same event comes again until `taken` says that it was stored.

        Raises:
            JournalError: The journal cannot say which rating stands.
        """
        now = self._clock.up_ms()
        if self._looked_at is not None and now - self._looked_at < LOOK_EVERY_MS:
            return None
        first = not self._ever_looked
        self._ever_looked, self._looked_at = True, now
        while (word := self._source.take()) is not None:
            moment = Moment(now, self._said(word, now))
            heard, verdict = judge(self._heard, word, moment, rules.sources)
            if verdict.word is not None:
                self._offered = (heard, verdict)
                late_ms = rules.open_after_closed + 1 if first else 0
                return self._event(verdict, verdict.word, moment, late_ms=late_ms)
            self._settle(heard, verdict)
        return None

    def taken(self) -> None:
        """The last event was stored."""
        if self._offered is not None:
            self._settle(*self._offered)
        self._offered = None

    def report(self) -> dict[str, Any]:
        """Return what the health report says of tickets: what became of words, and the sources."""
        return {"tickets": dict(self._counts), "faults": [], **self._source.report()}

    def _settle(self, heard: Heard, verdict: Verdict) -> None:
        self._heard = heard
        self._counts[verdict.why] += 1
        self._source.settle(verdict)

    def _event(self, verdict: Verdict, word: Word, moment: Moment, *, late_ms: int) -> Event:
        standing = None if word.visit is None else self._journal.standing(word.visit)
        # Without the time nobody knows how old a ticket is that was there before the start.
        ended = moment.up - late_ms if moment.said is None else moment.said
        return event_of(
            word,
            moment.up,
            standing,
            ended=ended,
            told=verdict.told,
            behind=verdict.why == "behind",
        )

    def _said(self, word: Word, now: int) -> int | None:
        """Return the ``up`` at which a word was said; None when the clock cannot tell."""
        if word.at is None:
            return now
        if self._clock.quality() == "unset":
            return None
        return now - max(0, self._clock.wall_ms() - word.at)
