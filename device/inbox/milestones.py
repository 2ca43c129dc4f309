"""The receipts in ``link.db`` up to which the journal can be pruned (``core/pruning.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.core.pruning import is_milestone

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from wire.down import Receipt

MOST = 2_000
"""More are not kept: then every second one of the older half goes."""
LONGEST_TOKEN = 4_000
"""Bytes: a longer one (many positions quarantined) fits into no hello. The next one may."""

_THIN = """
DELETE FROM milestone WHERE id IN (
    SELECT id FROM (SELECT id, row_number() OVER (ORDER BY iat, id) AS place FROM milestone)
    WHERE place % 2 = 0 AND place <= ?
)
"""


def keep(db: sqlite3.Connection, receipt: Receipt, token: bytes) -> None:
    """Keep ``receipt``, whose head stands in the journal, if it is to be a milestone."""
    last = db.execute(
        "SELECT seq, iat FROM milestone WHERE chain = ? ORDER BY seq DESC LIMIT 1",
        (receipt.chain,),
    ).fetchone()
    if len(token) > LONGEST_TOKEN or not is_milestone(last, receipt.seq, receipt.iat):
        return
    db.execute(
        "INSERT INTO milestone (chain, seq, hash, iat, token) VALUES (?, ?, ?, ?, ?)",
        (receipt.chain, receipt.seq, receipt.hash, receipt.iat, token),
    )
    if db.execute("SELECT count(*) FROM milestone").fetchone()[0] > MOST:
        db.execute(_THIN, (MOST // 2,))


def find(db: sqlite3.Connection, chain: str, seq: int) -> bytes | None:
    """Return the token of the milestone for exactly ``seq`` of ``chain``."""
    row = db.execute(
        "SELECT token FROM milestone WHERE chain = ? AND seq = ?", (chain, seq)
    ).fetchone()
    return None if row is None else bytes(row[0])


def forget(db: sqlite3.Connection, begins: Mapping[str, int]) -> None:
    """Delete what is before the record before the oldest one of each chain."""
    known = [row[0] for row in db.execute("SELECT DISTINCT chain FROM milestone")]
    for chain in known:
        # A chain that is not held any more keeps its last one: what it was pruned up to.
        last = "(SELECT max(seq) FROM milestone WHERE chain = :chain)"
        bound = str(begins[chain] - 1) if chain in begins else last
        db.execute(
            f"DELETE FROM milestone WHERE chain = :chain AND seq < {bound}",  # noqa: S608 - a number
            {"chain": chain},
        )
