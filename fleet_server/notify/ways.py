"""Ways out of the fleet: what each has to send lies in a table, from which it is claimed."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog

from fleet_server.notify.webhook import Caller
from fleet_server.settings import WebhooksSection
from fleet_server.store import deliveries, webhooks
from fleet_server.store.deliveries import Due, Outcome

AT_ONCE = 8
AT_ONCE_EACH = 2
"""Calls at the same time, in all and to one receiver: a slow one must not hold up the others."""

log = structlog.get_logger("jobs")


class Way(Protocol):
    """One way out. It is claimed by one thread, and sent in any."""

    def claim(self, now: int, under_way: Counter[int]) -> Sequence[Any]:
        """Claim what is due.

        Args:
            now: Unix milliseconds.
            under_way: how much is being sent to each receiver already.
        """

    def receiver(self, due: Any) -> int:
        """Return for whom something is that was claimed, as `claim` counts them."""

    def send(self, due: Any) -> None:
        """Send something that was claimed, and note what became of it."""


class Webhooks:
    """Events to webhooks.

    Args:
        allowed: whom they may call.
        clock: returns Unix milliseconds.
    """

    def __init__(self, allowed: WebhooksSection, clock: Callable[[], int]) -> None:
        self._caller, self._clock = Caller(allowed, clock), clock

    def claim(self, now: int, under_way: Counter[int]) -> Sequence[Due]:
        """Claim deliveries that are due, a few for each receiver."""
        return deliveries.claim(now, AT_ONCE - under_way.total(), AT_ONCE_EACH, under_way)

    def receiver(self, due: Due) -> int:
        """Return the subscription."""
        return due.webhook

    def send(self, due: Due) -> None:
        """Call the receiver once."""
        outcome = self._call(due)
        deliveries.note(due, outcome, self._clock(), chance())
        if not outcome.is_taken:
            log.info("not delivered", webhook=due.webhook, id=due.event, why=outcome.error)

    def _call(self, due: Due) -> Outcome:
        try:
            return self._caller.send(due, webhooks.keys_of(due.webhook, self._clock()))
        except Exception:
            log.exception("a call failed")
            return Outcome(None, "a fault of ours; the log of jobs says what", 0)


def chance() -> float:
    """Return a random number from 0 up to 1, so that retries don't come all at once."""
    return secrets.randbelow(1000) / 1000
