"""Making what the endpoint needs: a key, a certificate signed by itself, and a token."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from device.errors import DeviceError
from wire.files import write_atomic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from device.settings import LanSettings

# The caller trusts this one certificate, not its dates; and a terminal's clock may be wrong by
# years on the day on which it is made.
_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2049, 12, 31, tzinfo=UTC)


def make(settings: LanSettings, hosts: Sequence[str]) -> bool:
    """Make key, certificate and token; return False if they are all there already.

    Args:
        settings: Where the files belong.
        hosts: Names and addresses by which callers reach the terminal.

    Raises:
        DeviceError: Some of the files are there and some are not; nothing was written.
        OSError: A file cannot be written.
    """
    paths = (settings.key, settings.certificate, settings.token_file)
    there = [path for path in paths if path.exists()]
    if len(there) == len(paths):
        return False
    if there:
        names = " and ".join(str(path) for path in there)
        raise DeviceError(f"{names} exists already and is not overwritten; move it away first")
    key = ec.generate_private_key(ec.SECP256R1())
    for path in paths:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate = _certificate(key, hosts).public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    write_atomic(settings.key, private, mode=0o600)
    write_atomic(settings.certificate, certificate)
    write_atomic(settings.token_file, secrets.token_urlsafe(32).encode() + b"\n", mode=0o600)
    return True


def fingerprint(settings: LanSettings) -> str:
    """Return the SHA-256 of the certificate as people compare it: pairs with colons.

    Raises:
        DeviceError: The file holds no certificate.
    """
    return _read(settings).fingerprint(hashes.SHA256()).hex(":").upper()


def unnamed(settings: LanSettings, hosts: Sequence[str]) -> list[str]:
    """Return those of the hosts that the certificate does not name: callers would refuse it.

    Raises:
        DeviceError: The file holds no certificate, or a host is none.
    """
    try:
        names = _read(settings).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return list(hosts)
    return [host for host in hosts if _general(host) not in names.value]


def _read(settings: LanSettings) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(settings.certificate.read_bytes())
    except ValueError:
        raise DeviceError(f"{settings.certificate}: is no certificate in PEM") from None


def _certificate(key: ec.EllipticCurvePrivateKey, hosts: Sequence[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0][:64])])
    usage = x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    public = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_SINCE)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.SubjectAlternativeName([_general(host) for host in hosts]), critical=False
        )
        .sign(key, hashes.SHA256())
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host)
    except ValueError:
        raise DeviceError(f"{host}: is no host name; write it in ASCII") from None
