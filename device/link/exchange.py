"""The uplink's one loop: connect, pump, send what is new, report, wait; for ever."""

from __future__ import annotations

import logging
import select
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from device.core.backoff import backoff_ms
from device.errors import DeviceError
from device.identity import enrol
from device.inbox.files import InboxError
from device.link.mqtt import LinkError, MqttLink
from device.link.tls import client_context
from wire.keys import kid_of
from wire.up import State, encode_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import OKPKey

    from device.clock import SystemClock
    from device.identity.files import Fleet, IdentityFiles
    from device.inbox.store import LinkStore
    from device.link.joining import Joining
    from device.link.mqtt import Broker
    from device.link.parts import Parts
    from device.stop import Stop
    from device.wakeup import WakeUp
    from device.watchdog import Watchdog
    from wire.up import Presence

log = logging.getLogger(__name__)

_LOOK_MS = 1_000
_GOODBYE_MS = 2_000
_SETTLED_MS = 10_000
_RENEW_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Timing:
    """How the loop waits; milliseconds.

    Attributes:
        backoff_ms: First step of the back-off between connections.
        cap_ms: Its longest.
        jitter: Returns a number from 0 to 1, which shortens it.
    """

    backoff_ms: int
    cap_ms: int
    jitter: Callable[[], float]

    def wait_ms(self, failures: int) -> int:
        """Return how long to wait after so many failures in a row."""
        return backoff_ms(failures - 1, self.jitter(), self.backoff_ms, self.cap_ms)


@dataclass(frozen=True, slots=True)
class Self:
    """Who this terminal is.

    Attributes:
        files: Its identity's files; ``fleet``, ``key``, what they hold.
    """

    files: IdentityFiles
    fleet: Fleet
    key: OKPKey


class Exchange:
    """Keeps the connection and gives sender and receiver their turns.

    Built in two steps, since the others publish through it: `attach` gives it them.
    """

    def __init__(
        self,
        me: Self,
        broker: Broker,
        timing: Timing,
        clock: SystemClock,
        store: LinkStore,
        bell: WakeUp,
        watchdog: Watchdog,
        joining: Joining,
    ) -> None:
        self._me = me
        self._joining = joining
        self._broker = broker
        self._timing = timing
        self._clock = clock
        self._store = store
        self._bell = bell
        self._watchdog = watchdog
        self._parts: Parts
        self._link: MqttLink | None = None
        self._born = False
        self._connections = 0
        self._failures = 0
        self._connected_at = 0
        self._retry_at = 0
        self._looked_at: int | None = None
        self._renew_at = 0
        self._key_stamp: tuple[int, int] | None = None
        self._moved = False

    def attach(self, parts: Parts) -> None:
        """Give it what has its turns."""
        self._parts = parts

    def publish(
        self,
        leaf: str,
        payload: bytes,
        *,
        retain: bool = False,
        taken: Callable[[], None] | None = None,
    ) -> bool:
        """Give a message to the connection; False when there is none.

        ``taken`` is called when the broker has it.
        """
        return self._link is not None and self._link.publish(
            leaf, payload, retain=retain, taken=taken
        )

    def ring(self) -> None:
        """Wake the terminal: there is something new in ``link.db``."""
        self._bell.ring()

    def synchronise(self, at: int) -> None:
        """A fresh receipt gave the server's time ``at`` (Unix ms); used where there is no NTP."""
        if self._clock.quality() != "synced":
            up = self._clock.up_ms()
            self._clock.set_wall(at, up)
            self._store.set_server_time(up, at)
            self.ring()

    def run(self, stop: Stop) -> None:
        """Run until somebody wants it to stop, or the terminal has moved to another server."""
        try:
            while not stop.wanted and not self._moved:
                self._turn(stop)
        finally:
            self._parts.updater.stop()
            self._say_goodbye()

    def _turn(self, stop: Stop) -> None:
        """Wait for something to do, at most a second, and do it."""
        now = self._clock.up_ms()
        self._watchdog.alive(now)
        if self._link is None and now >= self._retry_at:
            self._connect()
        woken = self._wait(stop)
        try:
            if woken:
                for said in self._bell.drain():
                    self._parts.hear(said)
            self._look(woken)
            self._parts.updater.turn()
            if self._link is not None:
                self._link.pump()
                self._attend(self._link)
        except (LinkError, InboxError) as error:
            # What could not be stored was not acknowledged: the broker delivers it again.
            self._drop(str(error))

    # ---- the connection ----

    def _connect(self) -> None:
        self._joining.turn()
        if self._joining.moved(self._me.fleet):
            log.info("the enrolment file names another server; beginning again with that")
            self._moved = True
            return
        self._renew()  # also where the broker stays away until the certificate would have run out
        self._connections += 1
        try:
            context = client_context(
                self._me.files.read_root(),
                self._me.files.certificate,
                self._me.files.key,
                check_time=self._clock.quality() != "unset",
            )
            link = MqttLink(
                self._broker,
                self._me.fleet.terminal,
                context,
                self._presence("lost"),
                self._parts.receiver.take,
            )
            link.connect()
        except (LinkError, DeviceError) as error:
            self._drop(str(error))
            return
        self._link = link
        self._born = False
        self._connected_at = self._clock.up_ms()

    def _drop(self, why: str) -> None:
        now = self._clock.up_ms()
        settled = self._link is not None and now - self._connected_at >= _SETTLED_MS
        self._failures = 1 if settled else self._failures + 1
        if self._link is not None:
            self._link.close()
            self._link = None
        self._joining.dropped()
        self._parts.disconnected()
        wait = self._timing.wait_ms(self._failures)
        self._retry_at = now + wait
        log.warning("%s; next attempt in %.1f s", why, wait / 1000)

    def _attend(self, link: MqttLink) -> None:
        """Do what a living connection allows."""
        if not link.ready:
            if self._clock.up_ms() - self._connected_at > self._broker.timeout_s * 1000:
                raise LinkError("the broker did not take the connection in time")
            return
        if not self._born:
            self._begin(link)
        self._parts.turn(self._connections)
        self._renew()

    def _begin(self, link: MqttLink) -> None:
        self._born = True
        log.info("connected to %s:%d", self._broker.host, self._broker.port)
        link.publish("state", self._presence("ready"), retain=True)
        self._joining.connected()
        self._parts.connected()
        try:
            if enrol.forget_token(Path(self._me.fleet.enrolment)):
                log.info("the token has done its work and is deleted from the enrolment file")
        except OSError as error:
            log.warning("the token cannot be deleted from the enrolment file: %s", error)

    def _say_goodbye(self) -> None:
        link = self._link
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
        self._link = None

    def _presence(self, presence: Presence) -> bytes:
        at = self._clock.wall_ms()
        return encode_up(State(presence, self._clock.boot_id, self._connections, at))

    # ---- waiting and looking ----

    def _wait(self, stop: Stop) -> bool:
        reading: list[Any] = [stop, self._bell]
        writing: list[Any] = []
        if self._link is not None and self._link.fileno() >= 0:
            reading.append(self._link)
            if self._link.wants_write():
                writing.append(self._link)
        ready, _, _ = select.select(reading, writing, [], self._patience() / 1000)
        return self._bell in ready

    def _patience(self) -> int:
        if self._link is not None and self._link.has_pending():
            return 0
        due = [_LOOK_MS]
        now = self._clock.up_ms()
        if self._link is None:
            due.append(self._retry_at - now)
        at = self._parts.sender.state.due
        if at is not None and self._born:
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
        files = self._me.files
        stamp = files.key_stamp()
        if stamp is None or stamp == self._key_stamp:
            return
        key = files.load_or_make_key()
        if enrol.present_certificate(files, key, self._me.fleet.terminal) is None:
            return
        self._key_stamp = stamp
        if kid_of(key) == kid_of(self._me.key):
            return
        log.info("there is a new key; connecting with its certificate")
        self._me = replace(self._me, key=key)
        self._parts.sender.journal.use(key)
        self._say_goodbye()
        self._parts.disconnected()
        self._retry_at = self._clock.up_ms()

    # ---- beside the records ----

    def _renew(self) -> None:
        """Get a new certificate in time; used from the next connection on."""
        now = self._clock.up_ms()
        if now < self._renew_at:
            return
        self._renew_at = now + _RENEW_MS
        try:
            if enrol.renew(self._me.files, self._me.fleet, self._me.key, self._clock):
                log.info("there is a new certificate")
        except (DeviceError, OSError) as error:
            log.warning("the certificate cannot be renewed yet: %s", error)
