"""The certificate authorities of a fleet directory: made once, then asked for certificates.

Every certificate that is issued is also kept under ``pki/issued/<name>/``, because a
revocation must find all of them, also those that were replaced before they expired.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provisioning.errors import ProvisioningError
from provisioning.layout import FleetLayout
from provisioning.pki import certificates, crl, files, update
from provisioning.pki.certificates import Issuer
from provisioning.pki.entries import Entry
from provisioning.pki.files import Unlock
from provisioning.pki.token import TokenKey
from wire.files import write_atomic

ISSUING = "fleet-issuing"
SERVER = "fleet-server"
NODE = "fleet-node"
"""Folders of `issued` for what is no client's; no terminal has such a name."""


def create(
    layout: FleetLayout,
    fleet: str,
    now: datetime,
    lock: bytes | None = None,
    token: TokenKey | None = None,
) -> Issuer:
    """Make fleet root, issuing CA and their revocation lists; return the issuing CA.

    Args:
        layout: the fleet directory.
        fleet: the fleet's name, in the root's subject.
        now: the time that certificates begin at.
        lock: passphrase of both keys; None for a fleet whose server reads its key by itself.
        token: the root's key, when it lies on a PKCS#11 token.

    Raises:
        ProvisioningError: there already is a root, which nothing may overwrite.
    """
    make_sure_new(layout)
    files.make_directory(layout.pki, files.PRIVATE_DIRECTORY)
    root = certificates.make_root(token or files.new_key(), fleet, now)
    issuing = certificates.make_issuing(root, files.new_key(), now)
    files.write_key(layout.issuing_key, issuing.key, lock)
    write_issuing(layout, issuing.certificate, root.certificate)
    update.create(layout, root, now, lock)
    crl.renew_root(layout, root, now)
    crl.renew(layout, issuing, now)
    files.write_certificates(layout.root_certificate, [root.certificate])
    if token:
        write_atomic(layout.root_token, token.address.encode() + b"\n")
    else:
        files.write_key(layout.root_key, root.key, lock)
    return issuing


def make_sure_new(layout: FleetLayout) -> None:
    """Refuse a directory that has authorities already.

    Raises:
        ProvisioningError: it has.
    """
    for path in (
        layout.root_key, layout.root_token, layout.root_certificate, layout.issuing_key,
    ):  # fmt: skip
        if path.exists():
            raise ProvisioningError(f"{path} exists already; a fleet has one root for its life")


def write_issuing(
    layout: FleetLayout, certificate: x509.Certificate, root: x509.Certificate
) -> None:
    """Write the issuing CA's certificate, alone and with the root's, and keep it for revocation."""
    keep(layout, ISSUING, certificate)
    files.write_certificates(layout.issuing_certificate, [certificate])
    files.write_certificates(layout.ca_chain, [certificate, root])


def load_issuing(layout: FleetLayout, unlock: Unlock | None = None) -> Issuer:
    """Read the issuing CA.

    Raises:
        ProvisioningError: it is not there, its key can't be opened, or key and certificate don't
            belong together.
    """
    key = files.read_key(layout.issuing_key, unlock)
    return paired(key, layout.issuing_certificate, layout.issuing_key)


def paired(key: ec.EllipticCurvePrivateKey, certificate: Path, where: Path) -> Issuer:
    """Return an authority of a key and the file with its certificate.

    Raises:
        ProvisioningError: they don't belong together; ``where`` is what the key is called.
    """
    issuer = Issuer(key, files.read_certificate(certificate))
    if issuer.key.public_key() != issuer.certificate.public_key():
        raise ProvisioningError(f"{where} is not the key of {certificate}")
    return issuer


def write_server(layout: FleetLayout, issuing: Issuer, names: Iterable[str], now: datetime) -> None:
    """Make a new key and a certificate for broker and EST under these names."""
    key = files.new_key()
    certificate = certificates.issue_server(issuing, key.public_key(), names, now)
    keep(layout, SERVER, certificate)
    files.write_key(layout.server_key, key)
    files.write_certificates(layout.server_certificate, [certificate, issuing.certificate])


def write_service(layout: FleetLayout, issuing: Issuer, name: str, now: datetime) -> None:
    """Make a new key and a client certificate for one of the fleet's own services."""
    key = files.new_key()
    certificate = certificates.issue_service(issuing, key.public_key(), name, now)
    keep(layout, name, certificate)
    files.make_directory(layout.keys, files.PRIVATE_DIRECTORY)
    files.write_key(layout.service_key(name), key)
    files.write_certificates(layout.service_certificate(name), [certificate, issuing.certificate])


def issue_terminal(
    layout: FleetLayout, issuing: Issuer, key: Ed25519PublicKey, terminal: str, now: datetime
) -> x509.Certificate:
    """Return a new client certificate for a terminal's public key."""
    certificate = certificates.issue_terminal(issuing, key, terminal, now)
    keep(layout, terminal, certificate)
    return certificate


def issued(layout: FleetLayout, name: str) -> list[x509.Certificate]:
    """Return every certificate ever issued under this name."""
    return [files.read_certificate(path) for path in issued_files(layout, name)]


def issued_files(layout: FleetLayout, name: str) -> list[Path]:
    """Return the file of every certificate ever issued under this name; see `kept_as`."""
    return sorted(_issued_directory(layout, name).glob("*.crt"))


def issued_since(layout: FleetLayout, name: str, since: datetime) -> int:
    """Return how many certificates were given out under this name at ``since`` or later."""
    stamps = (path.stat().st_mtime for path in issued_files(layout, name))
    return sum(stamp >= since.timestamp() for stamp in stamps)


def revoke(layout: FleetLayout, issuing: Issuer, name: str, now: datetime) -> int:
    """Put every unexpired certificate of a name on the revocation list; return how many."""
    found = [one for one in issued(layout, name) if one.not_valid_after_utc > now]
    crl.renew(layout, issuing, now, {one.serial_number: Entry(now) for one in found})
    return len(found)


def revoke_one(layout: FleetLayout, issuing: Issuer, path: Path, now: datetime) -> int:
    """Put the certificate in a file on the revocation list; return its serial number.

    Raises:
        ProvisioningError: the issuing CA has not signed it, so its list can't name it.
    """
    certificate = files.read_certificate(path)
    if certificates.issuer_id(certificate) != certificates.key_id(issuing.certificate):
        raise ProvisioningError(f"{path}: not signed by {layout.issuing_certificate}")
    crl.renew(layout, issuing, now, {certificate.serial_number: Entry(now)})
    return certificate.serial_number


def keep(layout: FleetLayout, name: str, certificate: x509.Certificate) -> None:
    """Keep a certificate that was given out, so that it can be revoked."""
    files.make_directory(_issued_directory(layout, name))
    files.write_certificates(kept_as(layout, name, certificate), [certificate])


def kept_as(layout: FleetLayout, name: str, certificate: x509.Certificate) -> Path:
    """Return where a certificate that was given out under a name is kept."""
    return _issued_directory(layout, name) / f"{certificate.serial_number:040x}.crt"


def _issued_directory(layout: FleetLayout, name: str) -> Path:
    return layout.pki / "issued" / name
