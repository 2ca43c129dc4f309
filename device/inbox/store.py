"""Writing ``link.db``: the uplink's memory. Every method commits before it returns."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from device.inbox import files, milestones
from device.inbox.files import InboxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from wire.down import Receipt

FindingKind = Literal["fork", "broken", "poison"]
ObjectType = Literal["keys", "ticket", "config", "command"]
AnswerType = Literal["config", "command"]
_COMMANDS_KEPT = 64
_ANSWERS_KEPT = 256
_HIGHEST = (
    "SELECT max(n) FROM (SELECT n FROM object WHERE typ = ?1"
    " UNION ALL SELECT n FROM refused WHERE typ = ?1)"
)


@dataclass(frozen=True, slots=True)
class Held:
    """What a stored receipt says that the server holds of a chain."""

    chain: str
    n: int
    seq: int
    hash: str
    token: bytes


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a chain.

    Attributes:
        chain: Which.
        kind: ``fork``: the server's head is not in the journal; ``broken``: the journal's own
            bytes at ``seq`` prove nothing, so that nothing after them can be sent; ``poison``:
            a record that links but cannot be read, sent all the same.
        seq: Where; with a fork, the server's head.
        hash: With a fork, of the server's head.
        token: With a fork, the receipt.
        details: For people.
    """

    chain: str
    kind: FindingKind
    seq: int
    hash: str | None = None
    token: bytes | None = None
    details: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of the configuration or command with number ``n``: a message that goes up."""

    typ: AnswerType
    n: int
    payload: bytes


class LinkStore:
    """The one writer of ``link.db`` under ``data``.

    Every method raises `InboxError` when the file cannot be written.
    """

    def __init__(self, data: Path) -> None:
        self._db = files.open_writer(data)
        self._boot = files.machine_boot_id()

    def receipts(self) -> dict[str, Held]:
        """Return the newest stored receipt of each chain."""
        with _stated():
            rows = self._db.execute("SELECT chain, n, seq, hash, token FROM receipt").fetchall()
        return {row[0]: Held(*row) for row in rows}

    def keep_receipt(self, receipt: Receipt, token: bytes) -> None:
        """Store what the server holds of a chain, in the place of what it held before."""
        row = (receipt.chain, receipt.n, receipt.seq, receipt.hash, token)
        with _stated(), self._transaction():
            self._db.execute("INSERT OR REPLACE INTO receipt VALUES (?, ?, ?, ?, ?)", row)
            milestones.keep(self._db, receipt, token)

    def milestone(self, chain: str, seq: int) -> bytes | None:
        """Return the receipt kept for exactly ``seq`` of ``chain``, if it is there."""
        with _stated():
            return milestones.find(self._db, chain, seq)

    def forget_milestones(self, begins: Mapping[str, int]) -> None:
        """Forget the milestones before those by which chains begin.

        Args:
            begins: The oldest position that the journal holds of each chain.
        """
        with _stated(), self._transaction():
            milestones.forget(self._db, begins)

    def add_finding(self, finding: Finding) -> bool:
        """Store a finding; return False when it was known."""
        row = (
            finding.chain,
            finding.kind,
            finding.seq,
            finding.hash,
            finding.token,
            finding.details,
        )
        with _stated():
            added = self._db.execute("INSERT OR IGNORE INTO finding VALUES (?, ?, ?, ?, ?, ?)", row)
        return added.rowcount == 1

    def take(self, typ: ObjectType, n: int, token: bytes, up: int) -> bool:
        """Store a verified object if its ``n`` is above the highest of its type, refused or not.

        The same object again is taken again only after a reboot of the machine, since its time
        to live is counted in ``up`` from its arrival; else a broker could keep it young for ever.

        Returns:
            True when it is new.
        """
        with _stated(), self._transaction():
            highest = self._db.execute(_HIGHEST, (typ,)).fetchone()[0]
            if highest is not None and n <= highest and not self._again(typ, n, token, highest):
                return False
            self._db.execute(
                "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?)",
                (typ, n, token, self._boot, up),
            )
            keep = _COMMANDS_KEPT if typ == "command" else 1
            self._db.execute(
                "DELETE FROM object WHERE typ = ?1 AND n NOT IN"
                " (SELECT n FROM object WHERE typ = ?1 ORDER BY n DESC LIMIT ?2)"
                " AND (typ <> 'command' OR n IN (SELECT n FROM answer WHERE typ = 'command'))",
                (typ, keep),
            )
        return True

    def _again(self, typ: ObjectType, n: int, token: bytes, highest: int) -> bool:
        """Return True for the newest object when it comes again after a reboot of the machine.

        Not for a command: that is carried out once, and a reboot ends its time to live.
        """
        query = "SELECT 1 FROM object WHERE typ = ? AND n = ? AND token = ? AND boot <> ?"
        same = self._db.execute(query, (typ, n, token, self._boot)).fetchone()
        return typ != "command" and n == highest and same is not None

    def refuse(self, typ: ObjectType, n: int) -> bool:
        """Use up the number of a verified object that cannot be obeyed; False when it is old."""
        with _stated(), self._transaction():
            highest = self._db.execute(_HIGHEST, (typ,)).fetchone()[0]
            if highest is not None and n <= highest:
                return False
            self._db.execute("INSERT OR REPLACE INTO refused VALUES (?, ?)", (typ, n))
        return True

    def commands(self) -> list[bytes]:
        """Return the tokens of the commands that have no answer yet, oldest first."""
        query = (
            "SELECT token FROM object WHERE typ = 'command' AND n NOT IN"
            " (SELECT n FROM answer WHERE typ = 'command') ORDER BY n"
        )
        with _stated():
            return [bytes(row[0]) for row in self._db.execute(query).fetchall()]

    def add_answer(self, answer: Answer) -> bool:
        """Store an answer, to be told; return False when that object has one already."""
        row = (answer.typ, answer.n, answer.payload)
        with _stated(), self._transaction():
            added = self._db.execute("INSERT OR IGNORE INTO answer VALUES (?, ?, ?, 0)", row)
            self._db.execute(
                "DELETE FROM answer WHERE told AND typ = ? AND n NOT IN"
                " (SELECT n FROM answer WHERE typ = ? ORDER BY n DESC LIMIT ?)",
                (answer.typ, answer.typ, _ANSWERS_KEPT),
            )
        return added.rowcount == 1

    def untold(self) -> list[Answer]:
        """Return the answers that the broker may not have yet, oldest first."""
        with _stated():
            rows = self._db.execute(
                "SELECT typ, n, payload FROM answer WHERE NOT told ORDER BY n"
            ).fetchall()
        return [Answer(*row) for row in rows]

    def told(self, answers: Iterable[Answer]) -> None:
        """Remember that the broker has these answers."""
        with _stated():
            self._db.executemany(
                "UPDATE answer SET told = 1 WHERE typ = ? AND n = ?",
                [(answer.typ, answer.n) for answer in answers],
            )

    def newest(self, typ: ObjectType) -> bytes | None:
        """Return the token of the newest object of a type."""
        with _stated():
            row = self._db.execute(
                "SELECT token FROM object WHERE typ = ? ORDER BY n DESC LIMIT 1", (typ,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def newest_n(self, typ: ObjectType) -> int | None:
        """Return the highest ``n`` of a type that was obeyed or refused."""
        with _stated():
            row = self._db.execute(_HIGHEST, (typ,)).fetchone()
        return None if row[0] is None else int(row[0])

    def n_highest(self) -> int:
        """Return the highest ``n`` obeyed of all that the server itself numbers, 0 before any.

        The key list is not among them: it is numbered where the fleet key is, offline.
        """
        with _stated():
            row = self._db.execute(
                "SELECT max(n) FROM (SELECT n FROM receipt"
                " UNION ALL SELECT n FROM object WHERE typ <> 'keys'"
                " UNION ALL SELECT n FROM refused)"
            ).fetchone()
        return int(row[0] or 0)

    def set_server_time(self, up: int, at: int) -> None:
        """Store the server's time ``at`` (Unix ms) as of ``up``."""
        with _stated():
            self._db.execute(
                "INSERT OR REPLACE INTO server_time VALUES (1, ?, ?, ?)", (self._boot, up, at)
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.rollback()


@contextmanager
def _stated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise InboxError(f"{files.FILE} cannot be written: {error}") from None
