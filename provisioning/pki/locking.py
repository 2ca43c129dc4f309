"""Changes the passphrase of a directory's keys."""

from collections.abc import Callable
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import files
from provisioning.pki.files import Unlock
from provisioning.pki.sets import online


def change(layout: FleetLayout, unlock: Unlock, new: Callable[[], bytes]) -> list[Path]:
    """Put the offline keys, and all keys that have a passphrase, under a new one; return them.

    All are opened before the first is written: a wrong passphrase changes nothing.

    Raises:
        ProvisioningError: there are none, or one can't be opened.
    """
    offline = [
        path for path in (layout.root_key, layout.fleet_key, layout.update_key) if path.exists()
    ]
    locked = [path for path in online(layout) if path.exists() and files.is_locked(path)]
    opened = {path: files.read_pem(path, unlock) for path in (*offline, *locked)}
    if not opened:
        raise ProvisioningError(f"{layout.pki}: none of the offline keys is here")
    lock = new()
    for path, pem in opened.items():
        files.write_pem(path, pem, lock)
    return list(opened)
