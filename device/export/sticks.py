"""Finding sticks with a marker. A stick is hostile input: nothing on it is followed or trusted."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from device.core.exporting import Stick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER = "HAILONG-EXPORT"
_EVERYTHING = b"all"
_MOST = 32
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Not blocking: a marker that is a pipe must not hold anybody up.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def find(folder: Path) -> list[Stick]:
    """Return the sticks with a marker that are mounted right under ``folder``."""
    try:
        names = sorted(os.listdir(folder))[:_MOST]  # noqa: PTH208 - names, not paths
    except OSError:
        return []
    found = (_look(folder, name) for name in names)
    return [stick for stick in found if stick is not None]


@contextmanager
def opened(folder: Path, stick: Stick) -> Iterator[int]:
    """Give a descriptor of the stick's folder.

    Raises:
        OSError: It is gone, or another one.
    """
    descriptor = os.open(folder / stick.name, _FOLDER)
    try:
        if os.fstat(descriptor).st_dev != stick.device:
            raise FileNotFoundError(f"{stick.name} is another stick now")
        yield descriptor
    finally:
        os.close(descriptor)


def _look(folder: Path, name: str) -> Stick | None:
    try:
        directory = os.open(folder / name, _FOLDER)
    except OSError:
        return None
    try:
        asked = _marker(directory)
        device = os.fstat(directory).st_dev
    except OSError:
        return None
    finally:
        os.close(directory)
    return None if asked is None else Stick(name, device, asked == _EVERYTHING)


def _marker(directory: int) -> bytes | None:
    """Return the first word of the marker, None if it is no plain file."""
    file = os.open(MARKER, _FILE, dir_fd=directory)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return None
        return os.read(file, 16).strip().lower()
    finally:
        os.close(file)
