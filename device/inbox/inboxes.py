"""The inbox of a terminal that may be enrolled while it runs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.errors import DeviceError
from device.identity.files import IdentityFiles
from device.inbox.reader import Inbox

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)


class Inboxes:
    """The inbox of this terminal, also when it is enrolled while it runs.

    Args:
        data: Folder of the terminal's files.
        dev: Terminal id.
    """

    def __init__(self, data: Path, dev: str) -> None:
        self._data = data
        self._dev = dev
        self._files = IdentityFiles(data)
        self._enrolled: Inbox | None = None

    def now(self) -> Inbox:
        """Return the inbox; before the enrolment, one that believes nobody."""
        if self._enrolled is not None:
            return self._enrolled
        try:
            fleet = self._files.read_fleet()
        except (DeviceError, OSError) as error:
            # The buttons live without the server; the uplink says the same, and stops there.
            _log.warning("%s", error)
            fleet = None
        inbox = Inbox(self._data, self._dev, fleet.fleet_key_x if fleet else None)
        if fleet:
            self._enrolled = inbox
        return inbox
