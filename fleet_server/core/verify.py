"""Verification: what raw bytes claim to be, and who vouches for them.

The rules, in the order of the code. A record that breaks one of 1 to 5 is *faulty*: it never
enters a figure. It may still occupy a position in its chain (see `accept`), so `sight` reports
the fault instead of raising.

1. A record is at most 4,096 bytes.
2. It is a compact JWS whose header is exactly ``alg`` Ed25519 and ``kid``, canonical base64url.
3. Its signature has 64 bytes, canonical too: nobody can make a second hash for the same record.
4. Its payload is a record of a version and type known here, within the limits of WIRE.md.
5. Its ``dev`` is the terminal whose topic it came on.
6. Its ``kid`` is a key that the enrolment registry holds for that terminal. A certificate's
   expiry plays no part; that a key was revoked is reported, for the caller to judge.
7. That key made the signature.

PyNaCl checks the signatures of this hot path: nearly twice as fast as OpenSSL here. The
scrub and ``hailong-fleet verify`` check the same bytes with joserfc, so that two libraries agree.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from wire import envelope, ids
from wire.codec import MAX_PAYLOAD, decode
from wire.envelope import MAX_TOKEN, digest, kid_of_token, payload_of, unb64
from wire.errors import WireError
from wire.fields import MAX_SEQ
from wire.keys import public_from_x
from wire.records import Record
from wire.strictjson import parse_object

SIGNATURE_BYTES = 64


class Rejected(Exception):
    """The bytes are not a record that can be believed; the message says which rule they break."""


@dataclass(frozen=True, slots=True)
class EnrolledKey:
    """A key of the registry: its RFC 8037 ``x``, and since when it is revoked (Unix ms).

    Attributes:
        replaced_at: when a ``key`` record of it came that names its successor.
    """

    kid: str
    x: str
    revoked_at: int | None = None
    replaced_at: int | None = None

    def revoked(self, now: int) -> bool:
        """Whether what arrives at ``now`` is too late to stand."""
        if self.replaced_at is not None and self.replaced_at < now:
            return True  # what came together with the ``key`` record stands
        return self.revoked_at is not None and self.revoked_at <= now


Keyring = Mapping[str, EnrolledKey]
"""The registry's keys of one terminal, by kid."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """Raw bytes and what they claim, before anybody vouched for them.

    Attributes:
        raw: the bytes as they came.
        hash: their digest, which the next record's ``prev`` repeats.
        kid: the key they name, if it can be read.
        chain: the chain they name, if it can be read, even where ``record`` is None.
        seq: the position they name, likewise.
        prev: the hash of the record before, likewise.
        record: what they say, or None if ``fault`` is set.
        fault: the rule they break, in words.
    """

    raw: bytes
    hash: str
    kid: str | None = None
    chain: str | None = None
    seq: int | None = None
    prev: str | None = None
    record: Record | None = None
    fault: str | None = None


def sight(raw: bytes, dev: str) -> Sighting:
    """Apply rules 1 to 5 to one record of terminal ``dev``. Never raises."""
    hashed = digest(raw)
    kid = None
    try:
        if len(raw) > MAX_TOKEN:
            raise WireError(f"longer than {MAX_TOKEN} bytes")
        kid = _kid(raw)
        if len(unb64(raw.rpartition(b".")[2])) != SIGNATURE_BYTES:
            raise WireError("the signature has not 64 bytes")
        record = decode(payload_of(raw))
        if record.stamp.dev != dev:
            raise WireError("dev: is another terminal")
    except WireError as error:
        return Sighting(raw, hashed, kid, *_claims(raw), None, str(error))
    stamp = record.stamp
    return Sighting(raw, hashed, kid, stamp.chain, stamp.seq, stamp.prev, record)


def signed(sighting: Sighting, keys: Keyring) -> bool:
    """Apply rules 6 and 7: whether the enrolled key that the bytes name has signed them."""
    key = keys.get(sighting.kid or "")
    return key is not None and _signature_is_good(sighting.raw, key.x)


def verify_record(raw: bytes, dev: str, keys: Keyring) -> Record:
    """Return the record in ``raw``, checked by all rules with joserfc.

    Raises:
        Rejected: naming the first rule that is broken.
    """
    sighting = sight(raw, dev)
    if sighting.record is None or sighting.kid is None:
        raise Rejected(sighting.fault)
    key = keys.get(sighting.kid)
    if key is None:
        raise Rejected("signed by a key that is not enrolled for this terminal")
    try:
        envelope.verify(raw, public_from_x(key.x))
    except WireError as error:
        raise Rejected(str(error)) from None
    return sighting.record


def _kid(raw: bytes) -> str:
    # All records of a key have the same header: it is parsed once.
    header, _, rest = raw.partition(b".")
    if rest.count(b".") != 1:
        raise WireError("not a compact JWS")
    return _kid_of_header(header)


@functools.lru_cache(maxsize=8192)
def _kid_of_header(header: bytes) -> str:
    return kid_of_token(header + b"..")


def _claims(raw: bytes) -> tuple[str | None, int | None, str | None]:
    """Return chain, seq and ``prev`` of faulty bytes where they can be read at all."""
    try:
        values = parse_object(payload_of(raw), MAX_PAYLOAD, floats=True)
    except WireError:
        return None, None, None
    chain, seq, prev = values.get("chain"), values.get("seq"), values.get("prev")
    return (
        chain if isinstance(chain, str) and ids.RANDOM_ID.fullmatch(chain) else None,
        seq if type(seq) is int and 1 <= seq <= MAX_SEQ else None,
        prev if isinstance(prev, str) and ids.HASH.fullmatch(prev) else None,
    )


def _signature_is_good(raw: bytes, x: str) -> bool:
    signing_input, _, signature = raw.rpartition(b".")
    try:
        _verifier(x).verify(signing_input, unb64(signature))
    except (BadSignatureError, WireError, ValueError):
        return False
    return True


@functools.lru_cache(maxsize=8192)
def _verifier(x: str) -> VerifyKey:
    return VerifyKey(unb64(x.encode("ascii")))
