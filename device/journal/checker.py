"""The daily check of the journal, in steps of a few milliseconds (``core/checking.py``)."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from device.core import checking

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.journal.reader import JournalReader
    from device.journal.writer import Journal
    from device.ports import Clock

_log = logging.getLogger(__name__)
_AT_ONCE = 4


class Checker:
    """Checks the journal once a day, while nobody is at the counter.

    Args:
        clock: The time.
        journal: Is mended when it proves to be damaged.
        reader: The same journal, to look at.
        dev: Terminal id.
        leave_chain: Called before that begins a new chain, ``new_chain`` after it.
    """

    def __init__(
        self,
        clock: Clock,
        journal: Journal,
        reader: JournalReader,
        dev: str,
        leave_chain: Callable[[], None],
        new_chain: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._reader = reader
        self._dev = dev
        self._leave_chain = leave_chain
        self._new_chain = new_chain
        self._begin_at = clock.up_ms() + checking.BEGIN_AFTER_MS
        self._round: checking.Round | None = None
        self._day: int | None = None
        self._found: dict[str, Any] = {"checked_at": None, "records": None, "trouble": None}

    def report(self) -> dict[str, Any]:
        """Return what the last check that ended came to, for the health report."""
        return dict(self._found)

    def turn(self) -> None:
        """Do one step, if there is one to do.

        Raises:
            DamagedError: A record does not prove itself; `mend` goes on in a new file.
            JournalError: The journal cannot be read now.
        """
        if self._round is None:
            self._begin()
        else:
            self._step(self._round)

    def mend(self, why: str) -> None:
        """Put the damaged file aside and go on in a new chain.

        Raises:
            JournalError: It cannot be done now.
        """
        self._round = None
        self._end(0, why)
        self._leave_chain()
        self._journal.mend(why)
        self._new_chain()

    def _begin(self) -> None:
        wall = self._clock.wall_ms()
        if self._clock.up_ms() >= self._begin_at and checking.is_due(wall, self._day):
            self._round = checking.begin(wall, self._reader.newest_position())
            self._day = self._round.day

    def _step(self, under_way: checking.Round) -> None:
        until = self._clock.up_ms() + checking.BUDGET_MS
        while not under_way.over:
            first, last = under_way.parts[0]
            found = self._reader.check(first, last, _AT_ONCE, self._dev, self._journal.key)
            under_way = under_way.after(*found)
            if self._clock.up_ms() >= until:
                break
        self._round = None if under_way.over else under_way
        if under_way.over:
            self._end(under_way.records, None)

    def _end(self, records: int, trouble: str | None) -> None:
        _log.info("the journal was checked: %d records, %s", records, trouble or "all whole")
        self._found = {
            "checked_at": self._clock.wall_ms(),
            "records": records,
            "trouble": trouble and trouble[:200],
        }
