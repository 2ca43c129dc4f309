"""Writing an export: records, one a line, and their checksum beside them (WIRE.md section 12).

Everything goes through a descriptor of the folder, and no link in it is followed: on a stick the
names in it are a stranger's.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def folder(path: Path) -> Iterator[int]:
    """Give a descriptor of a folder.

    Raises:
        OSError: There is none.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def write_export(directory: int, name: str, lines: Iterable[bytes]) -> None:
    """Write ``name`` and ``name.sha256``, each whole or not at all, in the place of older ones.

    When it returns, both would outlive the stick being pulled out.

    Args:
        directory: Descriptor of the folder.
        name: Of the file with the records.
        lines: The records, each with its line end.

    Raises:
        OSError: The file system refuses; nothing new has either name.
    """
    hasher = hashlib.sha256()
    beside = f"{name}.sha256"
    parts = [_partial(each) for each in (name, beside)]
    try:
        _write(directory, parts[0], _heard(lines, hasher.update))
        _write(directory, parts[1], [f"{hasher.hexdigest()}  {name}\n".encode()])
        # First the checksum: a file without one could not be told from one that was cut off.
        for part, final in zip(reversed(parts), (beside, name), strict=True):
            os.rename(part, final, src_dir_fd=directory, dst_dir_fd=directory)
        os.fsync(directory)
    except BaseException:
        for part in parts:
            _remove(directory, part)
        raise


def exists(directory: int, name: str) -> bool:
    """Say whether anything has this name, whatever it is."""
    try:
        os.stat(name, dir_fd=directory, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _partial(name: str) -> str:
    return f".{name}.partial"


def _heard(lines: Iterable[bytes], also: Callable[[bytes], object]) -> Iterator[bytes]:
    for line in lines:
        also(line)
        yield line


def _write(directory: int, name: str, lines: Iterable[bytes]) -> None:
    _remove(directory, name)  # what an interrupted export left
    descriptor = os.open(name, _NEW, 0o644, dir_fd=directory)
    with os.fdopen(descriptor, "wb") as file:
        for line in lines:
            file.write(line)
        file.flush()
        os.fsync(descriptor)


def _remove(directory: int, name: str) -> None:
    with suppress(OSError):
        os.unlink(name, dir_fd=directory)
