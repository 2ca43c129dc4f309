"""The terminal's certificate: the request for one, and whether one fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from device.errors import DeviceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from joserfc.jwk import OKPKey

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CertificateError(DeviceError):
    """A certificate is not one that this terminal can use; the text says why."""


def request(key: OKPKey, terminal: str) -> bytes:
    """Return a PKCS#10 request (RFC 2986) for ``terminal`` in DER, signed by ``key``."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, terminal)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    return builder.sign(_private(key), None).public_bytes(Encoding.DER)


def chain_for(
    certificates: Sequence[x509.Certificate], key: OKPKey, terminal: str, root_pem: str
) -> bytes:
    """Return, in PEM, the one of ``certificates`` made for this key, and those up to the root.

    Args:
        certificates: What the enrolment server sent, in any order.
        key: The device key.
        terminal: Terminal id, to be the certificate's common name.
        root_pem: The fleet root.

    Raises:
        CertificateError: None is for this key and name, or it does not lead to the fleet root.
    """
    own = [each for each in certificates if _public_bytes(each) == _own_bytes(key)]
    if not own:
        raise CertificateError("the enrolment server sent no certificate for this terminal's key")
    leaf = own[0]
    if common_name(leaf) != terminal:
        raise CertificateError("the enrolment server sent a certificate for another name")
    root = _load(root_pem.encode())[0]
    chain = [leaf]
    while not _issued(chain[-1], root):
        above = [each for each in certificates if each not in chain and _issued(chain[-1], each)]
        if not above:
            raise CertificateError("the certificate sent does not lead to the fleet root")
        chain.append(above[0])
    return b"".join(each.public_bytes(Encoding.PEM) for each in chain)


def check(pem: bytes, key: OKPKey, terminal: str, root_pem: str) -> x509.Certificate:
    """Return the leaf of a stored chain if it is for this key and name under this root.

    Raises:
        CertificateError: It isn't.
    """
    certificates = _load(pem)
    chain_for(certificates, key, terminal, root_pem)
    return certificates[0]


def common_name(certificate: x509.Certificate) -> str | None:
    """Return the subject's common name, None where there isn't exactly one."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else None


def is_expired(certificate: x509.Certificate, now_ms: int) -> bool:
    """Return True when the certificate's time has passed at ``now_ms`` (Unix ms)."""
    return _at(now_ms) >= certificate.not_valid_after_utc


def is_due(certificate: x509.Certificate, now_ms: int) -> bool:
    """Return True when less than a third of the certificate's time is left."""
    whole = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    return certificate.not_valid_after_utc - _at(now_ms) < whole / 3


def _at(now_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=now_ms)


def _load(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError:
        raise CertificateError(
            "a stored certificate is damaged; enrol this terminal again"
        ) from None


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _public_bytes(certificate: x509.Certificate) -> bytes | None:
    try:
        public = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(public, Ed25519PublicKey):
        return None
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _own_bytes(key: OKPKey) -> bytes:
    return _private(key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _private(key: OKPKey) -> Ed25519PrivateKey:
    return cast("Ed25519PrivateKey", key.private_key)
