"""Records that name a counter nobody has added yet.

They are held like all records, and wait here to be counted. One matter for each terminal and
counter code shows them until the counter exists.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.accept import TakenRecord
from fleet_server.store import matters
from fleet_server.store.models import Chain, Counter, ParkedRecord, Record
from fleet_server.store.sql import ask
from wire.codec import decode
from wire.envelope import payload_of

KIND: Literal["unknown_counter"] = "unknown_counter"


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked record whose counter is known now."""

    taken: TakenRecord
    chain: Chain
    counter_code: str
    received_at: int


def park(taken: TakenRecord, counter_code: str) -> None:
    """Keep a record until its counter exists."""
    ParkedRecord.insert(
        record=taken.record_id, counter_code=counter_code
    ).on_conflict_ignore().execute()


def ready() -> list[Parked]:
    """Return the records whose counter exists now, in the order of acceptance."""
    known = "SELECT 1 FROM parked_record p JOIN counter c ON c.code = p.counter_code LIMIT 1"
    if not ask(known):
        return []
    rows = (
        ParkedRecord.select(ParkedRecord.counter_code, Record, Chain)
        .join(Counter, on=(Counter.code == ParkedRecord.counter_code))
        .switch(ParkedRecord)
        .join(Record)
        .join(Chain)
        .order_by(Record.id)
    )
    return [_parked(row) for row in rows]


def _parked(row: ParkedRecord) -> Parked:
    record = row.record
    taken = TakenRecord(record.id, decode(payload_of(bytes(record.jws))), record.disputed)
    return Parked(taken, record.chain, row.counter_code, record.received_at)


def release(parked: Parked, now_ms: int) -> None:
    """Let a record go that was counted, and close its matter."""
    forget([parked.taken.record_id])
    subject = f"{parked.chain.terminal_id}:{parked.counter_code}"
    matters.close_matter(KIND, subject, now_ms)


def forget(record_ids: Sequence[int]) -> None:
    """Let records go that need not be counted."""
    ParkedRecord.delete().where(ParkedRecord.record.in_(record_ids)).execute()
