"""What was read of ``link.db``, kept while no commit has changed the file.

The terminal looks each second, and nearly always finds what it found before; opening the file and
checking the signatures again would be most of what a terminal at rest does. Whether there was a
commit is asked of SQLite (https://www.sqlite.org/pragma.html#pragma_data_version), on a connection
that stays open. To read its index beside it would be quicker, but a file that SQLite has open must
not be closed by anybody else in the process: its locks would go, and the next process that opens
the file would cut the index short under everybody (sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import weakref
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from device.inbox import files

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

T = TypeVar("T")


class Kept:
    """Results by what was asked; forgotten at the next commit. Any thread may ask.

    Args:
        data: Folder of the terminal's files.
    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock = Lock()
        self._versions: _Versions | None = None
        self._stamp: object = None
        self._results: dict[Hashable, Any] = {}

    def get(self, what: Hashable, read: Callable[[], T]) -> T:
        """Return the result of ``read``, from before if nothing was committed since.

        What ``read`` raises is raised, and not kept.
        """
        with self._lock:
            # Taken before the reading: a commit meanwhile makes it old, never the result.
            stamp = self._now()
            if stamp is None:
                return read()
            if stamp != self._stamp:
                self._results.clear()
                self._stamp = stamp
            if what not in self._results:
                self._results[what] = read()
            result: T = self._results[what]
            return result

    def _now(self) -> object:
        """Return what changes with every commit; None where that cannot be known."""
        try:
            file = (self._data / files.FILE).stat()
            with files.translated():
                if self._versions is None or self._versions.inode != file.st_ino:
                    self._versions = _Versions(self._data, file.st_ino)
                return file.st_ino, file.st_size, file.st_mtime_ns, self._versions.now()
        except (OSError, files.InboxError):
            self._versions = None
            return None


class _Versions:
    """The version of the data, as one connection counts it; closed with the last use."""

    def __init__(self, data: Path, inode: int) -> None:
        self.inode = inode
        self._db = files.open_reader(data)
        weakref.finalize(self, self._db.close)

    def now(self) -> int:
        """Return a number that differs after every commit of another connection."""
        [(version,)] = self._db.execute("PRAGMA data_version").fetchall()
        return int(version)
