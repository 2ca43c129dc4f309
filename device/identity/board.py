"""The key belongs to one board: a card that was copied, or moved to another, is noticed.

A hash of the board's serial number is kept beside the key. On another board the key is left, and
with it the certificate: two boards must never sign as one. In this order, so that a power cut
between any two steps is made good by the next start:
1. The mark ``moved``, by which the terminal will journal a fault ``cloned``.
2. A change of the key that was under way is dropped, the key put aside, its public part kept: what
   it signed can still be proved.
3. The hash of the new board; a new key is then made as for a new terminal, with a new chain.

Nobody can tell a copied card from one that was moved on purpose, so both need a new enrolment file:
a person who gives one decides that this board may speak for the terminal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from device.identity import rotation
from device.identity.files import BOARD
from wire import keys
from wire.errors import WireError
from wire.files import fsync_directory, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from device.identity.files import IdentityFiles

log = logging.getLogger(__name__)


def bind(files: IdentityFiles, serial: str | None) -> None:
    """Bind the key to the board with this serial number, or leave it if it is another board's.

    Args:
        files: The identity.
        serial: Serial number of the board; None, where it has none, changes nothing.

    Raises:
        OSError: The file system refuses.
    """
    if serial is None:
        return
    with files.locked():
        bound = _bound(files)
        if bound is not None and hmac.compare_digest(_digest(bound[0], serial), bound[1]):
            return
        if bound is not None:
            log.error("this card comes from another board; its key is left: enrol it again")
            write_atomic(_mark(files), b"", 0o600)
            _leave_key(files)
        salt = secrets.token_hex(16)
        content = json.dumps({"salt": salt, "sha256": _digest(salt, serial)})
        write_atomic(files.board, content.encode(), 0o600)


def was_moved(files: IdentityFiles) -> bool:
    """Return True while it is not journalled yet that a key was left."""
    return _mark(files).exists()


def journalled(files: IdentityFiles) -> None:
    """Forget that a key was left: the journal has it.

    Raises:
        OSError: The file system refuses.
    """
    _mark(files).unlink(missing_ok=True)
    fsync_directory(files.folder)


def _bound(files: IdentityFiles) -> tuple[str, str] | None:
    try:
        said = json.loads(files.board.read_bytes())
        return str(said["salt"]), str(said["sha256"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None  # a new terminal, or a damaged file: it is bound anew


def _digest(salt: str, serial: str) -> str:
    return hashlib.sha256(f"{salt}\n{serial}".encode()).hexdigest()


def _leave_key(files: IdentityFiles) -> None:
    rotation.drop(files)
    # Left before a power cut, or damaged: nothing can be kept of it.
    with suppress(FileNotFoundError, WireError):
        files.keep_former(keys.load_private(files.key.read_bytes()))
    if files.key.exists():
        files.put_key_aside(BOARD)


def _mark(files: IdentityFiles) -> Path:
    return files.folder / "moved"
