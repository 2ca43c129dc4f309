"""A ticket source that says what a test gives it."""

import os
import select
from collections import deque
from typing import Any

from device.core.told import Verdict, Word
from wire.records import TicketEvent, TicketOrigin


class Words:
    """A source that says what the test gives it."""

    def __init__(self, origin: TicketOrigin, counter: str = "Q1") -> None:
        self.origin = origin
        self.counter = counter
        self.waiting: deque[Word] = deque()
        self.verdicts: list[str] = []
        self._bell = os.eventfd(0, os.EFD_NONBLOCK)

    def say(self, event: TicketEvent, ticket: str | None, visit: str | None, **more: Any) -> None:
        fresh = f"fresh-{len(self.verdicts) + len(self.waiting)}"
        where = (self.origin, self.counter, "Quầy 1")
        self.waiting.append(Word(*where, ticket, event, visit, fresh, **more))
        os.eventfd_write(self._bell, 1)

    def take(self) -> Word | None:
        return self.waiting[0] if self.waiting else None

    def settle(self, verdict: Verdict) -> None:
        self.waiting.popleft()
        self.verdicts.append(verdict.why)

    def report(self) -> dict[str, Any]:
        faults = ["lan is a fake"] if self.origin == "lan" else []
        return {self.origin: len(self.verdicts), "faults": faults}

    def fileno(self) -> int:
        return self._bell

    def drain(self) -> None:
        if select.select([self._bell], [], [], 0)[0]:
            os.eventfd_read(self._bell)

    def close(self) -> None:
        os.close(self._bell)
