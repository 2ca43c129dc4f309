"""Upward: does what ``core/sending.py`` decides, over journal, ``link.db`` and connection."""

from __future__ import annotations

import logging
from collections import deque
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Protocol

from device.core.sending import step
from device.core.sending_words import (
    Connected,
    Disconnected,
    HelloWanted,
    JournalRead,
    KeepReceipt,
    MarkFork,
    Moment,
    ReceiptCame,
    RunSent,
    SendHello,
    Sending,
    SendRun,
    Tick,
    Unreadable,
)
from device.inbox.store import Finding
from device.journal import check
from device.journal.rows import is_receipt_for
from device.ports import JournalError
from wire.begins import seal_begins
from wire.envelope import pack_run
from wire.ids import new_id
from wire.up import MAX_UP, Hello, HelloChain, encode_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import OKPKey

    from device.core.sending_words import Action, Event, Pace
    from device.inbox.store import FindingKind, LinkStore
    from device.journal.reader import JournalReader
    from device.journal.rows import Entry, Span
    from device.ports import Clock
    from wire.down import Receipt

log = logging.getLogger(__name__)

_CHAINS_IN_HELLO = 64
_CHAIN_BYTES = 400
"""What a chain takes in a hello without its anchor, and more than all else there."""
_ANSWER_MS = 60_000
"""An answer later than this after its hello doesn't tell the time: the broker may have kept it."""


class Publish(Protocol):
    """Gives a message to the connection; False when there is none or it is full."""

    def __call__(
        self,
        leaf: str,
        payload: bytes,
        *,
        retain: bool = False,
        taken: Callable[[], None] | None = None,
    ) -> bool:
        """Publish ``payload`` on the own ``leaf``; ``taken`` is called once the broker has it."""


class Sender:
    """Sends the journal until the server has receipted all of it.

    Args:
        dev: Terminal id.
        key: The device key: what is sent is checked before.
        reader: The journal.
        store: Keeps receipts and findings.
        clock: The time.
        publish: To the connection.
        pace: How long to wait.
        jitter: Gives random fractions.
        found: Called when there is a finding for the terminal.
    """

    def __init__(
        self,
        dev: str,
        key: OKPKey,
        reader: JournalReader,
        store: LinkStore,
        clock: Clock,
        publish: Publish,
        pace: Pace,
        jitter: Callable[[], float],
        found: Callable[[], None],
    ) -> None:
        self._dev = dev
        self._key = key
        self._reader = reader
        self._store = store
        self._clock = clock
        self._publish = publish
        self._jitter = jitter
        self._found = found
        self._state = Sending(pace)
        self._spans: list[Span] = []
        self._heard = False

    @property
    def heard(self) -> bool:
        """Whether a receipt has answered our hello on this connection."""
        return self._heard

    @property
    def state(self) -> Sending:
        """The state of sending."""
        return self._state

    @property
    def spans(self) -> list[Span]:
        """The journal's chains as last read."""
        return self._spans

    def use(self, key: OKPKey) -> None:
        """Go on with another device key."""
        self._key = key

    def look(self) -> None:
        """Read what the journal holds now, and send what is new."""
        try:
            spans = self._reader.chains()
            # None for the moment in which the terminal puts a new file in a damaged one's place.
            if not spans or spans == self._spans:
                return
            receipts = self._earlier(spans)
        except JournalError as error:
            log.error("the journal cannot be read: %s", error)
            return
        begins = {span.chain: span.oldest_seq for span in spans}
        if begins != {span.chain: span.oldest_seq for span in self._spans}:
            self._store.forget_milestones(begins)
        self._spans = spans
        newest = tuple((span.chain, span.newest_seq) for span in spans)
        self._feed(JournalRead(newest, receipts))

    def connected(self) -> None:
        """There is a connection, and the own topics are subscribed."""
        self._feed(Connected())

    def disconnected(self) -> None:
        """The connection is gone."""
        self._heard = False
        self._feed(Disconnected())

    def hello(self) -> None:
        """The server asks for a hello."""
        self._feed(HelloWanted())

    def tick(self) -> None:
        """Time has passed."""
        self._feed(Tick())

    def receipt(self, receipt: Receipt, token: bytes) -> bool:
        """Take a verified receipt; return True when it answers the current hello, and in time."""
        fresh = receipt.nonce is not None and receipt.nonce == self._state.nonce
        self._heard |= fresh
        fresh = fresh and self._clock.up_ms() - self._state.hello_at <= _ANSWER_MS
        try:
            event = self._compared(receipt)
        except JournalError as error:
            log.error("the journal cannot be read: %s", error)
            return False
        if receipt.quarantined:
            log.warning("the server put aside %d of our records", len(receipt.quarantined))
        self._feed(event, receipt, token)
        return fresh

    def waiting(self) -> tuple[int, int | None]:
        """Return how many records have no receipt, and the wall clock of the oldest of them."""
        count, oldest = 0, None
        for chain in self._state.chains:
            missing = max(0, chain.newest - chain.reached)
            if missing and oldest is None:
                try:
                    oldest = self._reader.at_of(chain.chain, chain.reached + 1)
                except JournalError:
                    oldest = None
            count += missing
        return count, oldest

    # ---- events in, actions out ----

    def _feed(self, event: Event, receipt: Receipt | None = None, token: bytes = b"") -> None:
        events = deque([event])
        while events:
            moment = Moment(self._clock.up_ms(), new_id(), self._jitter())
            self._state, actions = step(self._state, events.popleft(), moment)
            for action in actions:
                followed = self._do(action, receipt, token)
                if followed is not None:
                    events.append(followed)

    def _do(self, action: Action, receipt: Receipt | None, token: bytes) -> Event | None:
        match action:
            case SendRun():
                return self._send_run(action)
            case SendHello():
                self._send_hello(action.nonce)
            case KeepReceipt() if receipt is not None:
                self._store.keep_receipt(receipt, token)
            case MarkFork() if receipt is not None:
                found = Finding(receipt.chain, "fork", receipt.seq, receipt.hash, token)
                self._find(found)
        return None

    def _send_run(self, action: SendRun) -> Event | None:
        try:
            tokens, broken = self._checked(action)
        except JournalError as error:
            log.error("the journal cannot be read: %s", error)
            return None
        if not tokens:
            return None if broken is None else Unreadable(action.chain, broken)
        run = pack_run(tokens)
        if not self._publish("records", run):
            return None
        return RunSent(action.chain, action.first + run.count(b"\n"))

    def _checked(self, action: SendRun) -> tuple[list[bytes], int | None]:
        """Return the tokens to send, and the position of the first that can't be."""
        # One more than is sent: it tells what the last one's bytes are worth.
        entries = self._reader.read_from(action.chain, action.first, action.limit + 1)
        before = self._reader.hash_at(action.chain, action.first - 1)
        tokens: list[bytes] = []
        for entry, following in zip_longest(entries, entries[1:]):
            if len(tokens) == action.limit:
                return tokens, None
            verdict = check.judge(entry, before, following, self._dev, self._key)
            if verdict is not None:
                self._tell(entry, verdict)
            if verdict == "broken":
                return tokens, entry.seq
            tokens.append(entry.token)
            before = entry.hash
        end = action.first + len(tokens)
        newest = next((s.newest_seq for s in self._spans if s.chain == action.chain), 0)
        return tokens, end if end <= newest else None

    def _tell(self, entry: Entry, verdict: str) -> None:
        kind: FindingKind = "poison" if verdict == "poison" else "broken"
        self._find(Finding(entry.chain, kind, entry.seq, details=f"record {entry.seq}"))

    def _find(self, finding: Finding) -> None:
        if self._store.add_finding(finding):
            log.error("%s: chain %s at %d", finding.kind, finding.chain, finding.seq)
            self._found()

    def _send_hello(self, nonce: str) -> None:
        hello = Hello(nonce, self._store.n_highest(), self._chains_to_name())
        self._publish("hello", encode_up(hello))

    def _chains_to_name(self) -> tuple[HelloChain, ...]:
        """Return the newest chains, as many as fit into one message, oldest first."""
        chains: list[HelloChain] = []
        room = MAX_UP - _CHAIN_BYTES
        for span in reversed(self._spans[-_CHAINS_IN_HELLO:]):
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

    # ---- comparing with the journal ----

    def _earlier(self, spans: list[Span]) -> tuple[tuple[str, int, int], ...]:
        """Return what stored receipts say of chains not known yet, as far as the journal agrees."""
        known = {chain.chain for chain in self._state.chains}
        new = [span.chain for span in spans if span.chain not in known]
        receipts = self._store.receipts() if new else {}
        found = []
        for chain in new:
            held = receipts.get(chain)
            if held is not None:
                agreed = held.seq if self._has(chain, held.seq, held.hash) else 0
                found.append((chain, held.n, agreed))
        return tuple(found)

    def _compared(self, receipt: Receipt) -> ReceiptCame:
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
