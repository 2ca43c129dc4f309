"""The key that signs bundles for terminals, and its certificate."""

from datetime import datetime

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import certificates, files
from provisioning.pki.certificates import Issuer


def create(layout: FleetLayout, root: Issuer, now: datetime, lock: bytes | None = None) -> None:
    """Make key and certificate for bundles; ``lock`` is the key's passphrase, if it has one.

    Raises:
        ProvisioningError: there is a key already, whose bundles terminals may be waiting for.
    """
    if layout.update_key.exists():
        raise ProvisioningError(f"{layout.update_key} exists already; move it away for a new one")
    key = files.new_key()
    certificate = certificates.issue_update(root, key.public_key(), now)
    files.write_certificates(layout.update_certificate, [certificate])
    files.write_key(layout.update_key, key, lock)
