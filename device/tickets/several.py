"""Several ticket sources as one."""

from __future__ import annotations

import select
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.told import Verdict, Word
    from device.ports import TicketSource


class Several:
    """Implements the port ``TicketSource`` over others, asked in this order.

    Args:
        sources: The sources, the one to be believed first.
    """

    def __init__(self, sources: Sequence[TicketSource]) -> None:
        self._sources = sources
        self._offering: TicketSource | None = None
        self._epoll = select.epoll()
        for source in sources:
            self._epoll.register(source.fileno(), select.EPOLLIN)

    def take(self) -> Word | None:
        """Return the first word that any of them has."""
        for source in self._sources:
            word = source.take()
            if word is not None:
                self._offering = source
                return word
        return None

    def settle(self, verdict: Verdict) -> None:
        """Tell the source whose word was judged."""
        if self._offering is not None:
            self._offering.settle(verdict)

    def report(self) -> dict[str, Any]:
        """Return the figures of all."""
        return {name: value for each in self._sources for name, value in each.report().items()}

    def fileno(self) -> int:
        """Return a descriptor that is readable when that of one of them is."""
        return self._epoll.fileno()

    def drain(self) -> None:
        """Take the wake-ups off the descriptors; never blocks."""
        for source in self._sources:
            source.drain()

    def close(self) -> None:
        """Close the descriptor; the sources are closed by whoever made them."""
        self._epoll.close()
