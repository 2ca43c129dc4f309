"""Records that name a counter which nobody has added yet, or which their terminal has no part in.

They are held like all records, and wait here to be counted. One matter for each terminal and
counter code shows them until they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.accept import TakenRecord
from fleet_server.store import matters, reach
from fleet_server.store.models import Chain, ParkedRecord, Record
from fleet_server.store.sql import ask, parts
from wire.codec import decode
from wire.envelope import payload_of

Kind = Literal["unknown_counter", "foreign_counter"]
UNKNOWN: Kind = "unknown_counter"
"""Nobody has added the counter."""
FOREIGN: Kind = "foreign_counter"
"""The terminal never stood in the counter's unit."""

_READY = f"""
WITH RECURSIVE waiting (terminal) AS (
    SELECT MIN(terminal) FROM parked_record
    UNION ALL
    SELECT (SELECT MIN(p.terminal) FROM parked_record p WHERE p.terminal > w.terminal)
    FROM waiting w WHERE w.terminal IS NOT NULL
)
SELECT DISTINCT place.terminal_id, c.code {reach.COUNTERS}
WHERE place.terminal_id IN (SELECT terminal FROM waiting)
AND (
    SELECT 1 FROM parked_record p WHERE p.terminal = place.terminal_id AND p.counter_code = c.code
    LIMIT 1
) = 1
"""
"""Terminals of parked records, one step in the index for each, and what they reach of it: the cost
grows neither with the records that wait in vain, however many, nor with the codes that they name.
PostgreSQL would answer an EXISTS by reading all of them.
"""


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked record that may count now."""

    taken: TakenRecord
    chain: Chain
    counter_code: str
    received_at: int


def park(taken: TakenRecord, terminal: str, counter_code: str) -> None:
    """Keep a record until it may count."""
    ParkedRecord.insert(
        record=taken.record_id, terminal=terminal, counter_code=counter_code
    ).on_conflict_ignore().execute()


def ready() -> list[Parked]:
    """Return the records that may count now, in the order of acceptance."""
    if not ask("SELECT 1 FROM parked_record LIMIT 1"):
        return []
    found = [one for pair in ask(_READY) for one in _of(*pair)]
    return sorted(found, key=lambda one: one.taken.record_id)


def _of(terminal: str, counter_code: str) -> list[Parked]:
    rows = (
        ParkedRecord.select(ParkedRecord.counter_code, Record, Chain)
        .join(Record)
        .join(Chain)
        .where(ParkedRecord.terminal == terminal, ParkedRecord.counter_code == counter_code)
    )
    return [_parked(row) for row in rows]


def _parked(row: ParkedRecord) -> Parked:
    record = row.record
    taken = TakenRecord(record.id, decode(payload_of(bytes(record.jws))), record.disputed)
    return Parked(taken, record.chain, row.counter_code, record.received_at)


def release(counted: Sequence[Parked], now_ms: int) -> None:
    """Let records go that were counted, and close their matters."""
    forget([one.taken.record_id for one in counted])
    for subject in {f"{one.chain.terminal_id}:{one.counter_code}" for one in counted}:
        matters.close_matter(UNKNOWN, subject, now_ms)
        matters.close_matter(FOREIGN, subject, now_ms)


def forget(record_ids: Sequence[int]) -> None:
    """Let records go that need not be counted."""
    for part in parts(record_ids):
        ParkedRecord.delete().where(ParkedRecord.record.in_(part)).execute()
