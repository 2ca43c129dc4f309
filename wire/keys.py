"""Ed25519 keys as JWKs (RFC 8037): make, load, name."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from wire import ids
from wire.errors import WireError


def generate() -> OKPKey:
    """Return a new Ed25519 key pair."""
    return OKPKey.generate_key("Ed25519")


def load_private(pem: bytes) -> OKPKey:
    """Return the Ed25519 private key in ``pem`` (PKCS#8).

    Raises:
        WireError: no such key in it. The message does not repeat the input.
    """
    try:
        key = OKPKey.import_key(pem)
    except (JoseError, ValueError, TypeError):
        raise WireError("no private key in PEM form") from None
    if key.curve_name != "Ed25519" or not key.is_private:
        raise WireError("not an Ed25519 private key")
    return key


def dump_private(key: OKPKey) -> bytes:
    """Return ``key`` as PKCS#8 PEM, without a password."""
    return key.as_pem(private=True)


def public_from_x(x: str) -> OKPKey:
    """Return the public key whose RFC 8037 ``x`` is given.

    Raises:
        WireError: not 32 bytes in base64url.
    """
    if not ids.HASH.fullmatch(x):
        raise WireError("not an Ed25519 public key in base64url")
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})


def public_from_bytes(raw: bytes) -> OKPKey:
    """Return the public key of 32 raw bytes.

    Raises:
        WireError: not 32 bytes.
    """
    try:
        return OKPKey.import_key(Ed25519PublicKey.from_public_bytes(raw))
    except ValueError:
        raise WireError("not an Ed25519 public key") from None


def x_of(key: OKPKey) -> str:
    """Return the public part of ``key`` as RFC 8037 ``x``."""
    return str(key.as_dict(private=False)["x"])


def kid_of(key: OKPKey) -> str:
    """Return the RFC 7638 thumbprint of ``key``, 43 characters of base64url."""
    return key.thumbprint()
