"""The open file of the journal: reading, changing, folding in, and the room that is left."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

from device.journal import disk, rows
from device.journal.database import DamagedError, translated
from device.journal.folding import EVERY, fold
from device.ports import JournalError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

log = logging.getLogger(__name__)


class JournalFile:
    """An open ``journal.db``; safe between threads.

    Args:
        db: The writing connection.
        dev: Terminal id.
        descriptor: Keeps a second writer out; closed with the file.
        folder: Where the file is; None leaves the room on its disk unwatched.

    Attributes:
        lock: Held while the file is used; who needs several steps as one holds it around them.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        dev: str,
        descriptor: int | None = None,
        folder: Path | None = None,
    ) -> None:
        self._db = db
        self._dev = dev
        self._descriptor = descriptor
        self._folder = folder
        self._unfolded = 0
        self.lock = RLock()
        self._head: rows.Head | None = None

    def head(self) -> rows.Head:
        """Return the newest record of the newest chain.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.lock:
            if self._head is None:
                with self.looking() as db:
                    self._head = rows.head(db, rows.chains(db)[-1])
            return self._head

    def wrote(self, head: rows.Head | None) -> None:
        """Learn which record was written last; None where that must be read."""
        self._head = head

    def exchange(self, db: sqlite3.Connection) -> None:
        """Go on with the connection to another file; the former one was moved away."""
        with self.lock:
            broken, self._db = self._db, db
            # Closed only now that it was moved away: SQLite then leaves its log as it is.
            broken.close()
            self._head = None
            self._unfolded = 0

    def close(self) -> None:
        """Close the file; committed records are safe with or without this."""
        with self.lock:
            self._db.close()
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def fold(self, least: int = 1) -> None:
        """Fold the write-ahead log into the file if ``least`` commits were made since.

        Raises:
            JournalError: It cannot be done now (`DamagedError` when the log is damaged).
        """
        if self._unfolded >= least:
            with self.looking() as db:
                fold(db, self._dev, self._head)
            self._unfolded = 0

    def room(self) -> int | None:
        """Return how many bytes can still be stored; None where the disk does not say.

        Raises:
            JournalError: The journal cannot be read.
        """
        free = None if self._folder is None else disk.free_bytes(self._folder)
        with self.looking() as db:
            return None if free is None else free + rows.free_bytes(db)

    @contextmanager
    def looking(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for statements that only read.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.lock, translated(self._folder):
            yield self._db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for statements that are committed together at the end.

        Raises:
            JournalError: Nothing was changed.
        """
        with self.lock, translated(self._folder):
            self._fold_in_time()
            with self._transaction():
                yield self._db
            self._unfolded += 1

    def check_room(self) -> None:
        """Keep the last of the disk free: to prune, and to fold the log in, needs room itself.

        Raises:
            JournalError: There is too little.
        """
        free = None if self._folder is None else disk.free_bytes(self._folder)
        if free is not None and free < disk.LAST_BYTES and (self.room() or 0) < disk.LAST_BYTES:
            raise JournalError(
                f"the disk is full: {free >> 10} KiB are left; make room on it", "full"
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _fold_in_time(self) -> None:
        try:
            self.fold(EVERY)
        except DamagedError:
            raise
        except JournalError as error:
            # The log still takes what a file on a full disk does not.
            log.warning("the log is not folded in: %s", error)

    def _roll_back(self) -> None:
        # What the file now holds is read again before the next record is linked to it.
        self._head = None
        if self._db.in_transaction:
            self._db.rollback()
