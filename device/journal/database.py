"""Connections to ``journal.db``, and what SQLite's errors mean for it."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from device.ports import JournalError

if TYPE_CHECKING:
    from collections.abc import Iterator

FILE = "journal.db"
SCHEMA_VERSION = 1
_SCHEMA = Path(__file__).with_name("schema.sql")
_MAGIC = b"SQLite format 3\0"
_BUSY_S = 10.0
# 250 pages: the log stays near 1 MB, which bounds both the start and what a lost log could hold.
_CHECKPOINT_PAGES = 250
# A file that is torn or overwritten: what SQLite says, and a sector that can't be read.
_DAMAGE = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_MISMATCH,
}
_DAMAGE_EXTENDED = {
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
    sqlite3.SQLITE_IOERR_CORRUPTFS,
}


class DamagedError(JournalError):
    """The file is not a whole journal; records may still be readable in its bytes."""


def create(folder: Path) -> sqlite3.Connection:
    """Make ``journal.db`` in an empty ``folder`` and return the writing connection.

    Raises:
        JournalError: The file system refuses.
    """
    with translated():
        connection = _connect(folder)
        connection.executescript(_SCHEMA.read_text(encoding="utf-8"))
        return connection


def open_writer(folder: Path) -> sqlite3.Connection:
    """Return the writing connection to the existing ``journal.db`` in ``folder``.

    Raises:
        DamagedError: It is no SQLite file of this version.
        JournalError: The file system refuses.
    """
    check_header(folder / FILE)
    with translated(opening=True):
        connection = _connect(folder)
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != SCHEMA_VERSION:
        connection.close()
        raise DamagedError(f"its schema version is {version}, not {SCHEMA_VERSION}")
    return connection


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, for this one use.

    A fresh one each time, because the writer may put a new file in the place of a damaged one.

    Raises:
        JournalError: The journal cannot be read (`DamagedError` when its file is broken).
    """
    _check_size(folder / FILE)
    with translated(opening=True):
        uri = f"file:{quote(str(folder / FILE))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


def _check_size(path: Path) -> None:
    """See that ``path`` is not empty, without opening it.

    SQLite takes an empty file for a new database and then deletes the log beside it, which may
    hold records: so look before it does. And to open and close a file behind SQLite's back drops
    all locks that this process has on it (fcntl(2)).
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror or error}") from None
    if size == 0:
        raise DamagedError(f"{path.name} is empty")


def check_header(path: Path) -> None:
    """See that ``path`` begins as an SQLite file does; not while this process has it open.

    Raises:
        DamagedError: It doesn't.
        JournalError: It cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            start = file.read(100)
    except OSError as error:
        raise JournalError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(start) < 100 or not start.startswith(_MAGIC):
        raise DamagedError(f"{path.name} does not begin as an SQLite file")


@contextmanager
def translated(*, opening: bool = False) -> Iterator[None]:
    """Turn SQLite's errors into `JournalError`, and those of a broken file into `DamagedError`.

    Args:
        opening: The statements are known to be right, so that a "no such table" means damage.
    """
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _meaning(error, opening) from None
    except MemoryError:
        # A torn length field makes SQLite ask for memory that nobody has.
        raise DamagedError("a length in it is impossible") from None
    except UnicodeDecodeError:
        # SQLite names a damaged schema in its own bytes.
        raise DamagedError("its schema is not UTF-8") from None


@contextmanager
def files_translated() -> Iterator[None]:
    """Turn errors of the file system into `JournalError`."""
    try:
        yield
    except OSError as error:
        raise JournalError(f"the journal cannot be used: {error.strerror or error}") from None


def _meaning(error: Exception, opening: bool) -> JournalError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return DamagedError(str(error)) if opening else JournalError(str(error))
    primary = code & 0xFF
    if primary in _DAMAGE or code in _DAMAGE_EXTENDED:
        return DamagedError(str(error))
    if opening and primary in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG):
        return DamagedError(str(error))
    return JournalError(f"the journal cannot be used: {error}{_ADVICE.get(primary, '')}")


_ADVICE = {
    sqlite3.SQLITE_FULL: "; make room on the disk",
    sqlite3.SQLITE_READONLY: "; the file or its disk is read-only",
    sqlite3.SQLITE_CANTOPEN: "; look at the folder's owner and rights",
    sqlite3.SQLITE_BUSY: "; another process writes it",
    sqlite3.SQLITE_IOERR: "; the disk may be failing",
}


def _connect(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        folder / FILE, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    # The thank-you is shown after the commit, so the commit must outlive a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection
