"""Several ticket sources as one."""

from __future__ import annotations

import select
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.core.told import Verdict, Word
    from device.ports import TicketSource
    from device.tickets.dossiers import DossierKeeper


class Several:
    """Implements the port ``TicketSource`` over others, asked in this order.

    Args:
        sources: The sources, the one to be believed first.
        dossiers: Writes down the dossiers that come with words.
        first: A word to begin with: what the journal says of the time before the start.
    """

    def __init__(
        self, sources: Sequence[TicketSource], dossiers: DossierKeeper, first: Word | None = None
    ) -> None:
        self._sources = sources
        self._dossiers = dossiers
        self._first = first
        self._offered: tuple[TicketSource | None, Word] | None = None
        self._epoll = select.epoll()
        for source in sources:
            self._epoll.register(source.fileno(), select.EPOLLIN)

    def take(self) -> Word | None:
        """Return the first word that any of them has."""
        if self._first is not None:
            self._offered = (None, self._first)
            return self._first
        for source in self._sources:
            word = source.take()
            if word is not None:
                self._offered = (source, word)
                return word
        return None

    def settle(self, verdict: Verdict) -> None:
        """Write down the word's dossier, then tell the source what became of the word."""
        source, word = self._offered or (None, None)
        self._first = self._offered = None
        if word is not None and word.dossier is not None and verdict.visit is not None:
            kept = self._dossiers.keep(verdict.visit, word.dossier)
            verdict = verdict if kept else replace(verdict, why="unkept")
        if source is not None:
            source.settle(verdict)

    def report(self) -> dict[str, Any]:
        """Return the figures of all."""
        figures, faults = self._dossiers.report(), list[str]()
        for source in self._sources:
            theirs = source.report()
            faults += theirs.pop("faults", [])
            figures |= theirs
        return {**figures, "faults": faults}

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
