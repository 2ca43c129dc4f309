"""Upward: does what ``core/sending.py`` decides, over journal, ``link.db`` and connection."""

from __future__ import annotations

import logging
from collections import deque
from typing import TYPE_CHECKING

from device.core.sending import step
from device.core.sending_words import (
    Connected,
    Disconnected,
    HelloWanted,
    KeepReceipt,
    MarkFork,
    Moment,
    RunSent,
    SendHello,
    Sending,
    SendRun,
    Tick,
    Unreadable,
)
from device.inbox.store import Finding
from device.ports import JournalError
from wire.envelope import pack_run
from wire.ids import new_id
from wire.up import Hello, encode_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from device.core.sending_words import Action, Event, Pace
    from device.inbox.store import LinkStore
    from device.link.outgoing import Outgoing
    from device.link.publish import Publish
    from device.ports import Clock
    from wire.down import Receipt

log = logging.getLogger(__name__)

_ANSWER_MS = 60_000
"""An answer later than this after its hello doesn't tell the time: the broker may have kept it."""


class Sender:
    """Sends the journal until the server has receipted all of it.

    Args:
        journal: What is sent.
        store: Keeps receipts.
        clock: The time.
        publish: To the connection.
        pace: How long to wait.
        jitter: Gives random fractions.

    Attributes:
        journal: What is sent.
    """

    def __init__(
        self,
        journal: Outgoing,
        store: LinkStore,
        clock: Clock,
        publish: Publish,
        pace: Pace,
        jitter: Callable[[], float],
    ) -> None:
        self.journal = journal
        self._store = store
        self._clock = clock
        self._publish = publish
        self._jitter = jitter
        self._state = Sending(pace)
        self._heard = False

    @property
    def heard(self) -> bool:
        """Whether a receipt has answered our hello on this connection."""
        return self._heard

    @property
    def state(self) -> Sending:
        """The state of sending."""
        return self._state

    def look(self) -> None:
        """Read what the journal holds now, and send what is new."""
        try:
            news = self.journal.read(chain.chain for chain in self._state.chains)
        except JournalError as error:
            log.error("the journal cannot be read: %s", error)
            return
        if news is not None:
            self._feed(news)

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
            event = self.journal.compared(receipt)
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
                oldest = self.journal.wall_of(chain.chain, chain.reached + 1)
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
                self.journal.find(found)
        return None

    def _send_run(self, action: SendRun) -> Event | None:
        try:
            checked = self.journal.run(action)
        except JournalError as error:
            log.error("the journal cannot be read: %s", error)
            return None
        if not checked.tokens:
            at = checked.unreadable
            return None if at is None else Unreadable(action.chain, at)
        run = pack_run(checked.tokens)
        if not self._publish("records", run):
            return None
        return RunSent(action.chain, action.first + run.count(b"\n"))

    def _send_hello(self, nonce: str) -> None:
        hello = Hello(nonce, self._store.n_highest(), self.journal.named())
        self._publish("hello", encode_up(hello))
