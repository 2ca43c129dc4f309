"""Press → durable commit, beside a bare SQLite commit of a row of the same size."""

import sqlite3
import tempfile
from pathlib import Path

from tests.bench.measure import in_turn, report
from tests.fakes.journals import StillClock, opened, rating

TIMES = 400


def run() -> list[str]:
    """Return the figures."""
    with tempfile.TemporaryDirectory() as folder:
        journal = opened(Path(folder) / "ours", StillClock()).journal
        journal.append(rating("v-0"))
        bare = bare_database(Path(folder) / "bare.db")
        row = journal.newest_token()
        count = iter(range(1, 10**9))
        return report(
            *in_turn(
                (
                    "journal: stamp, sign, link, commit",
                    lambda: journal.append(rating(f"v-{next(count)}")),
                ),
                (f"bare SQLite commit of {len(row)} bytes", lambda: insert(bare, row)),
                TIMES,
            )
        )


def bare_database(path: Path) -> sqlite3.Connection:
    """Return a database as durable as the journal's, with one plain table."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE record (position INTEGER PRIMARY KEY, jws BLOB NOT NULL)")
    return database


def insert(database: sqlite3.Connection, row: bytes) -> None:
    """Commit one row."""
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO record (jws) VALUES (?)", (row,))
    database.execute("COMMIT")
