"""Chains and their heads: what is held of them, and moving a head by one conditional update."""

from collections.abc import Sequence

from peewee import fn

from fleet_server.core.accept import MAIN, ChainView, Place, new_chain, span
from fleet_server.core.verify import Sighting
from fleet_server.store.database import rows
from fleet_server.store.models import Chain, Record
from wire.down import Head
from wire.records import ChainStart

LISTED = 64
"""How many positions and branches a receipt names at most (WIRE.md section 11)."""


class HeadMoved(Exception):
    """Another process took records of this chain in the meantime: judge them again."""


def find(terminal: str, chain: str) -> Chain | None:
    """Return a terminal's chain, if it is known."""
    found: Chain | None = Chain.get_or_none(Chain.terminal == terminal, Chain.chain_id == chain)
    return found


def view(row: Chain | None, chain: str, run: Sequence[Sighting]) -> ChainView:
    """Return a chain with what `fleet_server.core.accept.accept` must know of it for a run."""
    if row is None:
        return new_chain(chain)
    first, last = span(run)
    held: dict[str, Place] = {}
    # A run that begins after the head of a chain without branches needs no look at the records.
    if first <= row.head_seq and (row.branches or _reaches_back(run, row.head_seq)):
        query = Record.select(Record.hash, Record.branch, Record.seq).where(
            Record.chain == row.id, Record.seq.between(first, last)
        )
        held = {hashed: Place(branch, seq) for hashed, branch, seq in rows(query)}
    return ChainView(
        chain,
        row.head_seq,
        row.head_hash,
        row.kid or None,
        row.start_seq,
        row.branches,
        held,
    )


def _reaches_back(run: Sequence[Sighting], head: int) -> bool:
    first = next((i for i, s in enumerate(run) if s.record), 0)
    return first > 0 or any(s.record and s.record.stamp.seq <= head for s in run)


def open_chain(terminal: str, after: ChainView, start: ChainStart | None, now: int) -> Chain:
    """Enter a chain whose first records are about to be stored.

    Raises:
        HeadMoved: another process has entered it in the meantime.
    """
    inserted = (
        Chain.insert(
            terminal=terminal,
            chain_id=after.chain,
            kid=after.kid or "",
            head_seq=0,
            head_hash=new_chain(after.chain).head_hash,
            opened_at=now,
            start_reason=start.reason if start else "unknown",
        )
        .on_conflict_ignore()
        .execute()
    )
    row = find(terminal, after.chain)
    if not inserted or row is None or row.head_seq:
        raise HeadMoved
    return row


def move_head(row: Chain, before: ChainView, after: ChainView, flaws: int) -> None:
    """Move the head of a chain, if it is still where it was when the run was judged.

    Raises:
        HeadMoved: it is not.
    """
    moved = (
        Chain.update(
            head_seq=after.head_seq,
            head_hash=after.head_hash,
            kid=after.kid or "",
            branches=after.branches,
            flaws=Chain.flaws + flaws,
        )
        .where(
            Chain.id == row.id,
            Chain.head_seq == before.head_seq,
            Chain.head_hash == before.head_hash,
            Chain.branches == before.branches,
        )
        .execute()
    )
    if not moved:
        raise HeadMoved


def take_up(terminal: str, chain: str, seq: int, hashed: str, now: int) -> int:
    """Let a chain go on after (seq, hash), which an old receipt of the fleet vouches for.

    Returns:
        The position that was the head before; what lies between is missing.
    """
    row = find(terminal, chain)
    if row is None:
        Chain.create(
            terminal=terminal, chain_id=chain, kid="", head_seq=seq, head_hash=hashed,
            opened_at=now, start_reason="receipt", start_seq=seq + 1,
        )  # fmt: skip
        return 0
    Chain.update(head_seq=seq, head_hash=hashed, kid="").where(Chain.id == row.id).execute()
    return int(row.head_seq)


def has_others(terminal: str, row: Chain) -> bool:
    """Whether the terminal had a chain before this one."""
    return bool(Chain.select().where(Chain.terminal == terminal, Chain.id != row.id).exists())


def quarantined(row: Chain) -> tuple[int, ...]:
    """Return the newest positions of the main branch whose bytes were put aside, ascending."""
    if not row.flaws:
        return ()
    query = (
        Record.select(Record.seq)
        .where(Record.chain == row.id, Record.branch == MAIN, Record.quarantined.is_null(False))
        .order_by(Record.seq.desc())
        .limit(LISTED)
    )
    return tuple(sorted(seq for (seq,) in rows(query)))


def side_heads(row: Chain) -> tuple[Head, ...]:
    """Return the heads of the newest side branches."""
    if not row.branches:
        return ()
    last = fn.MAX(Record.seq).alias("last")
    heads = (
        Record.select(Record.branch, last)
        .where(Record.chain == row.id, Record.branch > MAIN)
        .group_by(Record.branch)
        .order_by(Record.branch.desc())
        .limit(LISTED)
        .alias("heads")
    )
    query = (
        Record.select(Record.seq, Record.hash)
        .join(heads, on=((Record.branch == heads.c.branch) & (Record.seq == heads.c.last)))
        .where(Record.chain == row.id)
        .order_by(Record.branch)
    )
    return tuple(Head(seq, hashed) for seq, hashed in rows(query))


def receipted(receipted_rows: Sequence[Chain], now: int) -> None:
    """Remember when these chains were last receipted."""
    Chain.update(receipted_at=now).where(Chain.id.in_([row.id for row in receipted_rows])).execute()
