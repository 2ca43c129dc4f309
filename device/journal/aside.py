"""Damaged files that were put aside, and when one of them may go.

They are evidence, so they stay. When the disk is nearly full they are the first to go, before any
record that is younger than it should be: but only one of which every record that can still be read
is held in the journal, or receipted by the server.
"""

from __future__ import annotations

import logging
import shutil
from typing import TYPE_CHECKING

from device.journal import rows
from device.journal.carve import carve
from device.journal.database import FILE
from wire.files import fsync_directory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from device.inbox.inboxes import Inboxes
    from device.journal.carve import Carved
    from device.journal.file import JournalFile
    from device.journal.former import Former

_log = logging.getLogger(__name__)
NAME = "journal.damaged-"
_AT_ONCE = 20


class Aside:
    """The folders ``journal.damaged-N`` under ``data``.

    Args:
        data: Folder of the terminal's files.
        dev: Terminal id.
        file: What is held.
        inboxes: What the server has receipted.
    """

    def __init__(self, data: Path, dev: str, file: JournalFile, inboxes: Inboxes) -> None:
        self._data = data
        self._dev = dev
        self._file = file
        self._inboxes = inboxes
        self._needed: set[Path] = set()
        self._folder: Path | None = None
        self._records: Iterator[Carved] = iter(())
        self._receipted: dict[str, Former] = {}

    @property
    def busy(self) -> bool:
        """True while a folder is looked through."""
        return self._folder is not None

    def begin(self) -> bool:
        """Begin to look through the oldest folder that may go; False if there is none."""
        folders = [path for path in kept(self._data) if path not in self._needed]
        if not folders:
            return False
        self._folder = folder = folders[0]
        self._receipted = {held.chain: held for held in self._inboxes.now().held()}
        self._records = (
            carved
            for name in (FILE, f"{FILE}-wal")
            for carved in carve(folder / name, self._dev, None)
        )
        return True

    def step(self) -> None:
        """Look at a few records of it; delete it when all of them are held elsewhere.

        Raises:
            JournalError: The journal cannot be read.
        """
        folder = self._folder
        if folder is None:
            return
        for _ in range(_AT_ONCE):
            carved = next(self._records, None)
            if carved is None:
                self._delete(folder)
                return
            if not self._is_elsewhere(carved):
                _log.warning("%s holds records that nobody else has, and stays", folder.name)
                self._needed.add(folder)
                self._folder = None
                return

    def _is_elsewhere(self, carved: Carved) -> bool:
        stamp = carved.record.stamp
        with self._file.looking() as db:
            if rows.holds(db, stamp.chain, stamp.seq, carved.hash):
                return True
        former = self._receipted.get(stamp.chain)
        return former is not None and (former.seq, former.hash) == (stamp.seq, carved.hash)

    def _delete(self, folder: Path) -> None:
        self._folder = None
        shutil.rmtree(folder, ignore_errors=True)
        if folder.exists():
            self._needed.add(folder)
            return
        fsync_directory(self._data)
        _log.warning("%s is deleted: the disk is nearly full, and all of it is held", folder.name)


def kept(data: Path) -> list[Path]:
    """Return the folders with damaged files, oldest first."""
    numbers = [path.name.removeprefix(NAME) for path in data.glob(f"{NAME}*")]
    return [data / f"{NAME}{number}" for number in sorted(filter(str.isdigit, numbers), key=int)]
