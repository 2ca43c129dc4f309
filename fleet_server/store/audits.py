"""Reading everything that is held of a chain, for `fleet_server.core.audit`."""

from collections.abc import Iterator

from peewee import JOIN, fn

from fleet_server.core.accept import MAIN
from fleet_server.core.audit import HeldChain, HeldRating, HeldRecord
from fleet_server.store.database import in_order, rows
from fleet_server.store.models import Chain, Counter, ParkedRecord, Rating, Record, Terminal
from fleet_server.store.records import raw_bytes


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


def branch(row: Chain, number: int) -> Iterator[HeldRecord]:
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
            ParkedRecord.counter_code,
        )
        .join(Rating, JOIN.LEFT_OUTER, on=(Rating.record == Record.id))
        .join(Counter, JOIN.LEFT_OUTER, on=(Counter.id == Rating.counter))
        .switch(Record)
        .join(ParkedRecord, JOIN.LEFT_OUTER, on=(ParkedRecord.record == Record.id))
        .where(Record.chain == row.id, Record.branch == number)
    )
    for row_of in in_order(query, Record.seq):
        seq, hashed, jws, kind, quarantined, disputed, *figures, parked = row_of
        choice, apart, unbound, code = figures
        rating = None if choice is None else HeldRating(choice, code, bool(apart), bool(unbound))
        raw = raw_bytes(jws)
        seq = seq if isinstance(seq, int) else 0  # somebody put a text there
        yield HeldRecord(seq, hashed, raw, kind, quarantined, disputed, rating, parked is not None)


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
