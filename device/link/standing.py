"""Whether the uplink is connected: a small file that it alone writes, for whoever looks.

It counts only while the uplink runs, which holds its lock for as long.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
from typing import TYPE_CHECKING

from wire.files import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "uplink.json"
LOCK = "uplink.lock"

log = logging.getLogger(__name__)


class Standing:
    """Writes the file when what it says has changed; a new uplink begins with a word.

    Args:
        data: Folder of the terminal's files.
    """

    def __init__(self, data: Path) -> None:
        self._path = data / _FILE
        self._said: bool | None = None

    def tell(self, connected: bool) -> None:
        """Say whether there is a connection; a disk that refuses is no reason to lose it."""
        if connected == self._said:
            return
        try:
            write_atomic(self._path, json.dumps({"connected": connected}).encode(), 0o600)
        except OSError as error:
            log.warning("%s: cannot be written: %s", self._path, error)
            return
        self._said = connected


def read_standing(data: Path) -> bool | None:
    """Return whether the running uplink is connected; None where none runs."""
    if not _is_running(data / LOCK):
        return None
    try:
        held = json.loads((data / _FILE).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(held, dict) and held.get("connected") is True


def _is_running(lock: Path) -> bool:
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
