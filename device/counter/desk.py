"""What happens at the counter: presses, touches and tickets in; records, light and screen out.

The desk joins the rules of ``core/`` to the ports, in one order: *commit, then light, then screen*;
the first two are done in ``serving``. When the journal cannot store, the screen says that the
terminal is out of service, and no press is ever thanked for.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from device.core.events import ChainEnds, Pressed, Ticked, Touched
from device.core.press import Accepted, Noise, Recovered, Stuck, Together
from device.core.rules import rules_of
from device.core.tally import Tally
from device.core.view import View, view
from device.counter.daytime import Daytime
from device.counter.lights import Lights
from device.counter.overlays import Overlays, out_of_service
from device.counter.recorder import Recorder
from device.counter.serving import Serving
from device.ports import JournalError
from device.tickets.listener import Listener
from wire.records import CHOICES

if TYPE_CHECKING:
    from device.core.joining import Stage
    from device.core.policy import Policy
    from device.core.press import PressEvent
    from device.core.rules import Site
    from device.core.session_state import Session
    from device.core.targets import Target
    from device.counter.daytime import Local
    from device.counter.overlays import Told, Way
    from device.counter.serving import Stored
    from device.ports import Buttons, Clock, Journal, Screen, TicketSource
    from wire.records import Body, FaultKind, Ticket

_log = logging.getLogger(__name__)


class Desk:
    """Serves one counter.

    Args:
        clock: The time.
        journal: Stores every accepted press before it is thanked for.
        tickets: Says who is being served.
        buttons: The three buttons and their LEDs.
        screen: The panel.
        site: Which terminal this is, and what is fitted to it.
        policy: What the office decides; `configure` changes it.
        local: Returns the local time, None while the clock is not believed.
        stored: Called after each rating's commit with the rating, its ticket and its place.
        way: Has the network looked at during a self-test.
    """

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        tickets: TicketSource,
        buttons: Buttons,
        screen: Screen,
        site: Site,
        policy: Policy,
        local: Local,
        stored: Stored | None = None,
        way: Way | None = None,
    ) -> None:
        self._clock = clock
        self._listener = Listener(clock, journal, tickets)
        self._buttons = buttons
        self._screen = screen
        self._site = site
        self._policy = policy
        self._tally = Tally()
        self._recorder = Recorder(clock, journal, self._tally)
        self._daytime = Daytime(local)
        self._lights = Lights(buttons)
        self._serving = Serving(
            clock, self._recorder, self._tally, self._lights, rules_of(site, policy), stored
        )
        self._overlays = Overlays(site, way)
        self._shown = View("starting", site.counter_name)
        self._busy_at = clock.up_ms()
        self.configure(policy)

    @property
    def session(self) -> Session:
        """The state of the session."""
        return self._serving.session

    @property
    def shown(self) -> View:
        """What is on the screen."""
        return self._shown

    @property
    def out_of_service(self) -> bool:
        """True while the journal cannot store."""
        return self._recorder.error is not None

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
            "state": self.session.phase,
            "out_of_service": self.out_of_service,
            "self_test": self._overlays.result,
        }

    def pulse(self) -> dict[str, Any]:
        """Return what decides over an update, by the fields of `device.core.quiet.Pulse`."""
        return {
            "drawn": self._shown.kind != "starting" and self._has_display(),
            "open": self.session.open,
            "serving": self._is_busy(),
            "idle_s": (self._clock.up_ms() - self._busy_at) // 1000,
        }

    def _has_display(self) -> bool:
        return not self._site.screen or self._screen.driver != "none"

    def _is_busy(self) -> bool:
        return self.session.phase != "idle" or self._overlays.testing

    def blinks(self) -> bool:
        """Return True while the LEDs blink."""
        return self._lights.signal is not None

    # ---- what others ask for ----

    def start(self, boot: Body, seen: Ticket | None = None) -> None:
        """Record that the terminal started, and show the first screen.

        Args:
            boot: The record of the start.
            seen: The newest ticket record that the journal holds from before.
        """
        self._listener.start(seen)
        self._serving.resume(seen)
        self._recorder.start(boot)
        self._look_at_ticket()  # before the presses that were made while the terminal started
        self.turn()

    def configure(self, policy: Policy) -> None:
        """Change what the office decides, at once; what is under way at the counter goes on."""
        self._policy = policy
        self._serving.rules = rules_of(self._site, policy)
        self._daytime.wake()
        self._screen.dress(policy.look, policy.texts)

    def identify(self, until: int) -> None:
        """Blink and show which terminal this is, until that ``up``; ratings go on."""
        self._overlays.identify(until)

    def self_test(self, told: Told | None = None) -> None:
        """Begin a self-test; ``told`` is called with the outcome, as JSON values."""
        self._overlays.self_test(self._clock.up_ms(), told)

    def notice(self, shown: View | None) -> None:
        """Show a view over the counter's own, at most two minutes; None takes it away."""
        self._overlays.notice(shown, self._clock.up_ms())

    def joining(self, stage: Stage | None) -> None:
        """Show, while nobody is served, what keeps the terminal from its fleet."""
        self._overlays.joining(stage)

    def new_ticket(self) -> None:
        """The ticket source has news: look at the next turn."""
        self._listener.wake()

    def finish(self) -> None:
        """This chain or this run is about to end: record what was chosen, while it still can be."""
        self._serving.handle(ChainEnds(self._clock.up_ms()))

    def new_chain(self) -> None:
        """The journal began a new chain."""
        self._serving.new_chain()

    def fault(self, what: FaultKind, details: str | None) -> None:
        """Record a fault, the same one at most every ten minutes."""
        self._recorder.fault(what, details)

    def touch(self, target: Target) -> None:
        """Take a touch on something that is on the screen."""
        now = self._clock.up_ms()
        if self._overlays.testing:
            self._overlays.touch(target, now)
        elif target.kind == "choice":
            choice = next(each for each in CHOICES if each == target.name)
            self._serving.handle(Pressed(now, choice, "touch"))
        else:
            self._serving.handle(Touched(now, target))

    # ---- the turn ----

    def turn(self) -> None:
        """Do everything that is due now; never waits."""
        self._serving.follow_chain()
        for event in self._buttons.take():
            self._on_button(event)
        for target in self._screen.touched():
            self.touch(target)
        now = self._clock.up_ms()
        self._overlays.turn(now)
        self._recorder.turn(now)
        if not self.out_of_service:
            # What time alone brings can wait until the journal stores again.
            changed = self._daytime.event(now, self.session, self._policy.hours)
            self._serving.handle(changed or Ticked(now))
        self._look_at_ticket()
        self._show(self._clock.up_ms())
        if self._is_busy():
            self._busy_at = self._clock.up_ms()

    def _on_button(self, event: PressEvent) -> None:
        if isinstance(event, Accepted):
            if self._overlays.testing:
                self._overlays.press(event.button, event.up)
            else:
                self._serving.handle(Pressed(event.up, CHOICES[event.button], "button"))
        elif isinstance(event, Together):
            self._tally.together(CHOICES[each] for each in event.buttons)
            self.fault("button_together", " ".join(CHOICES[each] for each in event.buttons))
        elif isinstance(event, Stuck):
            self._tally.stick(CHOICES[event.button])
            self.fault("button_stuck", CHOICES[event.button])
        elif isinstance(event, Noise):
            self._tally.noise[CHOICES[event.button]] += 1
            self.fault("button_noise", CHOICES[event.button])
        elif isinstance(event, Recovered):
            self._tally.recover(CHOICES[event.button])
            _log.info("button %s rests again", CHOICES[event.button])

    def _look_at_ticket(self) -> None:
        try:
            event = self._listener.event(self._serving.rules)
        except JournalError as error:
            self._recorder.failed(error)
            return
        if event is not None and self._serving.handle(event):
            self._listener.taken()

    # ---- light and screen ----

    def _show(self, now: int) -> None:
        shown = view(self.session, now, self._serving.rules, self._site.counter_name)
        if self._recorder.error is not None:
            shown = out_of_service(self._site, self._recorder.error, shown)
        shown = self._overlays.over(shown, now)
        self._shown = replace(shown, brightness=self._daytime.brightness)
        self._screen.show(self._shown)
        signal = self._overlays.signal()
        if signal is None and self.out_of_service and not self._site.screen:
            signal = "trouble"
        self._lights.turn(now, signal, self._overlays.light())
