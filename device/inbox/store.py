"""Writing ``link.db``: the uplink's memory. Every method commits before it returns."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from device.inbox import files, milestones
from device.inbox.files import InboxError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from wire.down import Receipt

FindingKind = Literal["fork", "broken", "poison"]
ObjectType = Literal["keys", "ticket", "config", "command"]
_COMMANDS_KEPT = 64


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
        """Store a verified object if its ``n`` is above the highest of its type.

        The same object again is taken again only after a reboot of the machine, since its time
        to live is counted in ``up`` from its arrival; else a broker could keep it young for ever.

        Returns:
            True when it is new.
        """
        with _stated(), self._transaction():
            last = self._db.execute(
                "SELECT n, token, boot FROM object WHERE typ = ? ORDER BY n DESC LIMIT 1", (typ,)
            ).fetchone()
            if last is not None and (
                n < last[0] or (n == last[0] and not self._again(last, token))
            ):
                return False
            self._db.execute(
                "INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?)",
                (typ, n, token, self._boot, up),
            )
            keep = _COMMANDS_KEPT if typ == "command" else 1
            self._db.execute(
                "DELETE FROM object WHERE typ = ? AND n NOT IN"
                " (SELECT n FROM object WHERE typ = ? ORDER BY n DESC LIMIT ?)",
                (typ, typ, keep),
            )
        return True

    def _again(self, last: tuple[int, bytes, str], token: bytes) -> bool:
        return last[1] == token and last[2] != self._boot

    def newest(self, typ: ObjectType) -> bytes | None:
        """Return the token of the newest object of a type."""
        with _stated():
            row = self._db.execute(
                "SELECT token FROM object WHERE typ = ? ORDER BY n DESC LIMIT 1", (typ,)
            ).fetchone()
        return None if row is None else bytes(row[0])

    def newest_n(self, typ: ObjectType) -> int | None:
        """Return the highest ``n`` obeyed of a type."""
        with _stated():
            row = self._db.execute("SELECT max(n) FROM object WHERE typ = ?", (typ,)).fetchone()
        return None if row[0] is None else int(row[0])

    def n_highest(self) -> int:
        """Return the highest ``n`` obeyed of all that the server itself numbers, 0 before any.

        The key list is not among them: it is numbered where the fleet key is, offline.
        """
        with _stated():
            row = self._db.execute(
                "SELECT max(n) FROM (SELECT n FROM receipt"
                " UNION ALL SELECT n FROM object WHERE typ <> 'keys')"
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
