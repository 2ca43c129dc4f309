"""Reading everything that is held of a chain, for `fleet_server.core.audit`."""

from collections.abc import Iterator
from datetime import tzinfo

from peewee import JOIN, fn

from fleet_server.core.audit import HeldBack, HeldChain, HeldRating, HeldRecord
from fleet_server.core.verdicts import MAIN
from fleet_server.store import parked
from fleet_server.store.database import in_order, rows
from fleet_server.store.models import (
    Chain,
    Counter,
    ParkedRecord,
    Rating,
    Record,
    Terminal,
    TicketEvent,
)
from fleet_server.store.reach import Reach
from fleet_server.store.records import raw_bytes
from fleet_server.store.sql import ask


def terminals() -> list[str]:
    """Return the ids of all terminals."""
    return [terminal for (terminal,) in rows(Terminal.select(Terminal.id).order_by(Terminal.id))]


def chains_of(terminal: str) -> list[Chain]:
    """Return the chains of a terminal, oldest first."""
    return list(Chain.select().where(Chain.terminal == terminal).order_by(Chain.id))


def held_chain(row: Chain) -> HeldChain:
    """Return a chain as the audit takes it."""
    return HeldChain(
        row.terminal_id, row.chain_id, row.start_seq, row.head_seq, row.head_hash, row.branches
    )


class Waiting:
    """Says of parked records whether they may count by now, as the registry has it.

    Args:
        now_ms: Unix milliseconds.
        zone: The fleet's time zone.
    """

    def __init__(self, now_ms: int, zone: tzinfo) -> None:
        self._latest = now_ms + parked.AGAIN_MS
        self._reach = Reach(zone)
        self._counters: dict[str, int | None] = {}

    def held_back(self, token: bytes, terminal: str, code: str, again_at: int) -> HeldBack:
        """Return what a row of a parked record says."""
        if code not in self._counters:
            found = ask("SELECT id FROM counter WHERE code = ?", code)
            self._counters[code] = found[0][0] if found else None
        counter = self._counters[code]
        due = counter is not None and self._reach.may_count(terminal, counter, token)
        return HeldBack(terminal, code, due, again_at <= self._latest)


def branch(row: Chain, number: int, waiting: Waiting) -> Iterator[HeldRecord]:
    """Yield the records of one branch in the order of their positions, a few at a time."""
    query = (
        Record.select(
            Record.seq,
            Record.hash,
            Record.jws,
            Record.type,
            Record.quarantined,
            Record.disputed,
            Rating.choice,
            Rating.disputed,
            Rating.unbound,
            Counter.code,
            TicketEvent.record,
            ParkedRecord.terminal,
            ParkedRecord.counter_code,
            ParkedRecord.again_at,
        )
        .join(Rating, JOIN.LEFT_OUTER, on=(Rating.record == Record.id))
        .join(Counter, JOIN.LEFT_OUTER, on=(Counter.id == Rating.counter))
        .switch(Record)
        .join(TicketEvent, JOIN.LEFT_OUTER, on=(TicketEvent.record == Record.id))
        .switch(Record)
        .join(ParkedRecord, JOIN.LEFT_OUTER, on=(ParkedRecord.record == Record.id))
        .where(Record.chain == row.id, Record.branch == number)
    )
    for row_of in in_order(query, Record.seq):
        seq, hashed, jws, kind, quarantined, disputed, *figures = row_of
        choice, apart, unbound, code, event, dev, *wait = figures
        rating = None if choice is None else HeldRating(choice, code, bool(apart), bool(unbound))
        raw = raw_bytes(jws)
        back = None if dev is None else waiting.held_back(raw, dev, *wait)
        seq = seq if isinstance(seq, int) else 0  # somebody put a text there
        yield HeldRecord(
            seq, hashed, raw, kind, quarantined, disputed, rating, back, event is not None
        )


def bases(row: Chain, number: int) -> dict[int, list[str]]:
    """Return the position before a side branch, with the hashes held there on other branches."""
    own = Record.select(Record.seq).where(Record.chain == row.id, Record.branch == number)
    first = own.order_by(Record.seq).limit(1).scalar()
    if first is None:
        return {}
    query = Record.select(Record.hash).where(
        Record.chain == row.id, Record.seq == first - 1, Record.branch < number
    )
    return {first - 1: [hashed for (hashed,) in rows(query)]}


def side_branches(row: Chain) -> range:
    """Return the numbers of a chain's side branches, those that it knows and those held."""
    held = Record.select(fn.MAX(Record.branch)).where(Record.chain == row.id).scalar() or MAIN
    return range(MAIN + 1, max(row.branches, held) + 1)
