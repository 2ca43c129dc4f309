"""The terminal's main loop: waits for what happens, does what is due, tells systemd that it lives.

The watchdog is fed here and nowhere else: whoever hangs in a turn, the screen too, makes it
starve, and systemd starts the terminal again.
"""

from __future__ import annotations

import select
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from device.core.pace import patience

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from device.calls import Calls
    from device.ports import Buttons, Clock, Screen, TicketSource
    from device.stop import Stop
    from device.watchdog import Watchdog


class Turning(Protocol):
    """Something that has its turn again and again."""

    def turn(self) -> None:
        """Do everything that is due now; never waits."""


@dataclass(frozen=True, slots=True)
class Loop:
    """Turns the parts of a terminal.

    Attributes:
        clock: The time.
        screen, buttons, tickets: Their descriptors wake the loop.
        calls: Calls from other threads.
        news: Called when the ticket source has news.
        turns: The parts to turn, in this order.
        watchdog: Hears of every turn.
        blinks: Says whether a light blinks, which must not wait for the loop.
    """

    clock: Clock
    screen: Screen
    buttons: Buttons
    tickets: TicketSource
    calls: Calls
    news: Callable[[], None]
    turns: Sequence[Turning]
    watchdog: Watchdog
    blinks: Callable[[], bool] = lambda: False

    def run(self, stop: Stop) -> None:
        """Turn until somebody wants it to stop or closes the window."""
        touches = self.screen.wakes()
        waits: list[Any] = [self.buttons, self.tickets, self.calls, stop, *(touches or ())]
        stirred_at = self.clock.up_ms()
        while not stop.wanted and not self.screen.closed():
            now = self.clock.up_ms()
            self.watchdog.alive(now)
            sleep_ms = patience(now, stirred_at, asks=touches is None, blinks=self.blinks())
            ready, _, _ = select.select(waits, [], [], sleep_ms / 1000)
            if ready:
                stirred_at = self.clock.up_ms()
            if self.tickets in ready:
                self.tickets.drain()
                self.news()
            # Taken before the turn: a call then comes after every press that came before it.
            waiting = self.calls.take()
            for part in self.turns:
                part.turn()
            for call in waiting:
                call()
        self.turns[0].turn()
