"""The uplink's side of a look at the network: in a thread, since it may wait long for an answer."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.network.asked import answer
from device.network.check import Check
from device.network.receipts import sent_of
from device.network.target import target_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from device.clock import SystemClock

log = logging.getLogger(__name__)


class Looking:
    """Looks when the terminal asks for it, one look at a time.

    Args:
        data: Folder of the terminal's files.
        enrolment: The enrolment file.
        clock: The time.
        connected: Returns whether there is a connection to the broker right now.
    """

    def __init__(
        self, data: Path, enrolment: Path, clock: SystemClock, connected: Callable[[], bool]
    ) -> None:
        self._data = data
        self._enrolment = enrolment
        self._clock = clock
        self._connected = connected
        self._thread: threading.Thread | None = None

    def begin(self, asked: object) -> None:
        """Look, unless a look is under way; ``asked`` names the asking."""
        if self._thread is None or not self._thread.is_alive():
            # A daemon: the end of the uplink does not wait for a firewall.
            self._thread = threading.Thread(target=self._look, args=(asked,), daemon=True)
            self._thread.start()

    def _look(self, asked: object) -> None:
        try:
            target = target_of(self._data, self._enrolment)
            sent = sent_of(self._data, target.terminal, target.fleet_key_x, self._clock.wall_ms())
            known = self._clock.quality() != "unset"
            check = Check(target, sent, check_time=known, connected=self._connected())
            answer(self._data, asked, check.all())
        except (DeviceError, OSError) as error:
            log.warning("the network could not be looked at: %s", error)
