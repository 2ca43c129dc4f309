"""Where chains begin that are pruned: the statements on the table ``anchor``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.journal.database import DamagedError
from device.journal.values import octets, text, whole
from wire.down import read_receipt
from wire.envelope import kid_of_token
from wire.errors import WireError

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True)
class Anchor:
    """All up to here of a chain is gone, and ``token`` is the server's receipt for it."""

    chain: str
    seq: int
    hash: str
    token: bytes


def anchor(db: sqlite3.Connection, chain: str) -> Anchor | None:
    """Return up to where ``chain`` is pruned; None if it is not.

    Raises:
        DamagedError: What is held is no receipt for that.
    """
    row = db.execute(
        "SELECT seq, hash, token FROM anchor"
        " WHERE chain = (SELECT number FROM chain WHERE chain = ?)",
        (chain,),
    ).fetchone()
    if row is None:
        return None
    gone = Anchor(chain, whole(row[0]), text(row[1]), octets(row[2]))
    if not is_receipt_for(gone.token, chain, gone.seq):
        raise DamagedError(f"the receipt by which chain {chain[:8]} begins is damaged")
    return gone


def is_receipt_for(token: bytes, chain: str, seq: int) -> bool:
    """Say whether this reads as a receipt for ``seq`` of ``chain``; its signature isn't checked."""
    try:
        kid_of_token(token)
        receipt = read_receipt(token)
    except WireError:
        return False
    return token.isascii() and (receipt.chain, receipt.seq) == (chain, seq)


def set_anchor(db: sqlite3.Connection, gone: Anchor) -> None:
    """Enter that all up to ``gone`` is pruned; what `drop` then deletes."""
    db.execute(
        "INSERT OR REPLACE INTO anchor (chain, seq, hash, token)"
        " VALUES ((SELECT number FROM chain WHERE chain = ?), ?, ?, ?)",
        (gone.chain, gone.seq, gone.hash, gone.token),
    )


def drop(db: sqlite3.Connection, limit: int) -> int:
    """Delete up to ``limit`` records that anchors say are gone; return how many."""
    return db.execute(
        "DELETE FROM record WHERE position IN (SELECT record.position FROM anchor"
        " JOIN record ON record.chain = anchor.chain AND record.seq <= anchor.seq LIMIT ?)",
        (limit,),
    ).rowcount
