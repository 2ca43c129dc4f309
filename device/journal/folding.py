"""Folding the write-ahead log into the file: never before a look at what it holds.

SQLite checks the sums in its log only when it opens it. A log that was overwritten while it was
in use would go into the file as it is, and the next commits over the older copies of its pages,
out of which `salvage` could still have read the records.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from device.journal import check, database, rows

if TYPE_CHECKING:
    import sqlite3

EVERY = 50
"""Commits: at four or five pages each the log stays near 1 MB, which bounds both the start and what
a lost log could hold."""
AT_REST = 20
"""Commits after which it is done while nobody presses: hardly a press then has to wait for it."""
_LOOK = 2 * EVERY


def fold(db: sqlite3.Connection, dev: str, head: rows.Head | None = None) -> None:
    """Check the newest records as they stand in the log by their links, then fold it in.

    Args:
        db: The writing connection. Its pages in memory prove nothing: a fresh one looks.
        dev: Terminal id.
        head: The record written last, where that is known.

    Raises:
        DamagedError: A record does not prove itself; nothing was folded in.
        JournalError: The file cannot be read.
        sqlite3.Error: It cannot be written.
    """
    with database.reading(_folder_of(db)) as fresh:
        if head is not None:
            check.check_head(fresh, head)
        newest = rows.newest_position(fresh)
        check.check_positions(fresh, newest - _LOOK + 1, newest, _LOOK, dev, None)
    db.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _folder_of(db: sqlite3.Connection) -> Path:
    return Path(db.execute("PRAGMA database_list").fetchone()[2]).parent
