"""Finding sticks with a marker that holds the code. Nothing on a stick is followed or trusted.

The journal names the choice of each visit, so a clerk's own stick must not get it: the marker holds
a code that the terminal knows by its hash alone.
"""

from __future__ import annotations

import hmac
import os
import stat
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from device.core.exporting import Stick

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKER = "HAILONG-EXPORT"
_EVERYTHING = b"all"
_MOST = 32
_LONGEST = 128
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Not blocking: a marker that is a pipe must not hold anybody up.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def hash_of(code: bytes) -> str:
    """Return the hash by which terminals know a code."""
    return sha256(code).hexdigest()


def find(folder: Path, code_sha256: str) -> list[Stick]:
    """Return the sticks mounted right under ``folder`` whose marker holds the code."""
    try:
        names = sorted(os.listdir(folder))[:_MOST]  # noqa: PTH208 - names, not paths
    except OSError:
        return []
    found = (_look(folder, name, code_sha256) for name in names)
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


def _look(folder: Path, name: str, code_sha256: str) -> Stick | None:
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
    code, _, more = asked.partition(b" ")
    if not hmac.compare_digest(hash_of(code), code_sha256):
        return None
    return Stick(name, device, more.strip().lower() == _EVERYTHING)


def _marker(directory: int) -> bytes:
    """Return what the marker says; nothing if it is no plain file."""
    file = os.open(MARKER, _FILE, dir_fd=directory)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            return b""
        return os.read(file, _LONGEST).strip()
    finally:
        os.close(file)
