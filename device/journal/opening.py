"""Opening the journal: whole, new, or beginning again after damage.

The file lives in a folder of its own, ``journal/``, so that database and write-ahead log are put
aside by one rename. A new file is prepared in ``journal.new/`` until it is complete; therefore:
- ``journal/`` always is complete; a ``journal.new/`` beside it is the rest of an interrupted start;
- ``journal.new/`` alone is complete: the power went between the two renames.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from device.journal import aside, check, database, rows
from device.journal.carve import carve
from device.journal.database import FILE, DamagedError, files_translated, translated
from device.journal.file import JournalFile
from device.journal.former import Former
from device.journal.salvage import salvage
from device.journal.signers import signer_after
from device.journal.writer import Journal, damage_fault
from device.ports import JournalError
from device.versions import built_ms
from wire.errors import WireError
from wire.files import fsync_directory, private_folder
from wire.keys import kid_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from joserfc.jwk import OKPKey

    from device.ports import Clock

log = logging.getLogger(__name__)

FOLDER = "journal"
_NEW = "journal.new"


@dataclass(frozen=True, slots=True)
class Opened:
    """An open journal and what was found.

    Attributes:
        journal: Ready for records.
        how: ``ready``, or the reason for which a new chain was begun.
        aside: Folder with the damaged file, if there was one.
        rescued: Records taken up again from a damaged file or log.
    """

    journal: Journal
    how: Literal["ready", "first", "damage", "new_key"]
    aside: Path | None
    rescued: int


def newest_at(data: Path) -> int | None:
    """Return the wall clock (Unix ms) of the newest record under ``data``; None if unreadable."""
    try:
        with database.reading(data / FOLDER) as db:
            return rows.newest_at(db)
    except JournalError:
        return None


def passed_ms(data: Path) -> int:
    """Return the newest time that has certainly passed, Unix ms: by the image, by ``data``."""
    return max(built_ms(), newest_at(data) or 0)


def signer(data: Path) -> str | None:
    """Return the thumbprint of the key that signs the next record; None if that is unreadable."""
    try:
        with database.reading(data / FOLDER) as db:
            chains = rows.chains(db)
            head = rows.head(db, chains[-1])
            return signer_after(next(rows.entries(db, head.chain, head.seq, 1)).token)
    except (JournalError, WireError, IndexError, StopIteration):
        return None


def open_journal(
    data: Path,
    dev: str,
    key: OKPKey,
    clock: Clock,
    known: Sequence[Former] = (),
    alive: Callable[[], object] = int,
) -> Opened:
    """Open the journal under ``data``, or begin one, or begin again after damage.

    Args:
        data: Folder of the terminal's files; made if it isn't there.
        dev: Terminal id.
        key: The device key.
        clock: Stamps the records.
        known: What the receipts in ``link.db`` say that the server holds, oldest chain first; even
            if the file is gone.
        alive: Called often while a damaged file is searched, now or later, for a watchdog.

    Raises:
        JournalError: The disk is full or read-only, or another process writes this journal.
    """
    return _Opening(data, dev, key, clock, known, alive).run()


class _Opening:
    def __init__(
        self,
        data: Path,
        dev: str,
        key: OKPKey,
        clock: Clock,
        known: Sequence[Former],
        alive: Callable[[], object],
    ) -> None:
        self._data = data
        self._dev = dev
        self._key = key
        self._clock = clock
        self._alive = alive
        self._receipted = {former.chain: former.seq for former in known}
        self._known = known[-1] if known else None
        self._aside: Path | None = None
        self._rescued = 0
        self._lock = -1
        self._writer: sqlite3.Connection | None = None

    def run(self) -> Opened:
        with translated(self._data), files_translated():
            private_folder(self._data)
            self._lock = _lock(self._data / "journal.lock")
            try:
                self._tidy()
                how, journal = self._open()
            except BaseException:
                os.close(self._lock)
                raise
        return Opened(journal, how, self._aside, self._rescued)

    def _tidy(self) -> None:
        folder, new = self._data / FOLDER, self._data / _NEW
        if folder.exists():
            shutil.rmtree(new, ignore_errors=True)
        elif new.exists():
            new.rename(folder)
            fsync_directory(self._data)

    def _open(self) -> tuple[Literal["ready", "first", "damage", "new_key"], Journal]:
        if not (self._data / FOLDER).exists():
            lost = self._known is not None or bool(aside.kept(self._data))
            why = "the journal was not there" if lost else None
            db = self._begin_again(why, self._key)
            return ("damage" if lost else "first"), self._journal(db)
        try:
            journal, signed_by_us = self._examine()
        except DamagedError as damage:
            log.error("the journal is damaged: %s; its records are searched for", damage)
            new = self._begin_again(str(damage), self._key)
            if self._writer is not None:
                self._writer.close()  # only now: its file was moved away, and stays as it is
            return "damage", self._journal(new)
        if signed_by_us:
            return "ready", journal
        head = journal.head()
        journal.begin_chain("new_key", Former(head.chain, head.seq, head.hash))
        return "new_key", journal

    def _examine(self) -> tuple[Journal, bool]:
        # Looked at through a reading connection: closing a writing one would fold the log in and
        # delete it, with what SQLite could not make out of it.
        folder = self._data / FOLDER
        in_log = list(carve(folder / f"{FILE}-wal", self._dev, kid_of(self._key)))
        with database.reading(folder) as db:
            check.check_file(db)
            check.check_ends(db, self._dev, self._key, self._receipted)
            missing = check.rescued(db, in_log, self._key)
        self._writer = database.open_writer(folder)
        journal = self._journal(self._writer)
        if missing:
            log.warning("%d records taken up from the write-ahead log", len(missing))
            journal.take_up([(c.record, c.entry()) for c in missing])
            self._rescued = len(missing)
        return journal, signer_after(journal.newest_token()) == kid_of(self._key)

    def _journal(self, db: sqlite3.Connection) -> Journal:
        file = JournalFile(db, self._dev, self._lock, self._data)
        return Journal(file, self._dev, self._key, self._clock, self._begin_again)

    def _begin_again(self, why: str | None, key: OKPKey) -> sqlite3.Connection:
        """Prepare a new file with all that can be saved, put it in place, return it open."""
        self._key = key  # it may have changed since the opening
        folder, new = self._data / FOLDER, self._data / _NEW
        with translated(self._data), files_translated():
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir(mode=0o700)
            self._prepare(new, folder, why)
            _fsync_all(new)
            if folder.exists():
                self._aside = _free_name(self._data)
                folder.rename(self._aside)
                fsync_directory(self._data)
            new.rename(folder)
            fsync_directory(self._data)
        return database.open_writer(folder)

    def _prepare(self, new: Path, damaged: Path, why: str | None) -> None:
        db = database.create(new)
        journal = Journal(JournalFile(db, self._dev), self._dev, self._key, self._clock)
        try:
            if why is None:
                journal.begin_chain("first")
                return
            self._rescued = salvage(damaged, db, self._dev, self._key, self._alive)
            journal.begin_chain("damage", self._former(db))
            journal.append(damage_fault(f"{why}; {self._rescued} records saved"))
        finally:
            journal.close()

    def _former(self, db: sqlite3.Connection) -> Former | None:
        chains = rows.chains(db)
        if not chains:
            return self._known
        head = rows.head(db, chains[-1])
        known = self._known
        if known is None or known.chain != head.chain:
            return Former(head.chain, head.seq, head.hash)
        if known.seq > head.seq:
            return known
        return Former(head.chain, head.seq, head.hash, known.receipt)


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise JournalError(
            f"{path}: another process writes this journal; only one terminal may run on a folder",
            "taken",
        ) from None
    return descriptor


def _free_name(data: Path) -> Path:
    number = 1
    while (data / f"{aside.NAME}{number}").exists():
        number += 1
    return data / f"{aside.NAME}{number}"


def _fsync_all(folder: Path) -> None:
    for path in folder.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    fsync_directory(folder)
