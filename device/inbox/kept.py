"""What was read of ``link.db``, kept while no commit has changed the file.

The terminal looks each second, and nearly always finds what it found before; opening the file and
checking the signatures again would be most of what a terminal at rest does. Whether there was a
commit stands in SQLite's WAL-index: its header (https://www.sqlite.org/walformat.html, section 2.1)
counts transactions, and is 48 bytes to read.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from device.inbox.files import FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

T = TypeVar("T")
_HEADER_BYTES = 48


class Kept:
    """Results by what was asked; forgotten at the next commit.

    Args:
        data: Folder of the terminal's files.
        at_all: Whether anything is kept; never in the process that writes the file, whose locks
            on the index end when any descriptor of it is closed (sqlite.org/howtocorrupt.html,
            section 2.2): the next reader would then take the index away from under it.
    """

    def __init__(self, data: Path, at_all: bool = True) -> None:
        self._at_all = at_all
        self._file = data / FILE
        self._index = f"{self._file}-shm"
        self._stamp: object = None
        self._results: dict[Hashable, Any] = {}

    def get(self, what: Hashable, read: Callable[[], T]) -> T:
        """Return the result of ``read``, from before if nothing was committed since.

        What ``read`` raises is raised, and not kept.
        """
        # Taken before the reading: a commit meanwhile makes it old, never the result.
        stamp = self._now() if self._at_all else None
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
            file = self._file.stat()
            index = os.open(self._index, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            header = os.read(index, _HEADER_BYTES)
        finally:
            os.close(index)
        if len(header) < _HEADER_BYTES:
            return None
        return file.st_ino, file.st_size, file.st_mtime_ns, header
