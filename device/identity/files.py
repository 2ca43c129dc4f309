"""The files of the identity, under ``identity/``: each is replaced whole or not at all.

``device.key`` 0600, made here and never anywhere else; ``device.crt``, the certificate with its
chain; ``ca.pem``, the fleet root; ``fleet.json``, what the enrolment file said of the fleet;
``next.key`` and ``next.crt``, while the key is being changed; ``former.json``, the public parts of
the keys before; ``board.json``, the board that the key belongs to.
"""

from __future__ import annotations

import fcntl
import json
import logging
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from device.errors import DeviceError
from wire import ids, keys
from wire.errors import WireError
from wire.files import private_folder, write_atomic
from wire.networks import NO_PROXY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from joserfc.jwk import OKPKey

    from wire.enrolment import EnrolmentFile

log = logging.getLogger(__name__)

BOARD = "board"
"""Why a key was put aside: it is another board's."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The fleet this terminal belongs to, from its enrolment file.

    Attributes:
        terminal: Terminal id.
        est_url: ``https://host:port`` of the enrolment server.
        mqtt_host: Host of the broker, and ``mqtt_port`` its TLS port.
        fleet_key_x: Public key that signs key lists.
        enrolment: Path of the enrolment file, whose token is deleted after its first use.
        proxy: ``http://host:port`` by which both are reached, None for none.
    """

    terminal: str
    est_url: str
    mqtt_host: str
    mqtt_port: int
    fleet_key_x: str
    enrolment: str
    proxy: str | None = None


class IdentityFiles:
    """Where the files of the identity are, and how they are read and written."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "identity"
        self.key = self.folder / "device.key"
        self.certificate = self.folder / "device.crt"
        self.root = self.folder / "ca.pem"
        self.fleet = self.folder / "fleet.json"
        self.next_key = self.folder / "next.key"
        self.next_certificate = self.folder / "next.crt"
        self.former = self.folder / "former.json"
        self.board = self.folder / "board.json"

    def load_or_make_key(self) -> OKPKey:
        """Return the device key; the first who asks makes it.

        A key file that cannot be read as one is put aside and a new key made: the terminal goes
        on taking ratings in a new chain, which the server believes once it is enrolled again.

        Raises:
            OSError: The file system refuses.
        """
        with self.locked():
            if self.key.exists():
                try:
                    return keys.load_private(self.key.read_bytes())
                except WireError as error:
                    log.error("%s: %s; it is put aside, enrol this terminal again", self.key, error)
                    self.put_key_aside("damaged")
            return _make(self.key)

    def key_stamp(self) -> tuple[int, int] | None:
        """Return what changes when another key is put in place; None while there is no key."""
        try:
            found = self.key.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def load_or_make_next_key(self) -> OKPKey:
        """Return the key that is to follow the present one; the first who asks makes it.

        Raises:
            OSError: The file system refuses.
        """
        with self.locked():
            try:
                return keys.load_private(self.next_key.read_bytes())
            except (FileNotFoundError, WireError):
                return _make(self.next_key)

    def public_keys(self) -> dict[str, OKPKey]:
        """Return the present key and the public parts of those before, by their thumbprints.

        Raises:
            OSError: The file system refuses.
        """
        present = self.load_or_make_key()
        former = [keys.public_from_x(x) for x in self._former_xs()]
        return {keys.kid_of(key): key for key in (*former, present)}

    def keep_former(self, key: OKPKey) -> None:
        """Remember the public part of a key that is about to be replaced.

        Raises:
            OSError: The file system refuses.
        """
        known = self._former_xs()
        if keys.x_of(key) not in known:
            self._write(self.former, json.dumps([*known, keys.x_of(key)]).encode())

    def _former_xs(self) -> list[str]:
        try:
            found = json.loads(self.former.read_bytes())
            return [x for x in found if isinstance(x, str) and ids.HASH.fullmatch(x)]
        except (FileNotFoundError, ValueError, TypeError, RecursionError):
            return []  # without them former records are held to their links alone

    def read_fleet(self) -> Fleet | None:
        """Return what the enrolment said of the fleet, None before it.

        Raises:
            DeviceError: The file is damaged.
        """
        if not self.fleet.exists():
            return None
        try:
            return Fleet(**json.loads(self.fleet.read_bytes()))
        except (ValueError, TypeError, RecursionError):
            raise DeviceError(f"{self.fleet}: is damaged; enrol this terminal again") from None

    def read_root(self) -> str:
        """Return the fleet root's certificate.

        Raises:
            DeviceError: It isn't there, or is damaged.
        """
        try:
            return self.root.read_text(encoding="ascii")
        except (OSError, ValueError):
            raise DeviceError(f"{self.root}: cannot be read; enrol this terminal first") from None

    def write_fleet(self, enrolment: EnrolmentFile, path: Path) -> None:
        """Store what the enrolment file at ``path`` says of the fleet, and its root.

        Raises:
            OSError: The file system refuses.
        """
        fleet = Fleet(
            terminal=enrolment.terminal,
            est_url=enrolment.est_url,
            mqtt_host=enrolment.mqtt_host,
            mqtt_port=enrolment.mqtt_port,
            fleet_key_x=enrolment.fleet_key_x,
            enrolment=str(path.absolute()),
            proxy=proxy_of(enrolment),
        )
        self._write(self.root, enrolment.fleet_root_pem.encode("ascii"))
        # Without what is not said, so that a version before the proxy can read it.
        said = {name: value for name, value in asdict(fleet).items() if value is not None}
        self._write(self.fleet, json.dumps(said, indent=1).encode())

    def write_certificate(self, pem: bytes) -> None:
        """Store the certificate with its chain.

        Raises:
            OSError: The file system refuses.
        """
        self._write(self.certificate, pem)

    def write_next_certificate(self, pem: bytes) -> None:
        """Store the certificate of the next key, with its chain.

        Raises:
            OSError: The file system refuses.
        """
        self._write(self.next_certificate, pem)

    def _write(self, path: Path, data: bytes) -> None:
        private_folder(self.folder)
        if not path.exists() or path.read_bytes() != data:
            write_atomic(path, data)

    def put_key_aside(self, why: str) -> None:
        """Move the key out of its place, to a name that says why.

        Raises:
            OSError: The file system refuses.
        """
        number = 1
        while self.key.with_name(f"device.key.{why}-{number}").exists():
            number += 1
        self.key.rename(self.key.with_name(f"device.key.{why}-{number}"))

    def was_left_for_board(self) -> bool:
        """Return True when a key was put aside because this is another board than its own."""
        return next(self.folder.glob(f"{self.key.name}.{BOARD}-*"), None) is not None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep the other process from the key meanwhile.

        Raises:
            OSError: The file system refuses.
        """
        private_folder(self.folder)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def proxy_of(enrolment: EnrolmentFile) -> str | None:
    """Return the proxy that an enrolment file names, None where it says that there is none."""
    return None if enrolment.proxy == NO_PROXY else enrolment.proxy


def _make(path: Path) -> OKPKey:
    key = keys.generate()
    write_atomic(path, keys.dump_private(key), 0o600)
    return key
