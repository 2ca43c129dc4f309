"""Private keys and certificates as files: written whole, read with an error that names the file.

A private key may have a passphrase: PKCS#8 with PBES2 (RFC 8018), AES-256 and PBKDF2. OpenSSL's
number of rounds is small, so the passphrase itself must be long; `MIN_PASSPHRASE` sees to that.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.errors import ProvisioningError
from wire.files import write_atomic

PRIVATE = 0o600
PRIVATE_DIRECTORY = 0o700
MIN_PASSPHRASE = 20
"""Characters: five or six words. Shorter ones can be guessed by who has stolen the file."""

Unlock = Callable[[Path], bytes]
"""Gives the passphrase of a key file."""

_LOCKED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"


def new_key() -> ec.EllipticCurvePrivateKey:
    """Return a new P-256 key, as every TLS implementation knows it."""
    return ec.generate_private_key(ec.SECP256R1())


def write_key(path: Path, key: ec.EllipticCurvePrivateKey, lock: bytes | None = None) -> None:
    """Write a private key as PKCS#8 PEM that only its owner can read.

    Args:
        path: the file.
        key: the key.
        lock: its passphrase; None for a key that a server reads by itself.
    """
    write_pem(path, key_pem(key), lock)


def write_pem(path: Path, pem: bytes, lock: bytes | None) -> None:
    """Write a private key that is PKCS#8 PEM already, under a passphrase or without."""
    write_atomic(path, locked(pem, lock) if lock else pem, PRIVATE)


def locked(pem: bytes, passphrase: bytes) -> bytes:
    """Return a private key in PKCS#8 PEM under a passphrase."""
    return serialization.load_pem_private_key(pem, password=None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase),
    )


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as PKCS#8 PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(path: Path, unlock: Unlock | None = None) -> ec.EllipticCurvePrivateKey:
    """Read a P-256 private key.

    Raises:
        ProvisioningError: there is none; the message names the file, never its content.
    """
    try:
        key = serialization.load_pem_private_key(read_pem(path, unlock), password=None)
    except (ValueError, TypeError):
        raise ProvisioningError(f"{path}: no private key in PEM form") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ProvisioningError(f"{path}: not an elliptic curve key")
    return key


def is_locked(path: Path) -> bool:
    """Say whether a key file has a passphrase.

    Raises:
        ProvisioningError: it can't be read.
    """
    return _LOCKED in _read(path)


def read_pem(path: Path, unlock: Unlock | None = None) -> bytes:
    """Read a private key file; return it as PEM without passphrase, whatever kind of key it is.

    Raises:
        ProvisioningError: it can't be read, or the passphrase is wrong or can't be asked for.
    """
    content = _read(path)
    if _LOCKED not in content:
        return content
    if unlock is None:
        raise ProvisioningError(
            f"{path}: has a passphrase, which nobody can type here; "
            "hailong-provision ca import puts the keys of a server into place without one"
        )
    return opened(content, unlock(path), str(path))


def opened(content: bytes, passphrase: bytes, name: str) -> bytes:
    """Return a private key under a passphrase as PEM without one.

    Args:
        content: the key.
        passphrase: its passphrase.
        name: what to call it in a message.

    Raises:
        ProvisioningError: the passphrase is another, or this is no key.
    """
    try:
        key = serialization.load_pem_private_key(content, passphrase)
    except (ValueError, TypeError):
        raise ProvisioningError(f"{name}: this is not its passphrase") from None
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def write_certificates(path: Path, certificates: Iterable[x509.Certificate]) -> None:
    """Write certificates one after another as PEM."""
    write_atomic(path, pem(certificates))


def pem(certificates: Iterable[x509.Certificate]) -> bytes:
    """Return certificates one after another as PEM."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in certificates)


def fingerprint(certificate: x509.Certificate) -> str:
    """Return the SHA-256 of a certificate in pairs of digits, as people read it aloud."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


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
