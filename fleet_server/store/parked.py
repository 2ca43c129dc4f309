"""Records that name a counter which nobody has added yet, or which their terminal has no part in.

They are held like all records, and wait here to be counted. Matters show them until they are: one
for each terminal and unknown code, and one for each terminal and unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from fleet_server.core.verdicts import TakenRecord
from fleet_server.store import matters, reach
from fleet_server.store.database import rows
from fleet_server.store.models import Chain, Matter, ParkedRecord, Record
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
),
place AS ({reach.UNITS})
SELECT DISTINCT place.terminal, c.code FROM place JOIN counter c ON c.unit_id = place.unit
WHERE (
    SELECT 1 FROM parked_record p WHERE p.terminal = place.terminal AND p.counter_code = c.code
    AND p.again_at <= ? LIMIT 1
) = 1
"""
"""Terminals of parked records, one step in the index for each, and what they may reach of it: the
cost grows neither with the records that wait in vain, however many, nor with the codes that they
name. PostgreSQL would answer an EXISTS by reading all of them.
"""
AGAIN_MS = 3_600_000
"""After this time a record that could not be counted when it was tried is tried again."""
TAKEN_UP = 1_000
"""Records that are taken up in one transaction at most: nobody else can write meanwhile."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A parked record that may count now."""

    record_id: int
    terminal: str
    counter_code: str


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked record, read to be counted."""

    taken: TakenRecord
    chain: Chain
    received_at: int


def park(taken: TakenRecord, terminal: str, counter_code: str) -> None:
    """Keep a record until it may count."""
    ParkedRecord.insert(
        record=taken.record_id, terminal=terminal, counter_code=counter_code
    ).on_conflict_ignore().execute()


def ready(now_ms: int) -> list[Waiting]:
    """Return records that may count now, in the order of acceptance: as many as one turn takes.

    Each terminal and counter code gets its share of the turn, so that none keeps others waiting.
    """
    if not ask("SELECT 1 FROM parked_record LIMIT 1"):
        return []
    pairs = ask(_READY, now_ms)[:TAKEN_UP]
    share = TAKEN_UP // max(1, len(pairs))
    found = [one for dev, code in pairs for one in _of(dev, code, now_ms, share)]
    return sorted(found, key=lambda one: one.record_id)


def _of(terminal: str, counter_code: str, now_ms: int, share: int) -> list[Waiting]:
    text = (
        "SELECT record_id FROM parked_record WHERE terminal = ? AND counter_code = ? "
        "AND again_at <= ? ORDER BY again_at, record_id LIMIT ?"
    )
    held = ask(text, terminal, counter_code, now_ms, share)
    return [Waiting(record, terminal, counter_code) for (record,) in held]


def read(waiting: Sequence[Waiting]) -> Iterator[Parked]:
    """Yield parked records as they are held."""
    for part in parts(waiting):
        query = Record.select(Record, Chain).join(Chain).order_by(Record.id)
        for record in query.where(Record.id.in_([one.record_id for one in part])):
            body = decode(payload_of(bytes(record.jws)))
            taken = TakenRecord(record.id, body, record.disputed)
            yield Parked(taken, record.chain, record.received_at)


def position(one: Waiting) -> tuple[Chain, int]:
    """Return the chain of a parked record and its position there."""
    record = Record.get_by_id(one.record_id)
    return record.chain, record.seq


def set_aside(waiting: Sequence[Waiting], again_at: int) -> None:
    """Let records that could not be counted wait until a time."""
    for part in parts(waiting):
        ParkedRecord.update(again_at=again_at).where(
            ParkedRecord.record.in_([one.record_id for one in part])
        ).execute()


def release(counted: Sequence[Waiting], now_ms: int) -> None:
    """Let records go that were counted, and close matters of which nothing waits any more."""
    forget([one.record_id for one in counted])
    for terminal, code in sorted({(one.terminal, one.counter_code) for one in counted}):
        if not _waits(terminal, [code]):
            matters.close_matter(UNKNOWN, f"{terminal}:{code}", now_ms)
    for terminal in sorted({one.terminal for one in counted}):
        _close_foreign(terminal, now_ms)


def _close_foreign(terminal: str, now_ms: int) -> None:
    """Close those matters of a terminal and a unit of whose counters nothing waits any more."""
    query = Matter.select(Matter.subject, Matter.details).where(
        Matter.kind == FOREIGN, Matter.terminal == terminal, Matter.closed_at.is_null()
    )
    for subject, details in list(rows(query)):
        listed = details.get("counters", [details.get("counter")])
        unit = matters.named_unit(terminal, subject)
        text = "SELECT c.code FROM counter c JOIN unit u ON u.id = c.unit_id WHERE u.code = ?"
        if not _waits(terminal, [*listed, *(code for (code,) in ask(text, unit))]):
            matters.close_matter(FOREIGN, subject, now_ms)


def _waits(terminal: str, codes: Sequence[str]) -> bool:
    """Whether records of a terminal wait that name one of some counters."""
    text = "SELECT 1 FROM parked_record WHERE terminal = ? AND counter_code = ? LIMIT 1"
    return any(ask(text, terminal, code) for code in codes)


def forget(record_ids: Sequence[int]) -> None:
    """Let records go that need not be counted."""
    for part in parts(record_ids):
        ParkedRecord.delete().where(ParkedRecord.record.in_(part)).execute()
