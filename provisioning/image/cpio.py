"""An archive for the kernel's initrd, in cpio's format "newc".

Python has no writer for it, and GNU cpio writes inode numbers and dates of the build machine.
"""

import stat
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One file or folder: its path without leading slash, its kind and rights, its bytes."""

    path: str
    mode: int
    data: bytes = b""


def folder(path: str) -> Entry:
    """Return a folder that everybody may enter."""
    return Entry(path, stat.S_IFDIR | 0o755)


def program(path: str, data: bytes) -> Entry:
    """Return a file that may be run."""
    return Entry(path, stat.S_IFREG | 0o755, data)


def file(path: str, data: bytes) -> Entry:
    """Return a file to be read."""
    return Entry(path, stat.S_IFREG | 0o644, data)


def link(path: str, target: str) -> Entry:
    """Return a symbolic link."""
    return Entry(path, stat.S_IFLNK | 0o777, target.encode())


def archive(entries: list[Entry]) -> bytes:
    """Return the archive: owner root, no dates, inodes counted from 1."""
    parts = [_entry(number, entry) for number, entry in enumerate(entries, start=1)]
    return b"".join([*parts, _entry(0, Entry("TRAILER!!!", 0))])


def _entry(inode: int, entry: Entry) -> bytes:
    name = entry.path.encode() + b"\0"
    links = 2 if stat.S_ISDIR(entry.mode) else 1
    numbers = [inode, entry.mode, 0, 0, links, 0, len(entry.data), 0, 0, 0, 0, len(name), 0]
    header = b"070701" + b"".join(b"%08X" % number for number in numbers)
    return _padded(header + name) + _padded(entry.data)


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 4)
