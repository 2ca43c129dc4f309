"""Signed bytes: compact JWS (RFC 7515) with Ed25519 (RFC 9864), hash links, runs of records.

What is signed, stored and forwarded are the same bytes. A token is refused unless all three
parts are base64url in its one canonical form: the spare bits at the end of a signature are
not covered by it, and whoever could flip them would make a second hash for the same record.
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from wire import ids
from wire.errors import WireError
from wire.keys import kid_of
from wire.strictjson import parse_object

ALGORITHM = "Ed25519"
MAX_TOKEN = 4096
"""Bytes of one record as a token: 2 KiB of payload in base64url, its header and signature."""
MAX_RUN = 65536
"""Bytes of one run of records, the payload of one MQTT message."""
MAX_DOWN = 65536
"""Bytes of one signed object that goes down."""
_MAX_HEADER = 512


def b64(data: bytes) -> str:
    """Return ``data`` in base64url without padding (RFC 7515 section 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64(text: bytes) -> bytes:
    """Return the bytes of canonical base64url without padding.

    Raises:
        WireError: another alphabet, padding, or spare bits that are not zero.
    """
    try:
        data = base64.b64decode(text + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise WireError("not base64url") from None
    if b64(data).encode("ascii") != text:
        raise WireError("not base64url in its canonical form")
    return data


def seal(payload: bytes, key: OKPKey) -> bytes:
    """Return ``payload`` signed by ``key`` as a compact JWS, in ASCII."""
    header = {"alg": ALGORITHM, "kid": kid_of(key)}
    return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM]).encode("ascii")


def kid_of_token(token: bytes) -> str:
    """Return the ``kid`` that ``token`` claims; nothing is verified.

    Raises:
        WireError: not a compact JWS with exactly the header ``alg`` Ed25519 and ``kid``.
    """
    header = parse_object(unb64(_parts(token)[0]), _MAX_HEADER)
    kid = header.get("kid")
    if header.keys() != {"alg", "kid"} or header["alg"] != ALGORITHM:
        raise WireError(f"a token's header is alg {ALGORITHM} and kid, no more")
    if not isinstance(kid, str) or not ids.HASH.fullmatch(kid):
        raise WireError("kid: is not a key's thumbprint")
    return kid


def payload_of(token: bytes) -> bytes:
    """Return the payload of ``token`` without checking its signature.

    Raises:
        WireError: not a compact JWS.
    """
    return unb64(_parts(token)[1])


def verify(token: bytes, key: OKPKey) -> bytes:
    """Return the payload of ``token`` if ``key`` signed it.

    Raises:
        WireError: not a compact JWS in canonical form, another key's, or a wrong signature.
    """
    if kid_of_token(token) != kid_of(key):
        raise WireError("signed by another key")
    unb64(_parts(token)[2])
    try:
        return jws.deserialize_compact(token, key, algorithms=[ALGORITHM]).payload
    except (JoseError, ValueError):
        raise WireError("the signature is wrong") from None


def digest(token: bytes) -> str:
    """Return the SHA-256 of a whole token in base64url: what the next record's ``prev`` holds."""
    return b64(hashlib.sha256(token).digest())


def root_hash(chain: str) -> str:
    """Return the ``prev`` of a chain's first record: the SHA-256 of the chain id."""
    return b64(hashlib.sha256(chain.encode("ascii")).digest())


def pack_run(tokens: Iterable[bytes], limit: int = MAX_RUN) -> bytes:
    r"""Return as many of the leading ``tokens`` as fit into ``limit`` bytes, joined by ``\n``."""
    run: list[bytes] = []
    size = -1
    for token in tokens:
        size += len(token) + 1
        if size > limit:
            break
        run.append(token)
    return b"\n".join(run)


def split_run(payload: bytes) -> list[bytes]:
    """Return the raw records of a run, none of them parsed.

    Raises:
        WireError: empty or longer than `MAX_RUN`.
    """
    if not payload or len(payload) > MAX_RUN:
        raise WireError(f"a run has 1 to {MAX_RUN} bytes")
    return payload.split(b"\n")


def _parts(token: bytes) -> list[bytes]:
    parts = token.split(b".")
    if len(parts) != 3 or len(token) > MAX_DOWN:
        raise WireError("not a compact JWS")
    return parts
