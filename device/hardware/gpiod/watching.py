"""One thread that waits for edges on all pins, and calls whoever waits for them."""

from __future__ import annotations

import logging
import os
import select
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)


class Watching:
    """Calls a function whenever its descriptor is readable, in a thread of its own.

    The thread begins with the first descriptor. A function may be called once more right after
    its descriptor was taken away, so it must bear to find nothing.
    """

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._end = os.eventfd(0, os.EFD_CLOEXEC)
        self._epoll.register(self._end, select.EPOLLIN)
        self._calls: dict[int, Callable[[], None]] = {}
        self._thread = threading.Thread(target=self._run, name="pins", daemon=True)

    def add(self, descriptor: int, call: Callable[[], None]) -> None:
        """Begin to call."""
        self._calls[descriptor] = call
        self._epoll.register(descriptor, select.EPOLLIN)
        if not self._thread.is_alive():
            self._thread.start()

    def remove(self, descriptor: int) -> None:
        """End to call; before the descriptor is closed."""
        self._epoll.unregister(descriptor)
        del self._calls[descriptor]

    def close(self) -> None:
        """End the thread."""
        os.eventfd_write(self._end, 1)
        if self._thread.is_alive():
            self._thread.join()
        self._epoll.close()
        os.close(self._end)

    def _run(self) -> None:
        while True:
            for descriptor, _ in self._epoll.poll():
                if descriptor == self._end:
                    return
                call = self._calls.get(descriptor)
                try:
                    if call is not None:
                        call()
                except Exception:
                    # Whoever is called for one pin must not make all others deaf.
                    _log.exception("what an edge calls has failed")
