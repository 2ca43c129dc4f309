"""What comes from the broker and goes to it, and the bounded queue between two threads."""

import threading
from collections import deque
from dataclasses import dataclass

MAX_MESSAGES = 2_000
MAX_QUEUED_BYTES = 32 * 1024 * 1024
BATCH_BYTES = 512 * 1024
"""About 500 records with a full run each, or 500 live singles."""
BATCH_MESSAGES = 500


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the broker.

    Attributes:
        mid: its packet id, to acknowledge it with; ``connection`` the one that it came over.
    """

    topic: str
    payload: bytes
    mid: int = 0
    connection: int = 0


@dataclass(frozen=True, slots=True)
class Publication:
    """One message for the broker, QoS 1."""

    topic: str
    payload: bytes
    retain: bool = True


class Inbox:
    """A queue bounded in messages and bytes.

    The network thread waits in `put` while it is full: the broker keeps what is not
    acknowledged, and memory stays bounded.
    """

    def __init__(self) -> None:
        self._messages: deque[Message] = deque()
        self._bytes = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, message: Message) -> None:
        """Add a message, as soon as there is room. After `close` it is dropped."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._has_room())
            if self._closed:
                return
            self._messages.append(message)
            self._bytes += len(message.payload)
            self._changed.notify_all()

    def take(self, timeout_s: float) -> list[Message]:
        """Return the next batch: all that waits, up to `BATCH_MESSAGES` and `BATCH_BYTES`.

        A live single is not kept waiting for company: a batch grows while the one before it is
        being stored. Empty if nothing came within ``timeout_s``.
        """
        batch: list[Message] = []
        with self._changed:
            self._changed.wait_for(lambda: self._closed or bool(self._messages), timeout_s)
            size = 0
            while self._messages and len(batch) < BATCH_MESSAGES and size < BATCH_BYTES:
                message = self._messages.popleft()
                size += len(message.payload)
                batch.append(message)
            self._bytes -= size
            self._changed.notify_all()
        return batch

    def wake(self) -> None:
        """Let `take` return at once, for news that is not a message."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Let go of everybody who waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _has_room(self) -> bool:
        return len(self._messages) < MAX_MESSAGES and self._bytes < MAX_QUEUED_BYTES
