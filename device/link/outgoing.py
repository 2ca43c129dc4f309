"""The journal as it goes up: read, checked before it is sent, named in a hello, compared."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from device.core.sending_words import JournalRead, ReceiptCame
from device.inbox.store import Finding
from device.journal import check
from device.journal.anchors import is_receipt_for
from device.ports import JournalError
from wire.begins import seal_begins
from wire.up import MAX_UP, HelloChain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from joserfc.jwk import OKPKey

    from device.core.sending_words import SendRun
    from device.inbox.store import FindingKind, LinkStore
    from device.journal.reader import JournalReader
    from device.journal.rows import Span
    from wire.down import Receipt

log = logging.getLogger(__name__)

_CHAINS_IN_HELLO = 64
_CHAIN_BYTES = 400
"""What a chain takes in a hello without its anchor, and more than all else there."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Records that were looked at before they are sent.

    Attributes:
        tokens: What can be sent.
        unreadable: The position of the first record that cannot be; None where none was met.
    """

    tokens: list[bytes]
    unreadable: int | None = None


class Outgoing:
    """The journal, as the uplink reads it.

    Args:
        dev: Terminal id.
        key: The device key: what is sent is checked before.
        reader: The journal.
        store: Keeps receipts, milestones and findings.
        found: Called when there is a finding for the terminal.

    Attributes:
        spans: The chains as last read.
    """

    def __init__(
        self,
        dev: str,
        key: OKPKey,
        reader: JournalReader,
        store: LinkStore,
        found: Callable[[], None],
    ) -> None:
        self.spans: list[Span] = []
        self._dev = dev
        self._key = key
        self._reader = reader
        self._store = store
        self._found = found

    def use(self, key: OKPKey) -> None:
        """Go on with another device key."""
        self._key = key

    def read(self, known: Iterable[str]) -> JournalRead | None:
        """Read what the journal holds now; None where that is nothing new.

        Args:
            known: Chains whose receipts were taken before.

        Raises:
            JournalError: The journal cannot be read.
        """
        spans = self._reader.chains()
        # None for the moment in which the terminal puts a new file in a damaged one's place.
        if not spans or spans == self.spans:
            return None
        receipts = self._receipts({span.chain for span in spans} - set(known))
        begins = {span.chain: span.oldest_seq for span in spans}
        if begins != {span.chain: span.oldest_seq for span in self.spans}:
            self._store.forget_milestones(begins)
        self.spans = spans
        return JournalRead(tuple((span.chain, span.newest_seq) for span in spans), receipts)

    def _receipts(self, new: set[str]) -> tuple[tuple[str, int, int], ...]:
        """Return what stored receipts say of new chains, as far as the journal agrees."""
        found = []
        for chain, held in (self._store.receipts() if new else {}).items():
            if chain in new:
                agreed = held.seq if self._has(chain, held.seq, held.hash) else 0
                found.append((chain, held.n, agreed))
        return tuple(found)

    def compared(self, receipt: Receipt) -> ReceiptCame:
        """Return what a receipt says, beside what the journal holds.

        Raises:
            JournalError: The journal cannot be read.
        """
        apart = [
            head.seq for head in receipt.disputed if self._has(receipt.chain, head.seq, head.hash)
        ]
        return ReceiptCame(
            chain=receipt.chain,
            n=receipt.n,
            seq=receipt.seq,
            nonce=receipt.nonce,
            ours=self._has(receipt.chain, receipt.seq, receipt.hash),
            resend=receipt.status == "resend",
            apart=max(apart, default=0),
        )

    def _has(self, chain: str, seq: int, digest: str) -> bool:
        return self._reader.hash_at(chain, seq) == digest

    def wall_of(self, chain: str, seq: int) -> int | None:
        """Return the wall clock at which a record was made; None where it cannot be read."""
        try:
            return self._reader.at_of(chain, seq)
        except JournalError:
            return None

    # ---- records ----

    def run(self, asked: SendRun) -> Checked:
        """Return the records of a run, as far as they are fit to be sent.

        Raises:
            JournalError: The journal cannot be read.
        """
        # One more than is sent: it tells what the last one's bytes are worth.
        entries = self._reader.read_from(asked.chain, asked.first, asked.limit + 1)
        before = self._reader.hash_at(asked.chain, asked.first - 1)
        tokens: list[bytes] = []
        for entry, following in zip_longest(entries, entries[1:]):
            if len(tokens) == asked.limit:
                return Checked(tokens)
            verdict = check.judge(entry, before, following, self._dev, self._key)
            if verdict is not None:
                kind: FindingKind = "poison" if verdict == "poison" else "broken"
                self.find(Finding(entry.chain, kind, entry.seq, details=f"record {entry.seq}"))
            if verdict == "broken":
                return Checked(tokens, entry.seq)
            tokens.append(entry.token)
            before = entry.hash
        end = asked.first + len(tokens)
        newest = next((s.newest_seq for s in self.spans if s.chain == asked.chain), 0)
        return Checked(tokens, end if end <= newest else None)

    def find(self, finding: Finding) -> None:
        """Keep a finding for the terminal, unless it is known."""
        if self._store.add_finding(finding):
            log.error("%s: chain %s at %d", finding.kind, finding.chain, finding.seq)
            self._found()

    # ---- chains in a hello ----

    def named(self) -> tuple[HelloChain, ...]:
        """Return the newest chains, as many as fit into one hello, oldest first."""
        chains: list[HelloChain] = []
        room = MAX_UP - _CHAIN_BYTES
        for span in reversed(self.spans[-_CHAINS_IN_HELLO:]):
            named = self._named(span)
            room -= _CHAIN_BYTES + len(named.anchor or "") + len(named.begins or "")
            if room < 0:
                break
            chains.append(named)
        return tuple(reversed(chains))

    def _named(self, span: Span) -> HelloChain:
        """Return a chain as the hello names it; with an anchor where its start is gone."""
        named = HelloChain(
            span.chain, span.oldest_seq, span.oldest_hash, span.newest_seq, span.newest_hash
        )
        if span.oldest_seq == 1:
            return named
        before = span.oldest_seq - 1
        anchor = span.anchor or self._store.milestone(span.chain, before)
        if anchor is None or not is_receipt_for(anchor, span.chain, before):
            return named
        begins = seal_begins(self._dev, named, self._key)
        return replace(named, anchor=anchor.decode("ascii"), begins=begins)
