"""What happens at the counter: presses and tickets in, records, light and screen out.

The desk joins the pure rules of ``core/`` to the ports. It holds to one order: *commit, then light,
then screen*. When the journal cannot store, the screen says that the terminal is out of service,
and no press is ever thanked for.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from device.core.events import (
    AppendRating,
    AppendTicket,
    NewChain,
    Pressed,
    Recorded,
    Reject,
    Session,
    Ticked,
)
from device.core.press import Accepted, Noise, Recovered, Stuck, Together
from device.core.session import step
from device.core.tally import Tally
from device.core.view import Target, view
from device.ports import JournalError
from device.tickets.listener import Listener
from wire.records import CHOICES, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.events import Event, Rules
    from device.core.press import PressEvent
    from device.ports import Appended, Buttons, Clock, Journal, Screen, TicketSource
    from wire.records import Body, FaultKind, Rating, Ticket

    Stored = Callable[[Rating, str | None, Appended], None]

_log = logging.getLogger(__name__)

LIGHT_MS = 400
RETRY_EVERY_MS = 5_000
SAME_FAULT_EVERY_MS = 600_000


class Desk:
    """Serves one counter.

    Args:
        clock: The time.
        journal: Stores every accepted press before it is thanked for.
        tickets: Says who is being served.
        buttons: The three buttons and their LEDs.
        screen: The panel.
        rules: What is set for this terminal.
        counter_name: The counter's name where no ticket brings one.
        stored: Called after each rating's commit with the rating, its ticket and its place.
    """

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        tickets: TicketSource,
        buttons: Buttons,
        screen: Screen,
        rules: Rules,
        counter_name: str,
        stored: Stored | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._listener = Listener(clock, journal, tickets)
        self._buttons = buttons
        self._screen = screen
        self._rules = rules
        self._counter_name = counter_name
        self._stored = stored
        self._session = Session()
        self._boot: Body | None = None
        self._lit_until: int | None = None
        self._failed_at: int | None = None
        self._faults: dict[tuple[FaultKind, str | None], int] = {}
        self._tally = Tally()

    @property
    def session(self) -> Session:
        """The state of the session."""
        return self._session

    @property
    def out_of_service(self) -> bool:
        """True while the journal cannot store."""
        return self._failed_at is not None

    @property
    def rejected(self) -> int:
        """Presses since the start that did not count."""
        return self._tally.rejected.total()

    def report(self) -> dict[str, Any]:
        """Return what the health report says of this desk."""
        figures, tickets = self._tally.report(self._clock.up_ms()), self._listener.report()
        return {
            **figures,
            **tickets,
            "faults": [*figures["faults"], *tickets["faults"]],
            "state": self._session.phase,
            "out_of_service": self.out_of_service,
        }

    def start(self, boot: Body, seen: Ticket | None = None) -> None:
        """Record that the terminal started, and show the first screen.

        Args:
            boot: The record of the start.
            seen: The newest ticket record that the journal holds from before.
        """
        self._listener.start(seen)
        self._say_boot(boot)
        self.turn()

    def turn(self) -> None:
        """Do everything that is due now; never waits."""
        for event in self._buttons.take():
            self._on_button(event)
        for target in self._screen.touched():
            self._on_touch(target)
        self._look_at_ticket()
        now = self._clock.up_ms()
        self._handle(Ticked(now))
        self._retry(now)
        if self._lit_until is not None and now >= self._lit_until:
            self._lit_until = None
            self._buttons.acknowledge(False)
        self._show()

    def new_ticket(self) -> None:
        """The ticket source has news: look at the next turn."""
        self._listener.wake()

    def new_chain(self) -> None:
        """The journal began a new chain."""
        self._handle(NewChain(self._clock.up_ms()))

    # ---- touches and buttons ----

    def _on_touch(self, target: Target) -> None:
        for choice in CHOICES:
            if target == Target("choice", choice):
                self._handle(Pressed(self._clock.up_ms(), choice, "touch"))

    def _on_button(self, event: PressEvent) -> None:
        if isinstance(event, Accepted):
            self._handle(Pressed(event.up, CHOICES[event.button], "button"))
        elif isinstance(event, Together):
            self._tally.rejected["together"] += 1
            self.fault("button_together", " ".join(CHOICES[each] for each in event.buttons))
        elif isinstance(event, Stuck):
            self._tally.faults.add(("button_stuck", CHOICES[event.button]))
            self.fault("button_stuck", CHOICES[event.button])
        elif isinstance(event, Noise):
            self._tally.noise[CHOICES[event.button]] += 1
            self.fault("button_noise", CHOICES[event.button])
        elif isinstance(event, Recovered):
            self._tally.faults.discard(("button_stuck", CHOICES[event.button]))
            _log.info("button %s rests again", CHOICES[event.button])

    def fault(self, what: FaultKind, details: str | None) -> None:
        """Record a fault, the same one at most every ten minutes."""
        now = self._clock.up_ms()
        last = self._faults.get((what, details))
        if last is not None and now - last < SAME_FAULT_EVERY_MS:
            return
        if self._append(Fault(what, details)):
            self._faults[what, details] = now

    # ---- tickets ----

    def _look_at_ticket(self) -> None:
        try:
            event = self._listener.event(self._rules)
        except JournalError as error:
            self._fail(error)
            return
        if event is not None and self._handle(event):
            self._listener.taken()

    # ---- the session and its effects ----

    def _handle(self, event: Event) -> bool:
        """Let the session take an event; return False if what it asks for could not be stored."""
        after, effects = step(self._session, event, self._rules)
        for effect in effects:
            if isinstance(effect, Reject):
                self._tally.rejected[effect.why] += 1
                _log.info("press rejected: %s", effect.why)
            elif isinstance(effect, AppendTicket) and not self._see(effect.ticket):
                return False
        self._session = after
        for effect in effects:
            if isinstance(effect, AppendRating) and not self._rate(effect):
                return False
        return True

    def _see(self, ticket: Ticket) -> bool:
        if self._append(ticket) is None:
            return False
        self._tally.served_since_press += ticket.event == "called"
        return True

    def _rate(self, effect: AppendRating) -> bool:
        session, rating = self._session, effect.rating
        appended = self._append(rating)
        if appended is None:
            return False
        self._light()
        self._tally.press(rating.choice, effect.pressed)
        if self._stored is not None:
            self._stored(rating, session.visit.ticket if session.visit else None, appended)
        now = self._clock.up_ms()
        recorded = Recorded(now, rating, appended.seq, appended.standing, effect.pressed)
        self._handle(recorded)
        return True

    def _append(self, body: Body) -> Appended | None:
        try:
            if self._boot is not None:
                self._journal.append(self._boot)
                self._boot = None
            appended = self._journal.append(body)
        except JournalError as error:
            self._fail(error)
            return None
        self._failed_at = None
        return appended

    def _fail(self, error: JournalError) -> None:
        _log.error("the journal cannot store: %s", error)
        self._failed_at = self._clock.up_ms()

    def _retry(self, now: int) -> None:
        """While out of service, try every few seconds whether the journal stores again."""
        if self._failed_at is None or now - self._failed_at < RETRY_EVERY_MS:
            return
        if self._boot is not None:
            self._say_boot(self._boot)
        else:
            self._append(Fault("journal", "records could not be stored; they can again"))

    def _say_boot(self, boot: Body) -> None:
        """Record the start; it stays the first record of this start, however late that is."""
        self._boot = None
        if self._append(boot) is None:
            self._boot = boot

    # ---- light and screen ----

    def _light(self) -> None:
        self._buttons.acknowledge(True)
        self._lit_until = self._clock.up_ms() + LIGHT_MS

    def _show(self) -> None:
        self._screen.show(
            view(
                self._session,
                self._clock.up_ms(),
                self._rules,
                self._counter_name,
                out_of_service=self.out_of_service,
            )
        )
