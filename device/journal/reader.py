"""Reading the journal from another process, or beside its writer; every call opens anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from device.journal import anchors, database, rows
from device.journal.check import check_positions
from device.journal.opening import FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from joserfc.jwk import OKPKey

_PAGE = 500


class JournalReader:
    """Read-only view of the journal under ``data``.

    Every method raises `JournalError` where the file cannot be read now, `DamagedError` where it
    is broken.
    """

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER

    def exists(self) -> bool:
        """Return True once a terminal has begun a journal here."""
        return (self._folder / database.FILE).exists()

    def chains(self) -> list[rows.Span]:
        """Return what is held of each chain, oldest chain first; empty before the first start."""
        if not self.exists():
            return []
        with database.reading(self._folder) as db:
            return rows.spans(db)

    def read_from(self, chain: str, seq: int, limit: int = _PAGE) -> list[rows.Entry]:
        """Return up to ``limit`` records of ``chain`` from ``seq`` on, as far as without a gap."""
        with database.reading(self._folder) as db:
            found: list[rows.Entry] = []
            for entry in rows.entries(db, chain, seq, limit):
                if entry.seq != seq + len(found):
                    break
                found.append(entry)
            return found

    def page(self, chain: str, seq: int, limit: int = _PAGE) -> list[rows.Entry]:
        """Return up to ``limit`` records of ``chain`` from ``seq`` on, over gaps as well."""
        with database.reading(self._folder) as db:
            return list(rows.entries(db, chain, seq, limit))

    def hash_at(self, chain: str, seq: int) -> str | None:
        """Return the hash at ``seq`` of ``chain`` (of the chain id at 0), None if not held."""
        with database.reading(self._folder) as db:
            return rows.hash_at(db, chain, seq)

    def at_of(self, chain: str, seq: int) -> int | None:
        """Return the wall clock (Unix ms) of the oldest record at or after ``seq``."""
        with database.reading(self._folder) as db:
            return rows.at_of(db, chain, seq)

    def anchors(self) -> list[anchors.Anchor]:
        """Return up to where chains are pruned."""
        with database.reading(self._folder) as db:
            found = [anchors.anchor(db, chain) for chain in rows.chains(db)]
        return [anchor for anchor in found if anchor is not None]

    def newest_position(self) -> int:
        """Return the number of the record written last, over all chains."""
        with database.reading(self._folder) as db:
            return rows.newest_position(db)

    def check(
        self, first: int, last: int, limit: int, dev: str, key: OKPKey
    ) -> tuple[int | None, int]:
        """Check up to ``limit`` records written as number ``first`` to ``last``.

        Returns:
            The number to go on with, None at the end; and how many were checked.

        Raises:
            DamagedError: One does not prove itself.
        """
        with database.reading(self._folder) as db:
            return check_positions(db, first, last, limit, dev, key)
