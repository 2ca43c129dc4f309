#!/usr/bin/python3.13 -IS
"""Lets the data partition reach to the end of the card. On a terminal: /usr/lib/hailong/grow-data.

One sector is written, so a power cut leaves the old size or the new one; the file system itself
grows when it is mounted. Table and kernel change under the disk's lock, for which udev waits: if
it saw one without the other, it would take the partition's name away, and systemd what is mounted.

The image installs this file as it is, therefore it imports nothing of ours.
"""

import ctypes
import fcntl
import os
import struct
import sys
from pathlib import Path

_PART = Path("/dev/disk/by-partuuid/48414c4f-04")
_SECTOR = 512
_LEAST = 16 * 1024 * 1024 // _SECTOR
"""Sectors at the end that are not worth a write."""
_ALIGNED = 1024 * 1024 // _SECTOR
# Fourth entry of the table: where its number of sectors stands.
_LENGTH_AT = 446 + 3 * 16 + 12
_BLKPG, _RESIZE = 0x1269, 3


class _Partition(ctypes.Structure):
    """``struct blkpg_partition`` of linux/blkpg.h; in bytes."""

    _fields_ = (
        ("start", ctypes.c_longlong),
        ("length", ctypes.c_longlong),
        ("number", ctypes.c_int),
        ("names", ctypes.c_char * 128),
    )


class _Request(ctypes.Structure):
    """``struct blkpg_ioctl_arg`` of linux/blkpg.h."""

    _fields_ = (
        ("operation", ctypes.c_int),
        ("flags", ctypes.c_int),
        ("length", ctypes.c_int),
        ("data", ctypes.c_void_p),
    )


def grown(table: bytes, disk_sectors: int) -> tuple[bytes, int, int] | None:
    """Return the table with the fourth partition up to the disk's end, its start and its length.

    None if the partition reaches there already, but for some megabytes. All in sectors.
    """
    start, length = struct.unpack_from("<II", table, _LENGTH_AT - 4)
    # The table counts with 32 bits: 2 TB.
    wanted = min(disk_sectors - start, 0xFFFFFFFF) // _ALIGNED * _ALIGNED
    if wanted < length + _LEAST:
        return None
    new = bytearray(table)
    struct.pack_into("<I", new, _LENGTH_AT, wanted)
    return bytes(new), start, wanted


def main() -> int:
    """Grow the partition, if there is room."""
    disk = Path("/dev") / Path(f"/sys/class/block/{_PART.resolve().name}").resolve().parent.name
    descriptor = os.open(disk, os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if found := grown(os.pread(descriptor, _SECTOR, 0), size // _SECTOR):
            table, start, length = found
            os.pwrite(descriptor, table, 0)
            os.fsync(descriptor)
            _tell_kernel(descriptor, start * _SECTOR, length * _SECTOR)
    finally:
        os.close(descriptor)
    return 0


def _tell_kernel(descriptor: int, start: int, length: int) -> None:
    part = _Partition(start, length, 4)
    request = _Request(_RESIZE, 0, ctypes.sizeof(part), ctypes.addressof(part))
    fcntl.ioctl(descriptor, _BLKPG, request)


if __name__ == "__main__":
    sys.exit(main())
