"""No buttons: a terminal that has only its touch screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from device.core.press import PressEvent


class NoButtons:
    """Implements the port ``Buttons`` with nothing behind it."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def take(self) -> list[PressEvent]:
        """Return nothing."""
        return []

    def fileno(self) -> int:
        """Return a descriptor that never becomes readable."""
        return self._read_end

    def reads(self) -> bool:
        """Return True: there is nothing to read."""
        return True

    def acknowledge(self, on: bool) -> None:
        """Light nothing."""

    def light_one(self, button: int) -> None:
        """Light nothing."""

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._read_end)
        os.close(self._write_end)
