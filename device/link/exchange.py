"""The uplink's one loop: connect, pump, send what is new, report, wait; for ever."""

from __future__ import annotations

import logging
import select
from typing import TYPE_CHECKING, Any

from device.errors import DeviceError
from device.inbox.files import InboxError
from device.link.mqtt import LinkError

if TYPE_CHECKING:
    from device.clock import SystemClock
    from device.link.connection import Connection
    from device.link.credentials import Credentials
    from device.link.joining import Joining
    from device.link.parts import Parts
    from device.stop import Stop
    from device.wakeup import WakeUp
    from device.watchdog import Watchdog

log = logging.getLogger(__name__)

_LOOK_MS = 1_000


class Exchange:
    """Keeps a connection, and gives what works over it its turns.

    Args:
        connection: To the broker.
        credentials: By what the broker knows the terminal.
        joining: Enrols.
        parts: What has its turns.
        clock: The time.
        bell: Rings when the terminal's process has something new.
        watchdog: Hears of every turn.
    """

    def __init__(
        self,
        connection: Connection,
        credentials: Credentials,
        joining: Joining,
        parts: Parts,
        clock: SystemClock,
        bell: WakeUp,
        watchdog: Watchdog,
    ) -> None:
        self._connection = connection
        self._credentials = credentials
        self._joining = joining
        self._parts = parts
        self._clock = clock
        self._bell = bell
        self._watchdog = watchdog
        self._looked_at: int | None = None
        self._moved = False

    def run(self, stop: Stop) -> None:
        """Run until somebody wants it to stop, or the terminal has moved to another server."""
        try:
            while not stop.wanted and not self._moved:
                self._turn(stop)
        finally:
            self._parts.updater.stop()
            self._connection.end()

    def _turn(self, stop: Stop) -> None:
        """Wait for something to do, at most a second, and do it."""
        now = self._clock.up_ms()
        self._watchdog.alive(now)
        if not self._connection.is_open and now >= self._connection.retry_at:
            self._connect()
        woken = self._wait(stop)
        try:
            if woken:
                for said in self._bell.drain():
                    self._parts.hear(said)
            self._look(woken)
            self._parts.updater.turn()
            if self._connection.pump():
                self._attend()
        except (LinkError, InboxError) as error:
            # What could not be stored was not acknowledged: the broker delivers it again.
            self._drop(str(error))

    # ---- the connection ----

    def _connect(self) -> None:
        self._joining.turn()
        if self._joining.moved(self._credentials.fleet):
            log.info("the enrolment file names another server; beginning again with that")
            self._moved = True
            return
        # Also where the broker stays away until the certificate would have run out.
        self._credentials.renew()
        try:
            self._connection.open(self._parts.receiver.take)
        except (LinkError, DeviceError) as error:
            self._drop(str(error))

    def _attend(self) -> None:
        """Do what a living connection allows."""
        if not self._connection.begun:
            self._connection.begin()
            self._joining.connected()
            self._parts.connected()
            self._credentials.forget_token()
        self._parts.turn(self._connection.count)
        self._credentials.renew()

    def _drop(self, why: str) -> None:
        wait = self._connection.drop()
        self._joining.dropped()
        self._parts.disconnected()
        log.warning("%s; next attempt in %.1f s", why, wait / 1000)

    # ---- waiting and looking ----

    def _wait(self, stop: Stop) -> bool:
        """Wait; return True when the terminal rang."""
        reading: list[Any] = [stop, self._bell]
        writing: list[Any] = []
        if self._connection.fileno() >= 0:
            reading.append(self._connection)
            if self._connection.wants_write():
                writing.append(self._connection)
        ready, _, _ = select.select(reading, writing, [], self._patience() / 1000)
        return self._bell in ready

    def _patience(self) -> int:
        if self._connection.has_pending():
            return 0
        due = [_LOOK_MS]
        now = self._clock.up_ms()
        if not self._connection.is_open:
            due.append(self._connection.retry_at - now)
        at = self._parts.sender.state.due
        if at is not None and self._connection.begun:
            due.append(at - now)
        return max(0, min(due))

    def _look(self, woken: bool) -> None:
        """Read the journal when the terminal rang, and each second in any case."""
        now = self._clock.up_ms()
        if woken or self._looked_at is None or now - self._looked_at >= _LOOK_MS:
            self._looked_at = now
            self._parts.sender.look()
            self._look_at_key()

    def _look_at_key(self) -> None:
        """Connect anew once the terminal has put another key, with its certificate, in place."""
        key = self._credentials.next_key()
        if key is None:
            return
        log.info("there is a new key; connecting with its certificate")
        self._parts.sender.journal.use(key)
        self._connection.end()
        self._parts.disconnected()
