"""The desk's way into the journal: the start comes first, a fault not too often, a failure shows.

While the journal cannot store, the terminal is out of service. Every record that is asked for
tries it anew, and if nothing else does, `Recorder.turn` does every few seconds. It also looks
whether there is room for the next record, so that nobody has to press in vain first.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.ports import ChainEndedError, JournalError
from wire.records import Fault

if TYPE_CHECKING:
    from device.core.tally import Tally
    from device.ports import Appended, Clock, Journal
    from wire.records import Body, FaultKind

_log = logging.getLogger(__name__)

LOOK_EVERY_MS = 5_000
SAME_FAULT_EVERY_MS = 600_000


class Recorder:
    """Stores records, and knows whether that works.

    Args:
        clock: The time.
        journal: Where they go.
        tally: What is counted for the health report.

    Attributes:
        error: Why the journal cannot store; None while it can.
    """

    def __init__(self, clock: Clock, journal: Journal, tally: Tally) -> None:
        self.error: JournalError | None = None
        self._clock = clock
        self._journal = journal
        self._tally = tally
        self._boot: Body | None = None
        self._chain: str | None = None
        self._parted = False
        self._looked_at = clock.up_ms()
        self._faults: dict[tuple[FaultKind, str | None], int] = {}

    def start(self, boot: Body) -> None:
        """Record the start; it stays the first record of this start, however late that is."""
        self._boot = None
        if self.append(boot) is None:
            self._boot = boot

    def append(self, body: Body) -> Appended | None:
        """Store a record durably; None when that failed."""
        try:
            if self._boot is not None:
                self._journal.append(self._boot)
                self._boot = None
            appended = self._journal.append(body)
        except ChainEndedError as error:
            _log.warning("not recorded: %s", error)
            self._parted = True
            return None
        except JournalError as error:
            self.failed(error)
            return None
        self._parted = self._parted or self._chain not in (None, appended.chain)
        self._chain = appended.chain
        self.error = None
        return appended

    def parted(self) -> bool:
        """Return True, once, after the journal went on in a new chain by itself."""
        parted, self._parted = self._parted, False
        return parted

    def new_chain(self) -> None:
        """Somebody else began a new chain: the next record is no sign of another one."""
        self._chain, self._parted = None, False

    def fault(self, what: FaultKind, details: str | None) -> None:
        """Record a fault, the same one at most every ten minutes."""
        now = self._clock.up_ms()
        last = self._faults.get((what, details))
        if last is not None and now - last < SAME_FAULT_EVERY_MS:
            return
        if self.append(Fault(what, details)):
            self._faults[what, details] = now

    def failed(self, error: JournalError) -> None:
        """Go out of service: the journal could not store or read."""
        _log.error("the journal cannot store: %s", error)
        self.error = error
        self._looked_at = self._clock.up_ms()

    def turn(self, now: int) -> None:
        """See every few seconds whether the journal stores, again or still."""
        if now - self._looked_at < LOOK_EVERY_MS:
            return
        self._looked_at = now
        if self.error is None:
            self._look_for_room()
        elif self._boot is not None:
            self.start(self._boot)
        else:
            self.append(Fault("journal", "records could not be stored; they can again"))

    def _look_for_room(self) -> None:
        try:
            self._journal.check_room()
        except JournalError as error:
            self.failed(error)
