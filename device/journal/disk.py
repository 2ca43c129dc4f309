"""The disk under the journal: how much room it has, and what is wrong with it."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from device.ports import JournalError

if TYPE_CHECKING:
    from pathlib import Path

    from device.core.view import Trouble

LAST_BYTES = 1 << 20
"""Kept free: what deletes old records and folds the log in needs room itself."""
_COMMIT_BYTES = 64 * 1024

_TROUBLES: dict[int, Trouble] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}


def free_bytes(folder: Path) -> int | None:
    """Return the room that is left for us on the disk of ``folder``; None if it does not say."""
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize


def trouble_of(folder: Path) -> Trouble | None:
    """Return what is wrong with the disk of ``folder``: it is tried, since few disks say so."""
    probe = folder / ".probe"
    try:
        descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            os.write(descriptor, bytes(_COMMIT_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
            probe.unlink()
    except OSError as error:
        return _TROUBLES.get(error.errno or 0)
    return None


def trouble_in(error: JournalError | OSError) -> Trouble:
    """Return what kind of trouble an error means."""
    if isinstance(error, JournalError):
        return error.trouble
    return _TROUBLES.get(error.errno or 0, "other")


def refusal(what: str, error: OSError) -> JournalError:
    """Return the error of the journal that an error of the file system means."""
    return JournalError(f"{what}: {error.strerror or error}", trouble_in(error))
