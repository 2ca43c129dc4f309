"""The wish that a process ends: from SIGTERM, SIGINT, or a part that asks for it."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """A flag that is set once, and a descriptor that is readable from then on.

    Attributes:
        wanted: True as soon as the process is to end.
    """

    def __init__(self) -> None:
        self.wanted = False
        self._heeds_signals = False
        self._read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def heed_signals(self) -> None:
        """Let SIGTERM and SIGINT ask for it, until `close`; for the main thread."""
        self._heeds_signals = True
        for number in _SIGNALS:
            signal.signal(number, self._on_signal)

    def now(self) -> None:
        """Ask for the end; safe from any thread and from signal handlers."""
        self.wanted = True
        with suppress(BlockingIOError):
            os.write(self._write_end, b".")

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._read_end

    def close(self) -> None:
        """Close the descriptors; signals end the process as usual again."""
        if self._heeds_signals:
            for number in _SIGNALS:
                signal.signal(number, signal.SIG_DFL)
        os.close(self._read_end)
        os.close(self._write_end)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.now()
