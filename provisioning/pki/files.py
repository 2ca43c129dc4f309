"""Private keys and certificates as files: written whole, read with an error that names the file."""

from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.errors import ProvisioningError
from wire.files import write_atomic

PRIVATE = 0o600
PRIVATE_DIRECTORY = 0o700


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 key, as every TLS implementation knows it."""
    return ec.generate_private_key(ec.SECP256R1())


def write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """Write a private key as PKCS#8 PEM that only its owner can read."""
    write_atomic(path, key_pem(key), PRIVATE)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 private key.

    Raises:
        ProvisioningError: there is none; the message names the file, never its content.
    """
    try:
        key = serialization.load_pem_private_key(_read(path), password=None)
    except (ValueError, TypeError):
        raise ProvisioningError(f"{path}: no private key in PEM form without a password") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvisioningError(f"{path}: not an elliptic curve key")
    return key


def write_certificates(path: Path, certificates: Iterable[x509.Certificate]) -> None:
    """Write certificates one after another as PEM."""
    write_atomic(path, pem(certificates))


def pem(certificates: Iterable[x509.Certificate]) -> bytes:
    """Return certificates one after another as PEM."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def read_certificate(path: Path) -> x509.Certificate:
    """Read the first certificate of a PEM file.

    Raises:
        ProvisioningError: there is none.
    """
    try:
        return x509.load_pem_x509_certificate(_read(path))
    except ValueError:
        raise ProvisioningError(f"{path}: no certificate in PEM form") from None


def read_crl(path: Path) -> x509.CertificateRevocationList:
    """Read a revocation list.

    Raises:
        ProvisioningError: there is none.
    """
    try:
        return x509.load_pem_x509_crl(_read(path))
    except ValueError:
        raise ProvisioningError(f"{path}: no revocation list in PEM form") from None


def make_directory(path: Path, mode: int = 0o755) -> None:
    """Make a directory, or leave the one that is there."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ProvisioningError(f"{path}: can't be read ({error.strerror})") from None
