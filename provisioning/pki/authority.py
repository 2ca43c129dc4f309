"""The certificate authorities of a fleet directory: made once, then asked for certificates.

Every certificate that is issued to a client is also kept under ``pki/issued/<name>/``, because a
revocation must find all of them, also those that were replaced before they expired.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import certificates, crl, files, update
from provisioning.pki.certificates import Issuer


def create(layout: FleetLayout, fleet: str, now: datetime) -> Issuer:
    """Make fleet root, issuing CA and their revocation lists; return the issuing CA.

    Raises:
        ProvisioningError: there already is a root, which nothing may overwrite.
    """
    for path in (layout.root_key, layout.root_certificate, layout.issuing_key):
        if path.exists():
            raise ProvisioningError(f"{path} exists already; a fleet has one root for its life")
    files.make_directory(layout.pki, files.PRIVATE_DIRECTORY)
    root = certificates.make_root(files.new_key(), fleet, now)
    issuing = certificates.make_issuing(root, files.new_key(), fleet, now)
    files.write_key(layout.issuing_key, issuing.key)
    files.write_certificates(layout.issuing_certificate, [issuing.certificate])
    files.write_certificates(layout.ca_chain, [issuing.certificate, root.certificate])
    update.create(layout, root, fleet, now)
    crl.write_root_crl(layout, root, now)
    crl.renew(layout, issuing, now)
    files.write_certificates(layout.root_certificate, [root.certificate])
    files.write_key(layout.root_key, root.key)
    return issuing


def load_issuing(layout: FleetLayout) -> Issuer:
    """Read the issuing CA.

    Raises:
        ProvisioningError: it is not there, or key and certificate don't belong together.
    """
    issuer = Issuer(
        files.read_key(layout.issuing_key), files.read_certificate(layout.issuing_certificate)
    )
    if issuer.key.public_key() != issuer.certificate.public_key():
        raise ProvisioningError(
            f"{layout.issuing_key} is not the key of {layout.issuing_certificate}"
        )
    return issuer


def write_server(layout: FleetLayout, issuing: Issuer, names: Iterable[str], now: datetime) -> None:
    """Make a new key and a certificate for broker and EST under these names."""
    key = files.new_key()
    certificate = certificates.issue_server(issuing, key.public_key(), names, now)
    files.write_key(layout.server_key, key)
    files.write_certificates(layout.server_certificate, [certificate, issuing.certificate])


def write_service(layout: FleetLayout, issuing: Issuer, name: str, now: datetime) -> None:
    """Make a new key and a client certificate for one of the fleet's own services."""
    key = files.new_key()
    certificate = certificates.issue_service(issuing, key.public_key(), name, now)
    _keep(layout, name, certificate)
    files.make_directory(layout.keys, files.PRIVATE_DIRECTORY)
    files.write_key(layout.service_key(name), key)
    files.write_certificates(layout.service_certificate(name), [certificate, issuing.certificate])


def issue_terminal(
    layout: FleetLayout, issuing: Issuer, key: Ed25519PublicKey, terminal: str, now: datetime
) -> x509.Certificate:
    """Return a new client certificate for a terminal's public key."""
    certificate = certificates.issue_terminal(issuing, key, terminal, now)
    _keep(layout, terminal, certificate)
    return certificate


def issued(layout: FleetLayout, name: str) -> list[x509.Certificate]:
    """Return every certificate ever issued to a client of this name."""
    directory = _issued_directory(layout, name)
    return [files.read_certificate(path) for path in sorted(directory.glob("*.crt"))]


def revoke(layout: FleetLayout, issuing: Issuer, name: str, now: datetime) -> int:
    """Put every unexpired certificate of a client on the revocation list; return how many."""
    found = [one for one in issued(layout, name) if one.not_valid_after_utc > now]
    crl.renew(layout, issuing, now, {one.serial_number: now for one in found})
    return len(found)


def _keep(layout: FleetLayout, name: str, certificate: x509.Certificate) -> None:
    directory = _issued_directory(layout, name)
    files.make_directory(directory)
    files.write_certificates(directory / f"{certificate.serial_number:040x}.crt", [certificate])


def _issued_directory(layout: FleetLayout, name: str) -> Path:
    return layout.pki / "issued" / name
