"""The one writer of the journal: stamp, sign, link, commit; then and only then say so."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from device.journal import rows
from device.journal.check import check_head
from device.journal.database import DamagedError
from device.journal.former import start_of
from device.ports import Appended, ChainEndedError, JournalError
from wire import codec
from wire.envelope import digest, seal
from wire.errors import WireError
from wire.ids import new_id
from wire.keys import x_of
from wire.records import ChainStart, Fault, KeyChange, Rating, Reasons, Record, Stamp

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from joserfc.jwk import OKPKey

    from device.journal.file import JournalFile
    from device.journal.former import Former
    from device.ports import Clock
    from wire.records import Body, ChainReason

log = logging.getLogger(__name__)


class Journal:
    """Appends records to the newest chain of an open ``journal.db``; safe between threads.

    Args:
        file: The open file.
        dev: Terminal id.
        key: The device key that signs.
        clock: Gives boot, up, time and its quality.
        repair: Called with the reason and the present key when the file turns out broken while
            running; puts a new file in its place and returns a connection to it.
    """

    def __init__(
        self,
        file: JournalFile,
        dev: str,
        key: OKPKey,
        clock: Clock,
        repair: Callable[[str, OKPKey], sqlite3.Connection] | None = None,
    ) -> None:
        self.file = file
        self._dev = dev
        self._key = key
        self._clock = clock
        self._repair = repair

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
        with self.file.lock:
            try:
                self.file.check_room()
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
        with self.file.lock:
            appended = self.append(KeyChange(x_of(key)))
            self._key = key
            return appended

    def begin_chain(self, reason: ChainReason, former: Former | None = None) -> Appended:
        """Begin a new chain; the next records go there.

        Raises:
            JournalError: Nothing was stored, and the old chain goes on.
        """
        with self.file.lock:
            with self.file.looking() as db:
                head = rows.head(db, new_id())
            try:
                return self._commit(start_of(reason, former), head)
            except WireError as error:
                log.warning("the receipt is left out of the new chain's start: %s", error)
            try:
                return self._commit(start_of(reason, former, receipt=False), head)
            except WireError as error:
                log.warning("the former chain is not named: %s", error)
                return self._commit(ChainStart(reason), head)

    def head(self) -> rows.Head:
        """Return the newest record of the chain being written.

        Raises:
            JournalError: The journal cannot be read.
        """
        return self.file.head()

    def newest_token(self) -> bytes:
        """Return the signed bytes of the newest record of the chain being written.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.file.lock:
            head = self.head()
            with self.file.looking() as db:
                return next(rows.entries(db, head.chain, head.seq, 1)).token

    def standing(self, visit: str) -> int | None:
        """Return the seq of the rating that stands for ``visit``, or None.

        A rating in an earlier chain is told by its seq there; `append` knows the difference.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.file.looking() as db:
            found = rows.standing(db, visit)
        return found[1] if found else None

    def newest_at(self) -> int | None:
        """Return the wall clock (Unix ms) of the newest record; that time has passed.

        Raises:
            JournalError: The journal cannot be read.
        """
        with self.file.looking() as db:
            return rows.newest_at(db)

    def check_room(self) -> None:
        """Make sure that there is room for the next record; cheap.

        Raises:
            JournalError: There is too little.
        """
        self.file.check_room()

    def close(self) -> None:
        """Close the file; committed records are safe with or without this."""
        with self.file.lock:
            try:
                self._fold_or_mend()
            except JournalError as error:
                log.error("the journal is closed as it is: %s", error)
            self.file.close()

    def take_up(self, records: list[tuple[Record, rows.Entry]]) -> None:
        """Enter signed records that continue their chains, as they are.

        Raises:
            JournalError: Nothing was stored.
        """
        with self.file.changing() as db:
            for record, entry in records:
                rows.add_chain(db, entry.chain)
                rows.insert(db, record, entry)
        self.file.wrote(None)

    def mend(self, why: str) -> None:
        """Put the file aside, which is damaged, and go on in a new one with what can be saved.

        Raises:
            JournalError: There is no room for that now, or nobody who does it.
        """
        with self.file.lock:
            if self._repair is None:
                raise DamagedError(why)
            log.error("the journal is damaged: %s; going on in a new file", why)
            self.file.exchange(self._repair(why, self._key))

    def _fold_or_mend(self) -> None:
        # SQLite folds the log in when it closes the file, and deletes it.
        try:
            self.file.fold()
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
        with self.file.looking() as db:
            standing = rows.standing(db, body.visit)
        wanted = None if body.replaces is None else (self.head().chain, body.replaces)
        if standing == wanted:
            return body
        return replace(body, replaces=None, contested=True if standing else None)

    def _commit(self, body: Body, head: rows.Head) -> Appended:
        record = Record(self._stamp(head), body)
        token = seal(codec.encode(record), self._key)
        entry = rows.Entry(head.chain, head.seq + 1, digest(token), token)
        with self.file.changing() as db:
            if entry.seq == 1:
                rows.add_chain(db, entry.chain)
            else:
                check_head(db, head)
            rows.insert(db, record, entry)
        self.file.wrote(rows.Head(entry.chain, entry.seq, entry.hash))
        stands = isinstance(body, Rating) and not body.contested
        return Appended(entry.chain, entry.seq, entry.hash, stands)

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
