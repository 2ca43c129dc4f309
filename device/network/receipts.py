"""How far the records have come: the journal beside what the server's receipts say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.network import Sent
from device.inbox.reader import Inbox
from device.journal.reader import JournalReader
from device.ports import JournalError

if TYPE_CHECKING:
    from pathlib import Path


def sent_of(data: Path, terminal: str, fleet_key_x: str | None, now: int) -> Sent:
    """Return how far records are sent, at ``now`` (Unix milliseconds).

    A journal that cannot be read now counts as empty: that is not the network's fault.
    """
    receipts = Inbox(data, terminal, fleet_key_x).receipts()
    held = {each.chain: each.seq for each in receipts}
    newest = max((each.iat for each in receipts), default=0)
    reader = JournalReader(data)
    waiting, oldest = 0, now
    try:
        for span in reader.chains():
            known = max(held.get(span.chain, 0), span.oldest_seq - 1)
            if known < span.newest_seq:
                waiting += span.newest_seq - known
                oldest = min(oldest, reader.at_of(span.chain, known + 1) or now)
    except JournalError:
        return Sent(0, 0, ever=bool(receipts))
    return Sent(waiting, max(0, now - max(oldest, newest)), ever=bool(receipts))
