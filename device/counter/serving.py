"""The session at the counter: it takes what happens, and what it asks for is done in order.

*Commit, then light*: what could not be stored has not happened to the session either.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from device.core.events import Append, AppendRating, Kept, NewChain, Recorded, Reject
from device.core.session import step
from device.core.session_state import Session
from wire.records import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.events import Event
    from device.core.rules import Rules
    from device.core.tally import Tally
    from device.counter.lights import Lights
    from device.counter.recorder import Recorder
    from device.ports import Appended, Clock
    from wire.records import Rating

    Stored = Callable[[Rating, str | None, Appended], None]

_log = logging.getLogger(__name__)


class Serving:
    """Who is served, and what they have said.

    Args:
        clock: The time.
        recorder: The way into the journal.
        tally: What is counted for the health report.
        lights: The LEDs, lit after a commit.
        rules: What the session goes by.
        stored: Called after each rating's commit with the rating, its ticket and its place.

    Attributes:
        session: The state of the session.
        rules: May be changed at any moment.
    """

    def __init__(
        self,
        clock: Clock,
        recorder: Recorder,
        tally: Tally,
        lights: Lights,
        rules: Rules,
        stored: Stored | None,
    ) -> None:
        self.session = Session()
        self.rules = rules
        self._clock = clock
        self._recorder = recorder
        self._tally = tally
        self._lights = lights
        self._stored = stored

    def resume(self, seen: Ticket | None) -> None:
        """Go on where the journal ends: with the newest ticket record from before the start."""
        if seen is not None and seen.event in ("called", "recalled"):
            self.session = replace(self.session, left=seen)

    def new_chain(self) -> None:
        """The journal began a new chain."""
        self._recorder.new_chain()
        self.handle(NewChain(self._clock.up_ms()))

    def follow_chain(self) -> bool:
        """Notice that the journal, found damaged, went on in a new chain by itself."""
        parted = self._recorder.parted()
        if parted:
            self.handle(NewChain(self._clock.up_ms()))
        return parted

    def handle(self, event: Event) -> bool:
        """Let the session take an event; return False if what it asks for could not be stored."""
        after, effects = step(self.session, event, self.rules)
        for effect in effects:
            if isinstance(effect, Append):
                kept = self._keep(effect)
                if self.follow_chain():
                    # What else was asked for may name records of the chain that has ended.
                    return self.handle(event)
                if not kept:
                    return False
        self.session = after
        for effect in effects:
            if isinstance(effect, Reject):
                self._tally.reject(effect)
                _log.info("press rejected: %s", effect.why)
            elif isinstance(effect, AppendRating) and not self._rate(effect):
                return False
        return True

    def _keep(self, effect: Append) -> bool:
        body = effect.body
        if self._recorder.append(body) is None:
            return False
        self._tally.served_since_press += isinstance(body, Ticket) and body.event == "called"
        kept = Kept(self._clock.up_ms(), body)
        self.session, _ = step(self.session, kept, self.rules)
        return True

    def _rate(self, effect: AppendRating) -> bool:
        session, rating = self.session, effect.rating
        appended = self._recorder.append(rating)
        if appended is None:
            return False
        self.follow_chain()  # before this rating, which is of the new one and can be corrected
        now = self._clock.up_ms()
        self._lights.accepted(now)
        self._tally.press(rating, effect.pressed)
        if self._stored is not None:
            self._stored(rating, session.visit.ticket if session.visit else None, appended)
        self.handle(Recorded(now, rating, appended.seq, appended.standing, effect.pressed))
        return True
