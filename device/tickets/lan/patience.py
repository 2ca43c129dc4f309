"""Reading from a peer that may be slow, silent or endless."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable


class Patience(io.RawIOBase):
    """Reads from a socket until so many bytes, or so much time, are used up.

    Args:
        connection: The socket.
        left: How many bytes it may give.
        now: Gives monotonic milliseconds.
        until: Until when, by ``now``.
    """

    def __init__(
        self, connection: socket.socket, left: int, now: Callable[[], int], until: int
    ) -> None:
        super().__init__()
        self._connection = connection
        self._now = now
        self._until = until
        self.left = left

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some bytes; none once there is no patience left.

        Raises:
            TimeoutError: The time is used up.
        """
        if self.left == 0:
            return 0
        remaining = (self._until - self._now()) / 1000
        if remaining <= 0:
            raise TimeoutError
        self._connection.settimeout(remaining)
        count = self._connection.recv_into(buffer, min(len(buffer), self.left))
        self.left -= count
        return count
