"""The file ``link.db``: where it is, how it is opened, and what happens when it is broken."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from wire.files import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

FILE = "link.db"
_STEPS = ("schema.sql", "schema_2.sql")
"""What brings the file from each version to the next."""
VERSION = len(_STEPS)
_MILESTONES = Path(__file__).with_name("milestones.sql")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class InboxError(Exception):
    """``link.db`` cannot be used; the text says why."""


def machine_boot_id() -> str:
    """Return the kernel's id of this boot, within which ``up`` of all processes compares."""
    return _BOOT_ID.read_text(encoding="ascii").strip()


def open_writer(data: Path) -> sqlite3.Connection:
    """Return the writing connection; a broken file is put aside and a new one begun.

    Raises:
        InboxError: The disk is full or read-only, or the file is another's.
    """
    path = data / FILE
    try:
        private_folder(data)
        try:
            return _open(path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # SQLite names a damaged schema in its own bytes, which need not be UTF-8.
            if isinstance(error, sqlite3.Error) and not _is_damage(error):
                raise
            log.error("%s is damaged (%s); it is put aside and a new one begun", FILE, error)
            _put_aside(path)
            return _open(path)
    except (sqlite3.Error, OSError) as error:
        raise InboxError(f"{path}: cannot be written: {error}") from None


@contextmanager
def reading(data: Path) -> Iterator[sqlite3.Connection]:
    """Give a reading connection, anew for each use, since the writer may begin a new file.

    Raises:
        InboxError: There is no such file yet, or it cannot be read now.
    """
    with translated(), closing(open_reader(data)) as db:
        yield db


@contextmanager
def translated() -> Iterator[None]:
    """Say what a failure to read means.

    Raises:
        InboxError: There is no such file yet, or it cannot be read now.
    """
    try:
        yield
    except (sqlite3.Error, MemoryError, UnicodeDecodeError) as error:
        raise InboxError(f"{FILE} cannot be read: {error}") from None


def open_reader(data: Path) -> sqlite3.Connection:
    """Return a connection that cannot write, for one thread at a time; see `translated`."""
    uri = f"file:{quote(str(data / FILE))}?mode=ro"
    return sqlite3.connect(
        uri, uri=True, timeout=1.0, isolation_level=None, check_same_thread=False
    )


def _open(path: Path) -> sqlite3.Connection:
    # One thread at a time uses it; a test may build it in another than it runs in.
    db = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # FULL: were a commit lost with the power, n would fall back and something old be obeyed
        # again. Nobody waits for this file, and it is written only when the server says something.
        db.execute("PRAGMA synchronous = FULL")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if not 0 <= version <= VERSION:
            raise sqlite3.DatabaseError(f"its version is {version}, not {VERSION}")
        if version and db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("SQLite's check found damage")
        for name in _STEPS[version:]:
            step = Path(__file__).with_name(name).read_text(encoding="utf-8")
            db.executescript(f"BEGIN IMMEDIATE; {step} COMMIT;")
        db.executescript(_MILESTONES.read_text(encoding="utf-8"))
    except BaseException:
        db.close()
        raise
    return db


def _is_damage(error: sqlite3.DatabaseError) -> bool:
    # Without a code it is one of ours; SQLITE_ERROR is a schema that isn't there.
    code = getattr(error, "sqlite_errorcode", None)
    broken = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
    return code is None or code & 0xFF in broken


def _put_aside(path: Path) -> None:
    number = 1
    while path.with_name(f"{FILE}.damaged-{number}").exists():
        number += 1
    path.replace(path.with_name(f"{FILE}.damaged-{number}"))
    for suffix in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(FILE + suffix).replace(
                path.with_name(f"{FILE}.damaged-{number}{suffix}")
            )
