"""The fleet's Ed25519 keys, and the key list that tells terminals which of them to believe.

The fleet key signs key lists and nothing else, and belongs offline. The receipt key and the
control key are online, each for one use.
"""

from datetime import datetime
from pathlib import Path
from typing import get_args

from joserfc.jwk import OKPKey

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki.files import (
    PRIVATE_DIRECTORY,
    Unlock,
    is_locked,
    make_directory,
    read_pem,
    write_pem,
)
from wire import keys
from wire.down import FleetKey, KeyList, Use, open_key_list, seal_down
from wire.errors import WireError
from wire.files import write_atomic


def create(layout: FleetLayout, now: datetime, lock: bytes | None = None) -> None:
    """Make the fleet key, the receipt key and the control key, and sign the first key list.

    Args:
        layout: the fleet directory.
        now: the time that the list begins at.
        lock: passphrase of all three; None for a fleet whose server reads them by itself.

    Raises:
        ProvisioningError: one of the keys is there already.
    """
    make_sure_new(layout)
    for path in _paths(layout):
        make_directory(path.parent, PRIVATE_DIRECTORY)
        key = keys.generate()
        if path == layout.fleet_key:
            write_atomic(layout.fleet_public_key, keys.x_of(key).encode() + b"\n")
        write_pem(path, keys.dump_private(key), lock)
    sign(layout, now, (lambda _path: lock) if lock else None)


def make_sure_new(layout: FleetLayout) -> None:
    """Refuse a directory that has such keys already.

    Raises:
        ProvisioningError: it has.
    """
    for path in _paths(layout):
        if path.exists():
            raise ProvisioningError(f"{path} exists already; it is not overwritten")


def sign(layout: FleetLayout, now: datetime, unlock: Unlock | None = None) -> KeyList:
    """Sign a key list of the online keys as they are, numbered above the last one.

    Raises:
        ProvisioningError: a key is missing or is not one.
    """
    fleet = load(layout.fleet_key, unlock)
    issued = int(now.timestamp() * 1000)
    listed = KeyList(
        n=max(issued, _last_number(layout, fleet) + 1),
        iat=issued,
        keys=tuple(
            FleetKey(use, keys.x_of(load(path, unlock)))
            for use, path in zip(
                get_args(Use), (layout.receipt_key, layout.control_key), strict=True
            )
        ),
    )
    write_atomic(layout.key_list, seal_down(listed, fleet))
    return listed


def replace(layout: FleetLayout, use: Use, now: datetime, unlock: Unlock | None = None) -> KeyList:
    """Make a new key for one use and sign a list that no longer names the old one.

    The new key has a passphrase if the old one had, and the same.

    Raises:
        ProvisioningError: a key is missing or is not one; nothing was replaced.
    """
    load(layout.fleet_key, unlock)
    path = layout.receipt_key if use == "receipt" else layout.control_key
    lock = unlock(path) if unlock and path.exists() and is_locked(path) else None
    write_pem(path, keys.dump_private(keys.generate()), lock)
    return sign(layout, now, unlock)


def load(path: Path, unlock: Unlock | None = None) -> OKPKey:
    """Read an Ed25519 private key.

    Raises:
        ProvisioningError: it is not there or not one; the message names the file only.
    """
    try:
        return keys.load_private(read_pem(path, unlock))
    except WireError as error:
        raise ProvisioningError(f"{path}: {error}") from None


def fleet_key_x(layout: FleetLayout) -> str:
    """Return the public half of the fleet key, as enrolment files carry it.

    Raises:
        ProvisioningError: ``pki/fleet.pub`` is missing or is not one.
    """
    path = layout.fleet_public_key
    try:
        return keys.x_of(keys.public_from_x(path.read_text("ascii").strip()))
    except OSError as error:
        raise ProvisioningError(f"{path}: can't be read ({error.strerror})") from None
    except ValueError as error:
        raise ProvisioningError(f"{path}: {error}") from None


def _paths(layout: FleetLayout) -> tuple[Path, ...]:
    return layout.fleet_key, layout.receipt_key, layout.control_key


def _last_number(layout: FleetLayout, fleet: OKPKey) -> int:
    try:
        return open_key_list(layout.key_list.read_bytes(), keys.x_of(fleet)).n
    except FileNotFoundError:
        return 0
    except WireError as error:
        raise ProvisioningError(f"{layout.key_list}: {error}") from None
