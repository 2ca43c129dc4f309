"""Telling systemd that the process is ready and alive (sd_notify(3)); nothing without systemd."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


class Watchdog:
    """Sends to the socket that systemd names in ``NOTIFY_SOCKET``."""

    def __init__(self) -> None:
        self._address = os.environ.get("NOTIFY_SOCKET", "")
        # Half of the time that systemd waits; without a watchdog, seldom.
        limit = os.environ.get("WATCHDOG_USEC", "")
        self._every_ms = int(limit) // 2000 if limit.isdigit() else 60_000
        self._told_at: int | None = None

    def ready(self) -> None:
        """Say that the start is over."""
        self._tell(b"READY=1")

    def alive(self, up: int) -> None:
        """Say at ``up`` (milliseconds) that the main loop turns, if it is time to."""
        if self._told_at is None or up - self._told_at >= self._every_ms:
            self._told_at = up
            self._tell(b"WATCHDOG=1")

    def _tell(self, what: bytes) -> None:
        if not self._address:
            return
        name = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.setblocking(False)
            notify.sendto(what, name)
