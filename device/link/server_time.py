"""The server's time, by which a terminal without NTP sets its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.clock import SystemClock
    from device.inbox.store import LinkStore


class ServerTime:
    """Takes it where the machine's own clock is not kept right.

    Args:
        clock: Is set.
        store: Keeps it, for the terminal's process.
        changed: Called when there is something new for that process.
    """

    def __init__(self, clock: SystemClock, store: LinkStore, changed: Callable[[], None]) -> None:
        self._clock = clock
        self._store = store
        self._changed = changed

    def take(self, at: int) -> None:
        """A fresh receipt gave the time ``at`` (Unix ms)."""
        if self._clock.quality() != "synced":
            up = self._clock.up_ms()
            self._clock.set_wall(at, up)
            self._store.set_server_time(up, at)
            self._changed()
