"""One connection to the broker after the other: opened, lost, tried again, ended in order."""

from __future__ import annotations

import logging
import select
from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.core.backoff import backoff_ms
from device.link.mqtt import LinkError, MqttLink
from wire.up import State, encode_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.clock import SystemClock
    from device.link.credentials import Credentials
    from device.link.mqtt import Broker
    from wire.up import Presence

log = logging.getLogger(__name__)

_GOODBYE_MS = 2_000
_SETTLED_MS = 10_000


@dataclass(frozen=True, slots=True)
class Backoff:
    """How long to wait between connections; milliseconds.

    Attributes:
        first_ms: First step.
        longest_ms: The longest.
        jitter: Returns a number from 0 to 1, which shortens it.
    """

    first_ms: int
    longest_ms: int
    jitter: Callable[[], float]

    def wait_ms(self, failures: int) -> int:
        """Return how long to wait after so many failures in a row."""
        return backoff_ms(failures - 1, self.jitter(), self.first_ms, self.longest_ms)


class Connection:
    """The terminal's connection, or the waiting for the next one.

    Args:
        credentials: By what the broker knows the terminal.
        broker: Where to.
        backoff: How long to wait.
        clock: The time.

    Attributes:
        count: How many were tried, the present one with them.
        begun: Whether the broker has taken the last one that was opened.
        retry_at: When the next may be tried.
    """

    def __init__(
        self, credentials: Credentials, broker: Broker, backoff: Backoff, clock: SystemClock
    ) -> None:
        self.count = 0
        self.begun = False
        self.retry_at = 0
        self._credentials = credentials
        self._broker = broker
        self._backoff = backoff
        self._clock = clock
        self._link: MqttLink | None = None
        self._failures = 0
        self._opened_at = 0

    @property
    def is_open(self) -> bool:
        """Whether there is one, which the broker may not have taken yet."""
        return self._link is not None

    def publish(
        self,
        leaf: str,
        payload: bytes,
        *,
        retain: bool = False,
        taken: Callable[[], None] | None = None,
    ) -> bool:
        """Give it a message, as `device.link.publish.Publish` says."""
        return self._link is not None and self._link.publish(
            leaf, payload, retain=retain, taken=taken
        )

    # ---- from one to the next ----

    def open(self, take: Callable[[str, bytes], None]) -> None:
        """Connect; ``take`` gets topic and payload of each message, before it is acknowledged.

        Raises:
            LinkError: The broker cannot be reached, or is not the fleet's.
            DeviceError: A file of the identity is damaged.
        """
        self.count += 1
        context, dev = self._credentials.context(), self._credentials.fleet.terminal
        link = MqttLink(self._broker, dev, context, self._presence("lost"), take)
        link.connect()
        self._link = link
        self.begun = False
        self._opened_at = self._clock.up_ms()

    def begin(self) -> None:
        """Say that the terminal is there, now that the broker has taken the connection."""
        self.begun = True
        log.info("connected to %s:%d", self._broker.host, self._broker.port)
        self.publish("state", self._presence("ready"), retain=True)

    def pump(self) -> bool:
        """Read and write what can be; return whether the broker has taken the connection.

        Raises:
            LinkError: It is gone, or was not taken in time.
        """
        if self._link is None:
            return False
        self._link.pump()
        if not self._link.ready and self._has_waited():
            raise LinkError("the broker did not take the connection in time")
        return self._link.ready

    def _has_waited(self) -> bool:
        return self._clock.up_ms() - self._opened_at > self._broker.timeout_s * 1000

    def drop(self) -> int:
        """Give it up without a word; return how long to wait for the next, in milliseconds."""
        now = self._clock.up_ms()
        settled = self._link is not None and now - self._opened_at >= _SETTLED_MS
        self._failures = 1 if settled else self._failures + 1
        if self._link is not None:
            self._link.close()
            self._link = None
        wait = self._backoff.wait_ms(self._failures)
        self.retry_at = now + wait
        return wait

    def end(self) -> None:
        """Say good-bye, as far as that still works; the next may be tried at once."""
        link = self._link
        self.retry_at = self._clock.up_ms()
        if link is None:
            return
        end = self._clock.up_ms() + _GOODBYE_MS
        try:
            link.publish("state", self._presence("disconnected"), retain=True)
            while link.unacknowledged() and self._clock.up_ms() < end:
                select.select([link], [link] if link.wants_write() else [], [], 0.1)
                link.pump()
            link.disconnect(self._clock.up_ms)
        except (LinkError, OSError, ValueError) as error:
            log.info("%s", error)
            link.close()
        self._link = None

    def _presence(self, presence: Presence) -> bytes:
        at = self._clock.wall_ms()
        return encode_up(State(presence, self._clock.boot_id, self.count, at))

    # ---- for who waits ----

    def fileno(self) -> int:
        """Return the descriptor to wait on, -1 where there is none."""
        return -1 if self._link is None else self._link.fileno()

    def wants_write(self) -> bool:
        """Return True while there is something to send."""
        return self._link is not None and self._link.wants_write()

    def has_pending(self) -> bool:
        """Return True when there is something to read that select cannot see."""
        return self._link is not None and self._link.has_pending()
