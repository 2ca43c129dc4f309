"""The one writer of the journal: stamp, sign, link, commit; then and only then say so."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import RLock
from typing import TYPE_CHECKING

from device.journal import disk, rows
from device.journal.check import check_head
from device.journal.database import DamagedError, translated
from device.journal.folding import EVERY, fold
from device.ports import Appended, ChainEndedError, JournalError
from wire import codec
from wire.envelope import digest, seal
from wire.errors import WireError
from wire.ids import new_id
from wire.keys import x_of
from wire.records import ChainStart, Fault, KeyChange, Rating, Reasons, Record, Stamp

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from joserfc.jwk import OKPKey

    from device.ports import Clock
    from wire.records import Body, ChainReason

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Former:
    """What a new chain says about the one before it.

    Attributes:
        chain: Its id.
        seq: Its last known position, and ``hash`` the record's there.
        receipt: The last receipt held for it, a compact JWS.
        server_seq: With a fork, the head that the server's receipt named, and its ``server_hash``.
    """

    chain: str
    seq: int
    hash: str
    receipt: str | None = None
    server_seq: int | None = None
    server_hash: str | None = None


class Journal:
    """Appends records to the newest chain of an open ``journal.db``; safe between threads.

    Args:
        db: The writing connection.
        dev: Terminal id.
        key: The device key that signs.
        clock: Gives boot, up, time and its quality.
        repair: Called with the reason and the present key when the file turns out broken while
            running; puts a new file in its place and returns a connection to it.
        lock: Descriptor that keeps a second writer out; closed with the journal.
        folder: Where the file is; None leaves the room on its disk unwatched.
    """

    def __init__(
        self,
        db: sqlite3.Connection,
        dev: str,
        key: OKPKey,
        clock: Clock,
        repair: Callable[[str, OKPKey], sqlite3.Connection] | None = None,
        lock: int | None = None,
        folder: Path | None = None,
    ) -> None:
        self._db = db
        self._dev = dev
        self._key = key
        self._clock = clock
        self._repair = repair
        self._file_lock = lock
        self._folder = folder
        self._lock = RLock()
        self._head: rows.Head | None = None
        self._unfolded = 0

    @property
    def key(self) -> OKPKey:
        """The device key that signs."""
        return self._key

    def append(self, body: Body) -> Appended:
        """Stamp, sign and durably commit one record.

        A rating is entered as the database's constraint allows, so that no press is lost over
        what the caller believes: where a rating stands already and is not the one that
        ``replaces`` names in this chain, the new one is ``contested``; where none stands, it
        stands and replaces nothing.

        Raises:
            ChainEndedError: These reasons name a rating of a chain that has just ended.
            JournalError: Nothing was stored.
        """
        if isinstance(body, ChainStart):
            raise JournalError("a chain is begun by begin_chain")
        with self._lock:
            try:
                self._check_room()
                return self._append(body)
            except DamagedError as damage:
                self.mend(str(damage))
                if isinstance(body, Reasons):
                    why = "the rating of these reasons is in a former chain"
                    raise ChainEndedError(why) from None
                return self._append(body)

    def change_key(self, key: OKPKey) -> Appended:
        """Sign all further records by ``key``; the old key signs the word that it follows.

        Raises:
            JournalError: Nothing was stored, and the old key goes on.
        """
        with self._lock:
            appended = self.append(KeyChange(x_of(key)))
            self._key = key
            return appended

    def begin_chain(self, reason: ChainReason, former: Former | None = None) -> Appended:
        """Begin a new chain; the next records go there.

        Raises:
            JournalError: Nothing was stored, and the old chain goes on.
        """
        with self._lock:
            with self.looking() as db:
                head = rows.head(db, new_id())
            try:
                return self._commit(_start(reason, former), head)
            except WireError as error:
                log.warning("the receipt is left out of the new chain's start: %s", error)
            try:
                return self._commit(_start(reason, former, receipt=False), head)
            except WireError as error:
                log.warning("the former chain is not named: %s", error)
                return self._commit(ChainStart(reason), head)

    def head(self) -> rows.Head:
        """Return the newest record of the chain being written.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self._lock:
            if self._head is None:
                with self.looking() as db:
                    self._head = rows.head(db, rows.chains(db)[-1])
            return self._head

    def newest_token(self) -> bytes:
        """Return the signed bytes of the newest record of the chain being written.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self._lock:
            head = self.head()
            with self.looking() as db:
                return next(rows.entries(db, head.chain, head.seq, 1)).token

    def standing(self, visit: str) -> int | None:
        """Return the seq of the rating that stands for ``visit``, or None.

        A rating in an earlier chain is told by its seq there; `append` knows the difference.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.looking() as db:
            found = rows.standing(db, visit)
        return found[1] if found else None

    def newest_at(self) -> int | None:
        """Return the wall clock (Unix ms) of the newest record; that time has passed.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.looking() as db:
            return rows.newest_at(db)

    def close(self) -> None:
        """Close the file; committed records are safe with or without this."""
        with self._lock:
            try:
                self._fold_or_mend()
            except JournalError as error:
                log.error("the journal is closed as it is: %s", error)
            self._db.close()
            if self._file_lock is not None:
                os.close(self._file_lock)
                self._file_lock = None

    def take_up(self, records: list[tuple[Record, rows.Entry]]) -> None:
        """Enter signed records that continue their chains, as they are.

        Raises:
            JournalError: Nothing was stored.
        """
        with self.changing() as db:
            for record, entry in records:
                rows.add_chain(db, entry.chain)
                rows.insert(db, record, entry)
        self._head = None

    def mend(self, why: str) -> None:
        """Put the file aside, which is damaged, and go on in a new one with what can be saved.

        Raises:
            JournalError: There is no room for that now, or nobody who does it.
        """
        with self._lock:
            if self._repair is None:
                raise DamagedError(why)
            log.error("the journal is damaged: %s; going on in a new file", why)
            broken, self._db = self._db, self._repair(why, self._key)
            # Closed only now that it was moved away: SQLite then leaves its log as it is.
            broken.close()
            self._head = None
            self._unfolded = 0

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
        with self._lock, translated(self._folder):
            yield self._db

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for statements that are committed together at the end.

        Raises:
            JournalError: Nothing was changed.
        """
        with self._lock, translated(self._folder):
            self._fold_in_time()
            with self._transaction():
                yield self._db
            self._unfolded += 1

    def _check_room(self) -> None:
        """Keep the last of the disk free: to prune, and to fold the log in, needs room itself."""
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

    def _fold_or_mend(self) -> None:
        # SQLite folds the log in when it closes the file, and deletes it.
        try:
            self.fold()
        except DamagedError as damage:
            self.mend(str(damage))

    def _append(self, body: Body) -> Appended:
        try:
            return self._commit(self._settled(body), self.head())
        except WireError as error:
            raise JournalError(f"not a record: {error}") from None

    def _settled(self, body: Body) -> Body:
        if not isinstance(body, Rating) or body.visit is None or body.contested:
            return body
        with self.looking() as db:
            standing = rows.standing(db, body.visit)
        wanted = None if body.replaces is None else (self.head().chain, body.replaces)
        if standing == wanted:
            return body
        return replace(body, replaces=None, contested=True if standing else None)

    def _commit(self, body: Body, head: rows.Head) -> Appended:
        record = Record(self._stamp(head), body)
        token = seal(codec.encode(record), self._key)
        entry = rows.Entry(head.chain, head.seq + 1, digest(token), token)
        with self.changing() as db:
            if entry.seq == 1:
                rows.add_chain(db, entry.chain)
            else:
                check_head(db, head)
            rows.insert(db, record, entry)
        self._head = rows.Head(entry.chain, entry.seq, entry.hash)
        stands = isinstance(body, Rating) and not body.contested
        return Appended(entry.chain, entry.seq, entry.hash, stands)

    def _roll_back(self) -> None:
        # What the file now holds is read again before the next record is linked to it.
        self._head = None
        if self._db.in_transaction:
            self._db.rollback()

    def _stamp(self, head: rows.Head) -> Stamp:
        return Stamp(
            dev=self._dev,
            chain=head.chain,
            seq=head.seq + 1,
            prev=head.hash,
            boot=self._clock.boot_id,
            up=self._clock.up_ms(),
            at=self._clock.wall_ms(),
            clock=self._clock.quality(),
        )


def damage_fault(why: str) -> Fault:
    """Return the fault that says what is wrong with the journal."""
    printable = "".join(c if c.isascii() and c.isprintable() else "?" for c in why)
    return Fault("journal", printable[:200] or None)


def _start(reason: ChainReason, former: Former | None, *, receipt: bool = True) -> ChainStart:
    if former is None:
        return ChainStart(reason)
    return ChainStart(
        reason=reason,
        former=former.chain,
        former_seq=former.seq,
        former_hash=former.hash,
        receipt=former.receipt if receipt else None,
        server_seq=former.server_seq,
        server_hash=former.server_hash,
    )
