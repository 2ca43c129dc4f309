"""The health report: gathers the facts, and sends it when ``core/health.py`` says so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from device.core import health
from device.core.quiet import read_pulse
from wire.errors import WireError
from wire.up import encode_up

if TYPE_CHECKING:
    from collections.abc import Mapping

    from device.core.quiet import Pulse
    from device.inbox.store import LinkStore
    from device.journal.rows import Span
    from device.link.publish import Publish
    from device.link.receiver import Receiver
    from device.link.sender import Sender
    from device.ports import Clock, Sensors
    from device.updates.updater import Updater
    from device.versions import Versions

log = logging.getLogger(__name__)


class Reporter:
    """Reports each ``every_ms`` milliseconds and on change.

    Args:
        sensors: Figures of the machine.
        versions: What runs here.
        clock: The time.
        store: What was obeyed.
        sender: What waits.
        receiver: What was refused.
        updater: How far an update is.
        publish: To the connection.
        every_ms: Between two reports.
    """

    def __init__(
        self,
        sensors: Sensors,
        versions: Versions,
        clock: Clock,
        store: LinkStore,
        sender: Sender,
        receiver: Receiver,
        updater: Updater,
        publish: Publish,
        every_ms: int,
    ) -> None:
        self._sensors = sensors
        self._versions = versions
        self._clock = clock
        self._store = store
        self._sender = sender
        self._receiver = receiver
        self._updater = updater
        self._publish = publish
        self._every_ms = every_ms
        self._reported: health.Facts | None = None
        self._looked_at: int | None = None
        self._terminal: Mapping[str, Any] = {}
        self._heard_at = clock.up_ms()

    def hear(self, facts: Mapping[str, Any]) -> None:
        """Take what the terminal process says of itself."""
        self._terminal = facts
        self._heard_at = self._clock.up_ms()

    def pulse(self) -> tuple[Pulse, int]:
        """Return what the terminal process said of itself, and how many milliseconds ago."""
        return read_pulse(self._terminal), self._clock.up_ms() - self._heard_at

    def again(self) -> None:
        """Report at the next turn in any case: there is a new connection."""
        self._reported = self._looked_at = None

    def turn(self, connection: int) -> None:
        """Report if it is time to; ``connection`` is the number of the present one."""
        # Gathering costs some file reads, which not every turn of the loop should.
        spans, now = self._sender.journal.spans, self._clock.up_ms()
        seen = self._looked_at is not None and now - self._looked_at < health.LEAST_BETWEEN_MS
        if seen or not spans:
            return
        self._looked_at = now
        facts = self._facts(spans[-1], connection)
        if not health.is_due(facts, self._reported, self._every_ms):
            return
        self._reported = facts
        try:
            self._publish("health", encode_up(health.report(facts)))
        except WireError as error:
            log.warning("the health report cannot be written: %s", error)

    def _facts(self, span: Span, connection: int) -> health.Facts:
        waiting, oldest = self._sender.waiting()
        now = self._clock.up_ms()
        return health.Facts(
            at=self._clock.wall_ms(),
            up=now,
            boot=self._clock.boot_id,
            clock=self._clock.quality(),
            firmware=self._versions.firmware,
            chain=span.chain,
            head_seq=span.newest_seq,
            waiting=waiting,
            oldest_waiting_at=oldest,
            events={
                "config_n": self._store.newest_n("config"),
                # Somebody who tries to lie to this terminal should show at once.
                "refused": dict(self._receiver.counts),
                **self._updater.report(),
            },
            figures={
                "image": self._versions.image,
                "connection": connection,
                **self._updater.figures(),
            },
            machine=self._sensors.read(now),
            terminal=self._terminal,
            silence=now - self._heard_at,
        )
