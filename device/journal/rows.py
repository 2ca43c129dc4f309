"""The statements on ``journal.db``: one function each, over any connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from device.journal.anchors import Anchor, anchor
from device.journal.values import octets, text, whole
from wire import codec
from wire.envelope import digest, payload_of, root_hash
from wire.errors import WireError
from wire.records import Rating

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from wire.records import Record

_NEWEST = (
    "SELECT seq, jws FROM record WHERE chain = (SELECT number FROM chain WHERE chain = ?)"
    " ORDER BY seq DESC LIMIT 1"
)


_FREE = ("freelist_count", "page_size")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record of a chain; seq 0 and the hash of the chain id while it is empty."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored record: the signed bytes, their hash, and where they stand."""

    chain: str
    seq: int
    hash: str
    token: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """What the file holds of one chain: its oldest and newest record.

    Attributes:
        anchor: Where what was before is pruned, the server's receipt for the record before.
    """

    chain: str
    oldest_seq: int
    oldest_hash: str
    newest_seq: int
    newest_hash: str
    anchor: bytes | None = None


def add_chain(db: sqlite3.Connection, chain: str) -> None:
    """Enter a chain id, after all others."""
    db.execute("INSERT OR IGNORE INTO chain (chain) VALUES (?)", (chain,))


def insert(db: sqlite3.Connection, record: Record, entry: Entry) -> None:
    """Enter one record and, if it is a rating that stands, that it stands.

    Raises:
        sqlite3.IntegrityError: The position is taken, or another rating stands for the visit.
    """
    db.execute(
        "INSERT INTO record (chain, seq, jws)"
        " VALUES ((SELECT number FROM chain WHERE chain = ?), ?, ?)",
        (entry.chain, entry.seq, entry.token),
    )
    body = record.body
    if isinstance(body, Rating) and body.visit is not None and not body.contested:
        _make_stand(db, body.visit, entry, body.replaces)


def _make_stand(db: sqlite3.Connection, visit: str, entry: Entry, replaces: int | None) -> None:
    if replaces is not None:
        db.execute(
            "DELETE FROM standing WHERE visit = ? AND seq = ?"
            " AND chain = (SELECT number FROM chain WHERE chain = ?)",
            (visit, replaces, entry.chain),
        )
    db.execute(
        "INSERT INTO standing (visit, chain, seq)"
        " VALUES (?, (SELECT number FROM chain WHERE chain = ?), ?)",
        (visit, entry.chain, entry.seq),
    )


def standing(db: sqlite3.Connection, visit: str) -> tuple[str, int] | None:
    """Return chain and seq of the rating that stands for ``visit``, or None."""
    row = db.execute(
        "SELECT chain.chain, standing.seq FROM standing"
        " JOIN chain ON chain.number = standing.chain WHERE visit = ?",
        (visit,),
    ).fetchone()
    return None if row is None else (text(row[0]), whole(row[1]))


def chains(db: sqlite3.Connection) -> list[str]:
    """Return the chain ids, oldest first."""
    return [text(row[0]) for row in db.execute("SELECT chain FROM chain ORDER BY number")]


def spans(db: sqlite3.Connection) -> list[Span]:
    """Return what is held of each chain that has records, oldest chain first."""
    found = []
    for chain in chains(db):
        gone = anchor(db, chain)
        first = next(entries(db, chain, gone.seq + 1 if gone else 1, 1), None)
        last = _end(db, chain, _NEWEST)
        if first is not None and last is not None:
            token = gone.token if gone else None
            found.append(Span(chain, first.seq, first.hash, *last, token))
    return found


def head(db: sqlite3.Connection, chain: str) -> Head:
    """Return the newest record of ``chain``, also of one that is pruned as a whole."""
    last = _end(db, chain, _NEWEST)
    if last is not None:
        return Head(chain, *last)
    gone = anchor(db, chain)
    return Head(chain, gone.seq, gone.hash) if gone else Head(chain, 0, root_hash(chain))


def forget_standing(db: sqlite3.Connection, chain: str, seq: int, limit: int) -> int:
    """Delete up to ``limit`` of what stands at or before ``seq``; return how many."""
    return db.execute(
        "DELETE FROM standing WHERE visit IN (SELECT visit FROM standing"
        " WHERE chain = (SELECT number FROM chain WHERE chain = ?) AND seq <= ? LIMIT ?)",
        (chain, seq, limit),
    ).rowcount


def free_bytes(db: sqlite3.Connection) -> int:
    """Return how much the file can take without growing."""
    pages, size = (db.execute(f"PRAGMA {each}").fetchone()[0] for each in _FREE)
    return whole(pages) * whole(size)


def entries(db: sqlite3.Connection, chain: str, seq: int, limit: int = -1) -> Iterator[Entry]:
    """Yield the records of ``chain`` from ``seq`` on, in order, gaps not looked at."""
    rows = db.execute(
        "SELECT seq, jws FROM record"
        " WHERE chain = (SELECT number FROM chain WHERE chain = ?) AND seq >= ?"
        " ORDER BY seq LIMIT ?",
        (chain, seq, limit),
    )
    for row in rows:
        token = octets(row[1])
        yield Entry(chain, whole(row[0]), digest(token), token)


def by_position(
    db: sqlite3.Connection, first: int, last: int, limit: int
) -> list[tuple[int, Entry]]:
    """Return up to ``limit`` records written as number ``first`` to ``last``, with the number."""
    found = db.execute(
        "SELECT position, chain.chain, seq, jws FROM record JOIN chain"
        " ON chain.number = record.chain WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?",
        (first, last, limit),
    )
    return [
        (whole(at), Entry(text(chain), whole(seq), digest(octets(jws)), octets(jws)))
        for at, chain, seq, jws in found
    ]


def newest_position(db: sqlite3.Connection) -> int:
    """Return the number of the record written last, 0 before the first."""
    return whole(db.execute("SELECT coalesce(max(position), 0) FROM record").fetchone()[0])


def before(db: sqlite3.Connection, entry: Entry) -> Entry | Anchor | None:
    """Return what stands before ``entry`` in its chain; None where that is not held."""
    held = next(entries(db, entry.chain, entry.seq - 1, 1))
    if held.seq == entry.seq - 1:
        return held
    gone = anchor(db, entry.chain)
    return gone if gone and gone.seq == entry.seq - 1 else None


def hash_at(db: sqlite3.Connection, chain: str, seq: int) -> str | None:
    """Return the hash of the record at ``seq``, of the chain id at 0, else None.

    Of what is pruned the last one's hash is still known.
    """
    if seq == 0:
        return root_hash(chain)
    held = next((e.hash for e in entries(db, chain, seq, 1) if e.seq == seq), None)
    if held is not None:
        return held
    gone = anchor(db, chain)
    return gone.hash if gone and gone.seq == seq else None


def holds(db: sqlite3.Connection, chain: str, seq: int, digest: str) -> bool:
    """Say whether this very record is held, or pruned, which only what is receipted is."""
    gone = anchor(db, chain)
    return (gone is not None and seq < gone.seq) or hash_at(db, chain, seq) == digest


def at_of(db: sqlite3.Connection, chain: str, seq: int) -> int | None:
    """Return the wall clock (Unix ms) of the oldest record at or after ``seq``."""
    return next((_at(entry.token) for entry in entries(db, chain, seq, 1)), None)


def newest_at(db: sqlite3.Connection) -> int | None:
    """Return the wall clock (Unix ms) of the record written last."""
    row = db.execute("SELECT jws FROM record ORDER BY position DESC LIMIT 1").fetchone()
    return None if row is None else _at(octets(row[0]))


def _at(token: bytes) -> int | None:
    try:
        return codec.decode(payload_of(token)).stamp.at
    except WireError:
        return None


def _end(db: sqlite3.Connection, chain: str, query: str) -> tuple[int, str] | None:
    row = db.execute(query, (chain,)).fetchone()
    return None if row is None else (whole(row[0]), digest(octets(row[1])))
