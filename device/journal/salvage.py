"""From the bytes of a damaged journal into a new file: every record that can still be proven.

1. Search the files for tokens of this terminal (`carve`), into a temporary table.
2. In each chain go from the newest position down. A record is taken if the one after it names its
   hash; where there is none after it, if its own signature is right. Of two such (one was never
   committed), the later made.
   What an anchor says was pruned is left, however much of it can still be read.
3. Enter what was taken, oldest chain first, with its anchor, and which ratings stand.

What cannot be proven stays in the old file, which is kept.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from device.journal import anchors, rows
from device.journal.carve import carve, carve_anchors
from device.journal.database import FILE
from wire import codec
from wire.envelope import payload_of, verify
from wire.errors import WireError
from wire.records import Rating

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from joserfc.jwk import OKPKey

_FOUND = """
CREATE TEMP TABLE found (
    chain TEXT, seq INTEGER, hash TEXT PRIMARY KEY, prev TEXT, at INTEGER, jws BLOB
);
CREATE INDEX temp.found_place ON found (chain, seq);
CREATE TEMP TABLE taken (chain TEXT, seq INTEGER, hash TEXT, PRIMARY KEY (chain, seq));
CREATE TEMP TABLE gone (chain TEXT PRIMARY KEY, seq INTEGER, hash TEXT, at INTEGER, token BLOB);
"""
_BY_AGE = """
SELECT chain FROM (SELECT chain, at FROM found UNION ALL SELECT chain, at FROM gone)
GROUP BY chain ORDER BY min(at), chain
"""


def salvage(
    damaged: Path,
    db: sqlite3.Connection,
    dev: str,
    key: OKPKey,
    alive: Callable[[], object] = int,
) -> int:
    """Enter into the new journal ``db`` what the files in ``damaged`` prove; return how many.

    ``alive`` is called for each record: years of them take longer than a watchdog waits.

    Raises:
        sqlite3.Error: The new file cannot be written.
    """
    db.executescript(_FOUND)
    _search(damaged, db, dev, alive)
    chains = [row[0] for row in db.execute(_BY_AGE)]
    db.execute("BEGIN IMMEDIATE")
    count = 0
    for chain in chains:
        _choose(db, chain, key)
        count += _enter(db, chain, alive)
    db.execute("COMMIT")
    db.executescript("DROP TABLE temp.found; DROP TABLE temp.taken; DROP TABLE temp.gone;")
    return count


def _search(damaged: Path, db: sqlite3.Connection, dev: str, alive: Callable[[], object]) -> None:
    for name in (FILE, f"{FILE}-wal"):
        # Records of a former key are proven by the links of later ones.
        for carved in carve(damaged / name, dev, None):
            alive()
            stamp = carved.record.stamp
            db.execute(
                "INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?, ?)",
                (stamp.chain, stamp.seq, carved.hash, stamp.prev, stamp.at, carved.token),
            )
        for anchor, at in carve_anchors(damaged / name, dev):
            # Pruning only goes forward: the farthest is the last.
            db.execute(
                "INSERT INTO gone VALUES (?, ?, ?, ?, ?) ON CONFLICT (chain) DO UPDATE SET"
                " seq = excluded.seq, hash = excluded.hash, at = excluded.at,"
                " token = excluded.token WHERE excluded.seq > gone.seq",
                (anchor.chain, anchor.seq, anchor.hash, at, anchor.token),
            )


def _choose(db: sqlite3.Connection, chain: str, key: OKPKey) -> None:
    above: tuple[int, str] | None = None
    found = db.execute(
        "SELECT seq, hash, prev, jws FROM found WHERE chain = ?"
        " AND seq > coalesce((SELECT seq FROM gone WHERE chain = ?), 0)"
        " ORDER BY seq DESC, at DESC",
        (chain, chain),
    )
    for seq, candidates in groupby(found, key=itemgetter(0)):
        named = above[1] if above is not None and above[0] == seq + 1 else None
        for _, digest, prev, token in candidates:
            if digest == named or (named is None and _is_signed(token, key)):
                db.execute("INSERT INTO taken VALUES (?, ?, ?)", (chain, seq, digest))
                above = (seq, prev)
                break


def _is_signed(token: bytes, key: OKPKey) -> bool:
    try:
        verify(token, key)
    except WireError:
        return False
    return True


def _enter(db: sqlite3.Connection, chain: str, alive: Callable[[], object]) -> int:
    count = 0
    gone = db.execute("SELECT seq, hash, token FROM gone WHERE chain = ?", (chain,)).fetchone()
    if gone is not None:
        rows.add_chain(db, chain)
        anchors.set_anchor(db, anchors.Anchor(chain, *gone))
    for entry in _taken(db, chain):
        alive()
        if count == 0:
            rows.add_chain(db, chain)
        record = codec.decode(payload_of(entry.token))
        body = record.body
        if isinstance(body, Rating) and body.visit is not None and not body.contested:
            # The later record settled what stands; the rating it corrected may be the lost one.
            db.execute("DELETE FROM standing WHERE visit = ?", (body.visit,))
        rows.insert(db, record, entry)
        count += 1
    return count


def _taken(db: sqlite3.Connection, chain: str) -> Iterator[rows.Entry]:
    query = db.execute(
        "SELECT seq, hash, jws FROM taken JOIN found USING (chain, seq, hash)"
        " WHERE chain = ? ORDER BY seq",
        (chain,),
    )
    for seq, digest, token in query:
        yield rows.Entry(chain, seq, digest, token)
