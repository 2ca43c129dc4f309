"""Where the files of a place lie, and writing them so that a power cut does no harm."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import stat
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from wire.files import fsync_directory, write_atomic

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

ENROLMENT = "enrolment.toml"
RUN = "run/hailong-site"
_LONGEST = 65536


@dataclass(frozen=True, slots=True)
class Applied:
    """What was applied last.

    Attributes:
        terminal: Terminal id.
        digests: SHA-256 of the file that was applied, and of that which took its place.
        wifi: Name of the Wi-Fi's file, empty without one.
    """

    terminal: str = ""
    digests: tuple[str, ...] = ()
    wifi: str = ""


class Folders:
    """The folders of one machine.

    Args:
        card: Where the card's FAT partition is mounted.
        state: The terminal's own folder; who owns it owns the terminal's files.
        root: Where ``/var`` and ``/run`` are.
    """

    def __init__(self, card: Path, state: Path, root: Path) -> None:
        self.card = card / ENROLMENT
        self.state = state
        self.settings = state / "terminal.toml"
        self.enrolment = state / ENROLMENT
        self.data = state / "data"
        self.run = root / RUN
        site = root / "var/lib/hailong-site"
        self.network = site / "network/10-hailong.network"
        self.live_network = root / "run/systemd/network/10-hailong.network"
        self.wifi = root / "var/lib/iwd"
        self.wifi_settings = site / "iwd/main.conf"
        self.ssh = site / "ssh/authorized_keys"
        self.keyring = site / "update/keyring.pem"
        self._record = site / "applied.json"

    def applied(self) -> Applied:
        """Return what was applied last; of a record that can't be read, nothing."""
        try:
            said = json.loads(self._record.read_bytes())
            return Applied(str(said["terminal"]), tuple(said["digests"]), str(said["wifi"]))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return Applied()

    def keep_applied(self, applied: Applied) -> None:
        """Remember what was applied."""
        write_root(self._record, json.dumps(asdict(applied)).encode(), 0o600)

    def write_own(self, path: Path, data: bytes, mode: int = 0o600) -> None:
        """Write a file of the terminal's, for the user who owns its folder."""
        if read(path) == data:
            return
        owner = self.state.stat()
        write_atomic(path, data, mode)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            if os.geteuid() != owner.st_uid:
                os.fchown(descriptor, owner.st_uid, owner.st_gid)
        finally:
            os.close(descriptor)

    def leave_data(self, terminal: str) -> Path | None:
        """Put another terminal's journal and key aside, whole; return where to."""
        if not self.data.exists():
            return None
        former = self.state / "former"
        if former.is_symlink():
            former.unlink()  # who owns the folder is not root, and leads root nowhere else
        number = 1
        while (aside := former / f"{terminal}-{number}").exists():
            number += 1
        former.mkdir(mode=0o700, exist_ok=True)
        self.data.rename(aside)
        fsync_directory(former)
        fsync_directory(self.state)
        return aside


def write_root(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file of the system's, with its folder, unless it is as wanted already."""
    if read(path) != data:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        write_atomic(path, data, mode)


def read(path: Path) -> bytes | None:
    """Return the bytes of a plain file that is not too long; None where it is not so."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as file:
        data = file.read(_LONGEST + 1)
    return data if len(data) <= _LONGEST else None


def digest(data: bytes) -> str:
    """Return the SHA-256 by which a file is known again."""
    return hashlib.sha256(data).hexdigest()
