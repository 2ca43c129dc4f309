"""A private key on a PKCS#11 token (a smart card, a YubiHSM, SoftHSM): it signs and never leaves.

`TokenKey` is a key like any other to the library that builds certificates. Each signature is a
session of its own, so that the token can be pulled out between two.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qs, quote, unquote, unquote_to_bytes

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature

from provisioning.errors import ProvisioningError

LABEL = "hailong-root"
"""What the key is called on the token."""

Pin = Callable[[str], str]
"""Gives the PIN of the token with this label."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key lies.

    Attributes:
        module: the library of the token's maker.
        token: the token's label.
        id: ``CKA_ID`` of the key.
    """

    module: Path
    token: str
    id: bytes = field(default_factory=lambda: secrets.token_bytes(8))

    @property
    def address(self) -> str:
        """The place as RFC 7512 writes it."""
        key = "".join(f"%{byte:02X}" for byte in self.id)
        module = quote(str(self.module), safe="/")
        return f"pkcs11:token={quote(self.token)};id={key};type=private?module-path={module}"


def place(address: str) -> Place:
    """Read an address that `Place.address` has written.

    Raises:
        ProvisioningError: it is none.
    """
    scheme, _, rest = address.strip().partition(":")
    path, _, query = rest.partition("?")
    parts = dict(part.partition("=")[::2] for part in path.split(";"))
    module = parse_qs(query).get("module-path", [])
    if scheme != "pkcs11" or not {"token", "id"} <= parts.keys() or len(module) != 1:
        raise ProvisioningError("not the address of a key on a token (RFC 7512)")
    return Place(Path(module[0]), unquote(parts["token"]), unquote_to_bytes(parts["id"]))


class TokenKey(ec.EllipticCurvePrivateKey):
    """A P-256 key that stays on its token."""

    def __init__(self, where: Place, pin: str) -> None:
        """Look the key up.

        Raises:
            ProvisioningError: there is no such token or key, or the PIN is wrong.
        """
        self._where, self._pin = where, pin
        with _session(where, pin) as session:
            self._public = _public(session, where)

    @property
    def address(self) -> str:
        """Where the key lies, as RFC 7512 writes it."""
        return self._where.address

    @property
    def curve(self) -> ec.EllipticCurve:
        """P-256."""
        return self._public.curve

    @property
    def key_size(self) -> int:
        """Bits of the curve."""
        return self._public.key_size

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Return the public half."""
        return self._public

    def sign(
        self,
        data: bytes | bytearray | memoryview,
        signature_algorithm: ec.EllipticCurveSignatureAlgorithm,
    ) -> bytes:
        """Return the ECDSA signature of ``data`` in DER, made by the token.

        The digest is made here: every token knows plain ECDSA, few hash for it.

        Raises:
            ProvisioningError: the token is gone or refuses.
        """
        import pkcs11

        algorithm = signature_algorithm.algorithm
        if isinstance(algorithm, Prehashed):
            raise ProvisioningError("a token signs what it was given, not a digest")
        digest = hashes.Hash(algorithm)
        digest.update(bytes(data))
        with _session(self._where, self._pin) as session:
            key = session.get_key(pkcs11.ObjectClass.PRIVATE_KEY, id=self._where.id)
            raw = key.sign(digest.finalize(), mechanism=pkcs11.Mechanism.ECDSA)
        half = len(raw) // 2
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    def exchange(self, algorithm: ec.ECDH, peer_public_key: ec.EllipticCurvePublicKey) -> NoReturn:
        """Refuse: the key is for signatures."""
        del algorithm, peer_public_key
        raise _stays()

    def private_numbers(self) -> NoReturn:
        """Refuse: the key never leaves the token."""
        raise _stays()

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> NoReturn:
        """Refuse: the key never leaves the token."""
        del encoding, format, encryption_algorithm
        raise _stays()

    def __copy__(self) -> "TokenKey":
        """Return the key itself: there is only one."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "TokenKey":
        """Return the key itself: there is only one."""
        return self


def generate(where: Place, pin: str) -> TokenKey:
    """Make a P-256 key on a token, from which it can't be read.

    Raises:
        ProvisioningError: there is no such token, the PIN is wrong, or it makes no such keys.
    """
    import pkcs11
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    stays = {
        pkcs11.Attribute.SENSITIVE: True,
        pkcs11.Attribute.EXTRACTABLE: False,
        pkcs11.Attribute.SIGN: True,
        pkcs11.Attribute.DERIVE: False,
    }
    with _session(where, pin, write=True) as session:
        session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True).generate_keypair(
            id=where.id, label=LABEL, store=True, private_template=stays
        )
    return TokenKey(where, pin)


def _public(session: Any, where: Place) -> ec.EllipticCurvePublicKey:
    import pkcs11
    from pkcs11.util.ec import encode_ec_public_key

    held = session.get_key(pkcs11.ObjectClass.PUBLIC_KEY, id=where.id)
    public = serialization.load_der_public_key(encode_ec_public_key(held))
    if not isinstance(public, ec.EllipticCurvePublicKey):
        raise ProvisioningError(f"token {where.token}: the key {LABEL} is not on a P curve")
    return public


@contextmanager
def _session(where: Place, pin: str, *, write: bool = False) -> Iterator[Any]:
    import pkcs11

    try:
        token = pkcs11.lib(str(where.module)).get_token(token_label=where.token)
        with token.open(rw=write, user_pin=pin) as session:
            yield session
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise ProvisioningError(f"token {where.token!r}: {_reason(error, where)}") from None


def _reason(error: Exception, where: Place) -> str:
    from pkcs11 import exceptions

    words: dict[type[Exception], str] = {
        exceptions.NoSuchToken: "is not there; is it plugged in, and its label right?",
        exceptions.NoSuchKey: "does not hold this fleet's root; is it the right one?",
        exceptions.PinIncorrect: "this is not its PIN; after some wrong ones it locks itself",
        exceptions.PinLenRange: "its PIN is longer or shorter",
        exceptions.PinLocked: "is locked after too many wrong PINs; its maker's program unlocks it",
        exceptions.TokenNotRecognised: "has not been set up; its maker's program does it",
    }
    if type(error) in words:
        return words[type(error)]
    return f"{where.module} says: {error or type(error).__name__}"


def _stays() -> ProvisioningError:
    return ProvisioningError("a key on a token signs there and never leaves it")
