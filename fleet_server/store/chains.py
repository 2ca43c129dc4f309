"""Chains and their heads: what is held of them, and moving heads by conditional updates."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from peewee import fn

from fleet_server.core.accept import spans
from fleet_server.core.verdicts import MAIN, ChainView, Outcome, Place, new_chain
from fleet_server.core.verify import Sighting
from fleet_server.store.database import rows
from fleet_server.store.models import Chain, Record, Terminal
from fleet_server.store.sql import ask, marks, run, run_many
from wire.down import Head
from wire.records import ChainStart

LISTED = 64
"""How many positions and branches a receipt names at most (WIRE.md section 11)."""

_COLUMNS = (
    "id", "terminal_id", "chain_id", "kid", "head_seq", "head_hash", "opened_at", "start_reason",
    "start_seq", "branches", "flaws", "receipted_at",
)  # fmt: skip
_MOVE = (
    "UPDATE chain SET head_seq = ?, head_hash = ?, kid = ?, branches = ?, flaws = flaws + ? "
    "WHERE id = ? AND head_seq = ? AND head_hash = ? AND branches = ?"
)
_BETWEEN = "SELECT hash, branch, seq FROM record WHERE chain_id = ? AND seq BETWEEN ? AND ?"


class HeadMoved(Exception):
    """Another process took records of a chain in the meantime: judge them again."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A run, the chain that it was judged against, and what came of it."""

    row: Chain
    before: ChainView
    outcome: Outcome


def load(terminals: Collection[str], chains: Collection[str]) -> dict[tuple[str, str], Chain]:
    """Return those of these chains that are known, by terminal and chain id."""
    text = (
        f"SELECT {', '.join(_COLUMNS)} FROM chain "
        f"WHERE terminal_id IN {marks(list(terminals))} AND chain_id IN {marks(list(chains))}"
    )
    found = (
        Chain(**dict(zip(_COLUMNS, row, strict=True))) for row in ask(text, *terminals, *chains)
    )
    return {(row.terminal_id, row.chain_id): row for row in found}


def view(row: Chain | None, chain: str, run: Sequence[Sighting]) -> ChainView:
    """Return a chain with what `fleet_server.core.accept.accept` must know of it for a run."""
    if row is None:
        return new_chain(chain)
    held: dict[str, Place] = {}
    # A run that begins after the head of a chain without branches needs no look at the records;
    # a branch may have grown far beyond the head.
    if row.branches or _reaches_back(run, row.head_seq):
        for first, last in spans(run):
            if not row.branches and first > row.head_seq:
                break
            found = ask(_BETWEEN, row.id, first, last)
            held |= {hashed: Place(branch, seq) for hashed, branch, seq in found}
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
    return run[0].seq is None or any(s.seq is not None and s.seq <= head for s in run)


def open_chain(terminal: str, after: ChainView, start: ChainStart | None, now: int) -> Chain:
    """Enter a chain whose first records are about to be stored.

    Raises:
        HeadMoved: another process has entered it in the meantime.
    """
    inserted = (
        Chain.insert(
            terminal=terminal,
            chain_id=after.chain,
            kid="",
            head_seq=0,
            head_hash=new_chain(after.chain).head_hash,
            opened_at=now,
            start_reason=start.reason if start else "unknown",
        )
        .on_conflict_ignore()
        .execute()
    )
    row = Chain.get_or_none(Chain.terminal == terminal, Chain.chain_id == after.chain)
    if not inserted or row is None or row.head_seq:
        raise HeadMoved
    return row


def move_heads(judged: Sequence[Judged]) -> None:
    """Move heads to where the outcomes say, if all are still where they were when judged.

    Raises:
        HeadMoved: one is not; the transaction is to be undone.
    """
    if run_many(_MOVE, [_move(item) for item in judged]) != len(judged):
        raise HeadMoved
    for item in judged:
        item.row.head_seq = item.outcome.view.head_seq
        item.row.head_hash = item.outcome.view.head_hash
        item.row.kid = item.outcome.view.kid or ""
        item.row.branches = item.outcome.view.branches
        item.row.flaws += _flaws(item.outcome)


def _move(item: Judged) -> tuple[object, ...]:
    before, after = item.before, item.outcome.view
    return (
        after.head_seq, after.head_hash, after.kid or "", after.branches, _flaws(item.outcome),
        item.row.id, before.head_seq, before.head_hash, before.branches,
    )  # fmt: skip


def _flaws(outcome: Outcome) -> int:
    return sum(d.verdict == "quarantined" or d.disputed for d in outcome.decisions)


def take_up(terminal: str, chain: str, seq: int, hashed: str, now: int) -> Chain:
    """Let a chain go on after (seq, hash), which an old receipt of the fleet vouches for."""
    row = Chain.get_or_none(Chain.terminal == terminal, Chain.chain_id == chain)
    if row is None:
        found: Chain = Chain.create(
            terminal=terminal,
            chain_id=chain,
            kid="",
            head_seq=seq,
            head_hash=hashed,
            opened_at=now,
            start_reason="receipt",
            start_seq=seq + 1,
        )
        return found
    row.head_seq, row.head_hash, row.kid = seq, hashed, ""
    row.save()
    return row


def in_use() -> list[Chain]:
    """Return the chains of all terminals that are not retired."""
    query = Chain.select().join(Terminal).where(Terminal.retired_at.is_null())
    return list(query.order_by(Chain.id))


def has_others(row: Chain) -> bool:
    """Whether the terminal has other chains than this one."""
    query = Chain.select().where(Chain.terminal == row.terminal_id, Chain.id != row.id)
    return bool(query.exists())


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
    heads = (
        Record.select(Record.branch, fn.MAX(Record.seq).alias("last"))
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


def receipted(chain_ids: Collection[int], now: int) -> None:
    """Remember when these chains were last receipted."""
    run(f"UPDATE chain SET receipted_at = ? WHERE id IN {marks(list(chain_ids))}", now, *chain_ids)
