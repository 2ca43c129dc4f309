"""Telling systemd that a process serves and lives (sd_notify(3)); nothing without systemd.

Only a main loop calls `Watchdog.alive`, so that one which hangs starves and is started again.
"""

import os
import socket
from contextlib import suppress


class Watchdog:
    """Sends to the socket that systemd names in ``NOTIFY_SOCKET``.

    The name is taken out of the environment: gunicorn would say *ready* before anybody answers,
    and a broker for us.
    """

    def __init__(self) -> None:
        """Look where systemd listens, and how often it wants to hear."""
        self._address = os.environ.pop("NOTIFY_SOCKET", "")
        limit = os.environ.get("WATCHDOG_USEC", "")
        # Half of the time that systemd waits; without a watchdog, seldom.
        self._every_s = int(limit) / 2_000_000 if limit.isdigit() else 60.0
        self._ready = False
        self._told_at: float | None = None

    def ready(self) -> None:
        """Say that the process serves; only the first call counts."""
        if not self._ready:
            self._ready = True
            self._tell(b"READY=1")

    def is_due(self, now_s: float) -> bool:
        """Say whether systemd, if there is one, waits for a word at ``now_s`` (monotonic)."""
        if not self._address:
            return False
        return self._told_at is None or now_s - self._told_at >= self._every_s

    def alive(self, now_s: float) -> None:
        """Say at ``now_s`` (monotonic seconds) that the main loop turns, if it is time to."""
        if self.is_due(now_s):
            self._told_at = now_s
            self._tell(b"WATCHDOG=1")

    def _tell(self, what: bytes) -> None:
        if not self._address:
            return
        name = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.setblocking(False)
            notify.sendto(what, name)
