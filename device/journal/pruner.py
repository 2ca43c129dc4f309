"""Pruning the journal: what ``core/pruning.py`` allows, a few records at a time.

One commit puts the anchor in place: from then on the chain begins after it, for every reader.
Deleting what is before follows in small commits, and goes on after a power cut. What is deleted
leaves free pages in the file for the next records: the file doesn't shrink, since giving pages back
would rewrite pages full of evidence for room that the journal itself will need again.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from device.core import pruning
from device.core.pruning import Held
from device.journal import anchors, rows
from device.journal.anchors import Anchor
from wire.down import read_receipt

if TYPE_CHECKING:
    from device.core.pruning import Milestone
    from device.inbox.inboxes import Inboxes
    from device.journal.aside import Aside
    from device.journal.file import JournalFile
    from device.journal.reader import JournalReader
    from device.ports import Clock
    from wire.down import Receipt

_log = logging.getLogger(__name__)
_EVERY_MS = 600_000
_EVERY_WHEN_FULL_MS = 10_000
AT_ONCE = 32
"""Rows deleted in one commit: it lasts hardly longer than the commit of a press."""


class Pruner:
    """Keeps the journal as small as the rules allow, and no smaller.

    Args:
        clock: The time.
        file: Where records are deleted.
        reader: The same journal, to look at.
        inboxes: What the server has receipted.
        aside: Damaged files that were kept.
    """

    def __init__(
        self,
        clock: Clock,
        file: JournalFile,
        reader: JournalReader,
        inboxes: Inboxes,
        aside: Aside,
    ) -> None:
        self._clock = clock
        self._file = file
        self._reader = reader
        self._inboxes = inboxes
        self._aside = aside
        self._look_at = 0
        self._dropping = True  # a power cut may have left some of it
        self._forgetting: list[Anchor] = []
        self._nearly_full = False
        self._wanted = False

    def turn(self, *, quiet: bool) -> None:
        """Do a little, if there is something to do.

        Args:
            quiet: Nobody is at the counter; else only a disk that is nearly full is attended to.

        Raises:
            JournalError: The journal cannot be read or written now.
        """
        if self._clock.up_ms() >= self._look_at:
            self._look()
        elif quiet or self._nearly_full:
            self._work()

    def _work(self) -> None:
        if self._dropping:
            with self._file.changing() as db:
                self._dropping = anchors.drop(db, AT_ONCE) == AT_ONCE
        elif self._forgetting:
            self._forget(self._forgetting[-1])
        elif self._aside.busy:
            self._aside.step()
        elif self._wanted:
            self._wanted = False
            self._choose()

    def _look(self) -> None:
        room = self._file.room()
        self._nearly_full = room is not None and room < pruning.NEARLY_FULL_BYTES
        pause = _EVERY_WHEN_FULL_MS if self._nearly_full else _EVERY_MS
        self._look_at = self._clock.up_ms() + pause
        self._wanted = True

    def _choose(self) -> None:
        if self._nearly_full and self._aside.begin():
            return
        inbox = self._inboxes.now()
        receipts = inbox.receipts()
        now = min(self._clock.wall_ms(), max((each.iat for each in receipts), default=0))
        self._forgetting = [
            gone
            for gone in self._reader.anchors()
            if pruning.is_old(read_receipt(gone.token).iat, now)
        ]
        held = self._held(receipts, {finding.chain for finding in inbox.findings()})
        milestones = inbox.milestones()
        chosen = pruning.choose(held, milestones, now, nearly_full=self._nearly_full)
        token = inbox.receipt_for(chosen) if chosen else None
        if chosen and token and self._stands(chosen):
            with self._file.changing() as db:
                anchors.set_anchor(db, Anchor(chosen.chain, chosen.seq, chosen.hash, token))
            _log.info("chain %s is pruned up to %d", chosen.chain, chosen.seq)
            self._dropping = True
            self._look_at = 0  # is there more, or is it enough?

    def _held(self, receipts: list[Receipt], doubtful: set[str]) -> list[Held]:
        """Return what is held, with what the server holds of it and nobody doubts."""
        receipted = {
            receipt.chain: receipt.seq
            for receipt in receipts
            if receipt.chain not in doubtful and self._stands(receipt)
        }
        return [
            Held(span.chain, span.oldest_seq, span.newest_seq, receipted.get(span.chain, 0))
            for span in self._reader.chains()
        ]

    def _stands(self, said: Receipt | Milestone) -> bool:
        return self._reader.hash_at(said.chain, said.seq) == said.hash

    def _forget(self, gone: Anchor) -> None:
        """Forget what stood for visits so long ago that nobody can rate them again."""
        with self._file.changing() as db:
            more = rows.forget_standing(db, gone.chain, gone.seq, AT_ONCE) == AT_ONCE
        if not more:
            self._forgetting.pop()
