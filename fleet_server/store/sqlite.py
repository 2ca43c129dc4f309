"""SQLite as the fleet uses it: one file, WAL, one writer, every commit synced."""

import fcntl
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import DatabaseError, SqliteDatabase
from peewee import __exception_wrapper__ as translated  # type: ignore[attr-defined]  # not listed

from fleet_server.addresses import SQLITE
from fleet_server.store.errors import SchemaError

BUSY_TIMEOUT_S = 30
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": 1, "cache_size": -16_000}


class Sqlite(SqliteDatabase):
    """A file; every transaction but a snapshot takes the write lock at its beginning."""

    snapshot = "DEFERRED"
    """How a transaction begins that only reads."""

    def __init__(self, url: str) -> None:
        """Name the file; it is opened when a thread first asks something."""
        self.path = path_of(url)
        super().__init__(
            str(self.path), pragmas=PRAGMAS, timeout=BUSY_TIMEOUT_S, lock_type="IMMEDIATE"
        )

    def check(self) -> None:
        """Open the file.

        Raises:
            SchemaError: it can't be opened.
        """
        try:
            self.connect(reuse_if_open=True)
        except DatabaseError as error:
            raise SchemaError(
                f"{self.path}: can't be opened ({error}); is it readable and writable, with its "
                "folder, for this user, and a whole database?"
            ) from None

    def end(self) -> None:
        """Close this thread's connection."""
        if not self.is_closed():
            self.close()

    def exists(self) -> bool:
        """Whether there is such a file."""
        return self.path.exists()

    def version(self) -> int:
        """Return a number that changes when another connection has committed something."""
        return int(self.data_version)

    def stream(self, text: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """Yield what a query returns, so many rows at a time."""
        cursor = self.execute_sql(text)  # type: ignore[no-untyped-call]  # peewee
        while part := cursor.fetchmany(size):
            yield part

    def empty(self, tables: Sequence[str]) -> None:
        """Take all rows out of tables, given in an order in which none refers to a later one."""
        for table in reversed(tables):
            self.execute_sql(f'DELETE FROM "{table}"')  # type: ignore[no-untyped-call]  # peewee

    def fill(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows as they are."""
        marks = ", ".join("?" * len(columns))
        with translated:
            self.cursor().executemany(  # type: ignore[no-untyped-call]  # peewee
                f'INSERT INTO "{table}" ({_named(columns)}) VALUES ({marks})', rows
            )

    def go_on_numbering(self, table: str) -> None:
        """Let new rows get numbers above all there are, which SQLite does by itself."""

    def flaws(self) -> list[str]:
        """Return in words what of its settings lets a commit be lost."""
        found = []
        if self.pragma("journal_mode") != "wal":
            found.append("journal_mode is not wal")
        if self.pragma("synchronous") < 2:
            found.append("synchronous is not full")
        return found

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Let one process at a time change the tables."""
        name = self.path.with_name(f".{self.path.name}.migrating")
        name.touch(0o600)  # whoever may open it can hold up the others
        with name.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _named(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def path_of(url: str) -> Path:
    """Return the file that an address names.

    Raises:
        SchemaError: it names none.
    """
    if not url.startswith(SQLITE) or url == SQLITE:
        raise SchemaError(f"{url}: not a database address such as sqlite:fleet.db")
    return Path(url.removeprefix(SQLITE))


def may_pass(cause: Any) -> bool:
    """Whether an error can go away by itself: a statement that is not taken never is."""
    return getattr(cause, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
