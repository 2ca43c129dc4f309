"""Records as they came: storing them, and reading them again for those who check.

Storing is the hot path of ingest, so it is one statement of SQL for a run instead of an object
for each row.
"""

from collections.abc import Sequence
from typing import Any

from fleet_server.core.verdicts import Decision, TakenRecord
from fleet_server.store.chains import Judged
from fleet_server.store.database import rows
from fleet_server.store.models import Chain, Record
from fleet_server.store.sql import ask, marks, parts
from wire.codec import type_of

UNCHECKED, GOOD, BAD = 0, 1, -1
_COLUMNS = (
    "chain_id", "seq", "branch", "hash", "type", "jws", "received_at", "checked", "quarantined",
    "disputed",
)  # fmt: skip


def store(judged: Sequence[Judged], now: int) -> dict[int, list[TakenRecord]]:
    """Store what was taken or quarantined; return what was taken, by row id of the chain."""
    chosen = [
        (item.row, decision)
        for item in judged
        for decision in item.outcome.decisions
        if decision.verdict in ("taken", "quarantined")
    ]
    taken: dict[int, list[TakenRecord]] = {item.row.id: [] for item in judged}
    for part in parts(chosen):
        ids = _insert([_values(row, decision, now) for row, decision in part])
        for row, decision in part:
            record, place = decision.sighting.record, decision.place
            if decision.verdict == "taken" and record is not None and place is not None:
                record_id = ids[row.id, place.seq, place.branch]
                taken[row.id].append(TakenRecord(record_id, record, decision.disputed))
    return taken


def _values(row: Chain, decision: Decision, now: int) -> tuple[Any, ...]:
    place, sighting = decision.place, decision.sighting
    if place is None:
        raise ValueError("what is stored has a place")
    quarantined = decision.verdict == "quarantined"
    kind = type_of(sighting.record) if sighting.record and not quarantined else ""
    checked = BAD if quarantined else GOOD if decision.proved else UNCHECKED
    return (
        row.id, place.seq, place.branch, sighting.hash, kind, sighting.raw, now, checked,
        decision.reason if quarantined else None, decision.disputed,
    )  # fmt: skip


def _insert(values: Sequence[tuple[Any, ...]]) -> dict[tuple[int, int, int], int]:
    """Insert rows; return their ids by chain, seq and branch."""
    # Only names of columns and placeholders are put into the text.
    text = (
        f"INSERT INTO record ({', '.join(_COLUMNS)}) "
        f"VALUES {', '.join([marks(_COLUMNS)] * len(values))} "
        "RETURNING id, chain_id, seq, branch"
    )
    inserted = ask(text, *(value for row in values for value in row))
    return {(chain, seq, branch): row for row, chain, seq, branch in inserted}


def raw_bytes(column: object) -> bytes:
    """Return what stands in a column of bytes, also where somebody put a text or nothing there."""
    if isinstance(column, str):
        return column.encode("utf-8", "surrogateescape")
    return bytes(column) if isinstance(column, bytes | memoryview) else b""


def unchecked(limit: int) -> list[tuple[int, str, bytes]]:
    """Return records whose own signature nobody has checked yet: id, terminal, bytes."""
    query = (
        Record.select(Record.id, Chain.terminal, Record.jws)
        .join(Chain)
        .where(Record.checked == UNCHECKED)
        .order_by(Record.id)
        .limit(limit)
    )
    return [(record_id, terminal, raw_bytes(jws)) for record_id, terminal, jws in rows(query)]


def mark_checked(ids: Sequence[int]) -> None:
    """Remember that these records' own signatures are good."""
    Record.update(checked=GOOD).where(Record.id.in_(ids), Record.checked == UNCHECKED).execute()


def put_aside(record_id: int, reason: str) -> Record:
    """Quarantine a stored record whose own signature is bad, and return its row."""
    Record.update(checked=BAD, quarantined=reason).where(Record.id == record_id).execute()
    row: Record = Record.get_by_id(record_id)
    Chain.update(flaws=Chain.flaws + 1).where(Chain.id == row.chain_id).execute()
    return row
