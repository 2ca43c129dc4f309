"""Connections to ``journal.db``, and what SQLite's errors mean for it."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from device.journal import disk
from device.ports import JournalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from device.core.view import Trouble

FILE = "journal.db"
SCHEMA_VERSION = 2
LEAST = 1000
"""``user_version`` is this times the least version whose program can read and write the file, plus
the file's own version. Below it, as up to version 2, only the version itself can."""
_FIRST = Path(__file__).with_name("schema.sql")
_SECOND = Path(__file__).with_name("schema-2.sql")
# What a file of version 1 is read with: one of which nothing was pruned.
_NO_ANCHORS = "CREATE TEMP TABLE anchor (chain INTEGER, seq INTEGER, hash TEXT, token BLOB)"
_MAGIC = b"SQLite format 3\0"
_BUSY_S = 10.0
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

    trouble = "damaged"


def create(folder: Path) -> sqlite3.Connection:
    """Make ``journal.db`` in an empty ``folder`` and return the writing connection.

    Raises:
        JournalError: The file system refuses.
    """
    with translated(folder):
        connection = _connect(folder)
        connection.executescript(_FIRST.read_text(encoding="utf-8"))
        _bring_up_to_date(connection)
        return connection


def open_writer(folder: Path) -> sqlite3.Connection:
    """Return the writing connection to ``journal.db`` in ``folder``, brought up to date.

    Raises:
        DamagedError: It is no SQLite file of this version.
        JournalError: The file system refuses.
    """
    check_header(folder / FILE)
    with translated(folder, opening=True):
        connection = _connect(folder)
        try:
            least, version = _versions(connection)
            if version == 1:
                _bring_up_to_date(connection)
            elif version < SCHEMA_VERSION or least > SCHEMA_VERSION:
                raise DamagedError(f"its schema version is {version}, not {SCHEMA_VERSION}")
        except BaseException:
            connection.close()
            raise
    return connection


def _bring_up_to_date(connection: sqlite3.Connection) -> None:
    script = _SECOND.read_text(encoding="utf-8")
    connection.executescript(f"BEGIN IMMEDIATE; {script} COMMIT;")


def _versions(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return the least version that can read and write the file, and its own."""
    least, version = divmod(int(connection.execute("PRAGMA user_version").fetchone()[0]), LEAST)
    return least or version, version


@contextmanager
def reading(folder: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, for this one use.

    A fresh one each time, because the writer may put a new file in the place of a damaged one.

    Raises:
        JournalError: The journal cannot be read (`DamagedError` when its file is broken).
    """
    _check_size(folder / FILE)
    with translated(folder, opening=True):
        uri = f"file:{quote(str(folder / FILE))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, isolation_level=None)
        try:
            if _versions(connection)[1] == 1:
                connection.execute("PRAGMA temp_store = MEMORY")
                connection.execute(_NO_ANCHORS)
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
        raise disk.refusal(f"{path}: cannot be read", error) from None
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
        raise disk.refusal(f"{path}: cannot be read", error) from None
    if len(start) < 100 or not start.startswith(_MAGIC):
        raise DamagedError(f"{path.name} does not begin as an SQLite file")


@contextmanager
def translated(folder: Path | None = None, *, opening: bool = False) -> Iterator[None]:
    """Turn SQLite's errors into `JournalError`, and those of a broken file into `DamagedError`.

    Args:
        folder: Where the file is: its disk is looked at when SQLite does not say what failed.
        opening: The statements are known to be right, so that a "no such table" means damage.
    """
    try:
        yield
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise _meaning(error, opening, folder) from None
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
        raise disk.refusal("the journal cannot be used", error) from None


def _meaning(error: Exception, opening: bool, folder: Path | None) -> JournalError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return DamagedError(str(error)) if opening else JournalError(str(error))
    primary = code & 0xFF
    if primary in _DAMAGE or code in _DAMAGE_EXTENDED:
        return DamagedError(str(error))
    if opening and primary in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG):
        return DamagedError(str(error))
    trouble = _TROUBLES.get(primary)
    if trouble is None and primary in _UNTOLD and folder is not None:
        trouble = disk.trouble_of(folder)
    advice = _ADVICE.get(trouble or "other") or _UNTOLD.get(primary, "")
    return JournalError(f"the journal cannot be used: {error}{advice}", trouble)


_TROUBLES: dict[int, Trouble] = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_READONLY: "read_only",
    sqlite3.SQLITE_BUSY: "taken",
    sqlite3.SQLITE_LOCKED: "taken",
}
_ADVICE: dict[Trouble, str] = {
    "full": "; make room on the disk",
    "read_only": "; the file or its disk is read-only",
    "taken": "; another process writes it",
}
# A full disk and a read-only one may come as these, too: SQLite keeps the system's word to itself.
_UNTOLD = {
    sqlite3.SQLITE_CANTOPEN: "; look at the folder's owner and rights",
    sqlite3.SQLITE_IOERR: "; the disk may be failing",
}


def _connect(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        folder / FILE, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    # The thank-you is shown after the commit, so the commit must outlive a power cut.
    connection.execute("PRAGMA synchronous = FULL")
    # `folding` does it, after a look.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection
