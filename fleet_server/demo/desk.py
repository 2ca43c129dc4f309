"""One counter of the demo: its queue calls and closes tickets, and its citizens press."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from fleet_server.demo.api import Api, ApiError
from fleet_server.demo.plan import CHOICES, CounterPlan

# Seconds. Everything goes some hundred times faster than at a real counter.
SERVING = (2.0, 5.0)
BETWEEN = (0.5, 1.5)
AFTER_CLOSED = (0.3, 1.5)
BEFORE_CORRECTION = 2.0  # longer than the lock against double presses
NO_SHOW = 0.08
CORRECTED = 0.06


@dataclass(slots=True)
class Desk:
    """The goings-on at one counter, in a thread of its own.

    Attributes:
        plan: the counter.
        api: the server, as the queue system reaches it.
        press: presses a button of the counter's terminal.
        stopping: ends the goings-on.
        chance: where chance comes from.
        served: tickets closed so far.
        trouble: the queue system's last failed call, or None.
    """

    plan: CounterPlan
    api: Api
    press: Callable[[str], None]
    stopping: Event
    chance: random.Random
    served: int = 0
    trouble: str | None = None

    def start(self) -> Thread:
        """Begin, and return the thread to wait for."""
        thread = Thread(target=self._work, name=f"desk {self.plan.code}", daemon=True)
        thread.start()
        return thread

    def _work(self) -> None:
        number = self.chance.randrange(1, 40)
        while not self._pause(BETWEEN):
            try:
                self._serve(f"{self.plan.letter}{number:03d}")
            except ApiError as error:
                self.trouble = str(error)
            number += 1

    def _serve(self, ticket: str) -> None:
        visit = self._tell(ticket, "called", service=self.plan.service)
        if self._pause(SERVING):
            return
        if self.chance.random() < NO_SHOW:
            self._tell(ticket, "no_show", visit=visit)
            return
        self._tell(ticket, "closed", visit=visit)
        self.served += 1
        if self.chance.random() < self.plan.rates and not self._pause(AFTER_CLOSED):
            self._rate()

    def _rate(self) -> None:
        self.press(self._choice())
        if self.chance.random() < CORRECTED and not self.stopping.wait(BEFORE_CORRECTION):
            self.press(self._choice())

    def _choice(self) -> str:
        return self.chance.choices(CHOICES, self.plan.weights)[0]

    def _tell(self, ticket: str, event: str, **more: str) -> str:
        visit = self.api.ticket(self.plan.code, ticket, event, **more)
        self.trouble = None
        return visit

    def _pause(self, seconds: tuple[float, float]) -> bool:
        return self.stopping.wait(self.chance.uniform(*seconds))
