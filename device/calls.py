"""Handing work to the main loop from another thread."""

from __future__ import annotations

import os
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Calls:
    """A queue of calls that the main loop makes, and a descriptor that wakes it."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def fileno(self) -> int:
        """Return a descriptor that becomes readable when a call waits."""
        return self._read_end

    def post(self, call: Callable[[], None]) -> None:
        """Have the main loop make a call; safe from any thread and from signal handlers."""
        self._waiting.append(call)
        with suppress(BlockingIOError):
            os.write(self._write_end, b".")

    def ask(self, call: Callable[[], None], stopping: threading.Event) -> bool:
        """Have the main loop make a call and wait until it has; False when ``stopping`` is set."""
        done = threading.Event()

        def call_and_tell() -> None:
            call()
            done.set()

        self.post(call_and_tell)
        while not done.wait(0.1):
            if stopping.is_set():
                return False
        return True

    def take(self) -> list[Callable[[], None]]:
        """Return the calls that wait, for the main loop to make."""
        with suppress(BlockingIOError):
            while os.read(self._read_end, 512):
                pass
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def close(self) -> None:
        """Close the descriptors."""
        os.close(self._read_end)
        os.close(self._write_end)
