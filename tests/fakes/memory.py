"""Where a run of tests keeps its files: in memory, if the machine has a file system there.

A new database of PostgreSQL is some 900 small files, and SQLite syncs each transaction: on a disk
that was a third of the suite's time. What a power cut leaves on a disk is asked where power is cut,
in `tests/image`. Somebody who sets TMPDIR is obeyed.

A run's folder goes with it, that of a run that failed with the next one.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2 << 30
"""So many bytes must be free there."""
PREFIX = "hlg-"
"""Short, as the address of a socket has at most 107 bytes; the run's process follows."""


def keep_files_in_memory() -> None:
    """Let this run and all its processes make their temporary files there."""
    if "TMPDIR" in os.environ or not _fit():
        return
    _remove_of_ended_runs()
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    _remove(folder)  # of an ended run whose number came again
    folder.mkdir(mode=0o755)  # PostgreSQL's server is another user
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None
    atexit.register(_remove, folder)


def keep_what_is_left() -> None:
    """Leave this run's folder until the next run."""
    atexit.unregister(_remove)


def _fit() -> bool:
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return False
    free = found.f_bavail * found.f_frsize
    return free >= ROOM and not found.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _remove_of_ended_runs() -> None:
    for folder in MEMORY.glob(f"{PREFIX}*"):
        try:
            os.kill(int(folder.name.removeprefix(PREFIX)), 0)
        except ProcessLookupError:
            _remove(folder)
        except PermissionError:
            continue  # somebody else's, who is at it
