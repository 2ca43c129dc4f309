"""Certificate signing requests, as a terminal makes them."""

import base64

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates
from cryptography.x509.oid import NameOID


def csr(key: Ed25519PrivateKey, common_name: str | None = "t-1") -> bytes:
    """Return a request for a key as EST carries it: DER in base64."""
    names = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
    return base64.encodebytes(request.sign(key, None).public_bytes(Encoding.DER))


def certificates_in(body: bytes) -> list[x509.Certificate]:
    """Return the certificates of EST's answer."""
    return load_der_pkcs7_certificates(base64.b64decode(body))
