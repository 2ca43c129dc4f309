"""What EST carries: PKCS#10 requests in, PKCS#7 "certs-only" out, both in base64.

Pure: bytes in, checked object or `Refusal` out.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import serialize_certificates
from cryptography.x509.oid import NameOID

from fleet_server.est.errors import Refusal
from wire.keys import kid_of, public_from_bytes, x_of

MAX_BODY = 16_384
"""Bytes of a request's body; a request for an Ed25519 key has about 300."""

# CsrAttrs (RFC 7030 section 4.5.2): a sequence with the one object identifier of Ed25519.
WANTED_KEY = bytes.fromhex("300506032b6570")


@dataclass(frozen=True, slots=True)
class Request:
    """A certificate signing request whose signature is good.

    Attributes:
        key: the public key to be certified.
        kid: its thumbprint; ``x`` its JWK form.
    """

    key: Ed25519PublicKey
    kid: str
    x: str


def read_request(body: bytes, terminal: str) -> Request:
    """Read a request that ``terminal`` made.

    1. Base64 of a PKCS#10 request.
    2. Its key is an Ed25519 key.
    3. Its own signature is good: who asks has the private key.
    4. Its subject names this terminal or nobody.

    Raises:
        Refusal: with status 400.
    """
    try:
        request = x509.load_der_x509_csr(_from_base64(body))
        key = request.public_key()
        names = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion):
        raise Refusal(400, "the body is not a PKCS#10 request in base64 (DER inside)") from None
    if not isinstance(key, Ed25519PublicKey):
        raise Refusal(400, "the key must be an Ed25519 key")
    if not _proves_possession(request):
        raise Refusal(400, "the request's own signature is wrong")
    if any(name.value != terminal for name in names):
        raise Refusal(400, f"the request's common name must be {terminal} or empty")
    public = public_from_bytes(key.public_bytes_raw())
    return Request(key, kid_of(public), x_of(public))


def certs_only(certificates: Sequence[x509.Certificate]) -> bytes:
    """Return certificates as PKCS#7 in base64."""
    return base64.encodebytes(serialize_certificates(list(certificates), Encoding.DER))


def _proves_possession(request: x509.CertificateSigningRequest) -> bool:
    try:
        return request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm):
        return False


def _from_base64(body: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
