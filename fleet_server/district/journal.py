"""A terminal's journal, as the terminal itself would have written it: chained and signed. Pure.

A `Journal` is a value that is carried from day to day; a `Pen` writes records after it. The key
of a terminal comes from the seed alone, so whoever knows the seed can sign: for demos only.
"""

import hashlib
from dataclasses import dataclass, field, replace

from joserfc.jwk import OKPKey
from nacl.signing import SigningKey

from wire import codec, keys
from wire.envelope import ALGORITHM, b64, digest, root_hash
from wire.records import Body, ClockQuality, Record, Stamp
from wire.strictjson import dump

FIRMWARE, IMAGE = "0.4.0", "2026.08"
DRIFTED_AT = 1_735_689_600_000
"""What a clock shows that nobody has set: 1 January 2025."""


@dataclass(frozen=True, slots=True)
class Journal:
    """Where a terminal's journal stands.

    Attributes:
        boot_at: when this boot began, really, in Unix milliseconds.
        clock: what the terminal knows of the time.
        ahead: milliseconds by which its clock is fast.
        key: which of the terminal's keys signs, from 0.
        chains, boots: how many it has begun, so that each gets an id of its own.
        last_at: when its newest record was made.
    """

    dev: str
    seed: str
    chain: str = ""
    seq: int = 0
    prev: str = ""
    boot: str = ""
    boot_at: int = 0
    clock: ClockQuality = "unset"
    ahead: int = 0
    key: int = 0
    chains: int = 0
    boots: int = 0
    last_at: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """A signed record, where it stands, and when it was really made."""

    at: int
    token: bytes
    chain: str
    seq: int


def signing_key(seed: str, dev: str, number: int = 0) -> SigningKey:
    """Return a terminal's key, as made from the seed."""
    return SigningKey(hashlib.sha256(f"{seed}:key:{dev}:{number}".encode()).digest())


def public_key(seed: str, dev: str, number: int = 0) -> OKPKey:
    """Return the public part of a terminal's key."""
    return keys.public_from_bytes(bytes(signing_key(seed, dev, number).verify_key))


def drawn_id(*words: object) -> str:
    """Return an id of 128 bits that these words alone decide."""
    return hashlib.sha256(":".join(map(str, words)).encode()).hexdigest()[:32]


@dataclass(slots=True)
class Pen:
    """Writes a journal on; ``entries`` is what it has written."""

    journal: Journal
    entries: list[Entry] = field(default_factory=list)
    _key: SigningKey | None = None
    _header: bytes = b""

    def begin(self, at: int, body: Body) -> None:
        """Begin a new chain with its first record."""
        held = self.journal
        chain = drawn_id(held.seed, "chain", held.dev, held.chains)
        self.journal = replace(
            held, chain=chain, seq=0, prev=root_hash(chain), chains=held.chains + 1
        )
        self.write(at, body)

    def start(self, at: int, clock: ClockQuality) -> None:
        """Begin a new boot; the caller writes its record."""
        held = self.journal
        boot = drawn_id(held.seed, "boot", held.dev, held.boots)
        self.journal = replace(
            held, boot=boot, boot_at=at - 20_000, clock=clock, boots=held.boots + 1
        )

    def set_clock(self, clock: ClockQuality, ahead: int = 0) -> None:
        """Let the terminal know the time better, or worse."""
        self.journal = replace(self.journal, clock=clock, ahead=ahead)

    def change_key(self, number: int) -> None:
        """Sign what follows with another key."""
        self.journal, self._key = replace(self.journal, key=number), None

    def shown(self, at: int) -> int:
        """Return what the terminal's clock shows at a moment."""
        held = self.journal
        return DRIFTED_AT + at - held.boot_at if held.clock == "unset" else at + held.ahead

    def write(self, at: int, body: Body) -> int:
        """Append a record and return its position."""
        return self.raw(at, self.token(at, body))

    def token(self, at: int, body: Body) -> bytes:
        """Return the record that could be appended next."""
        held = self.journal
        stamp = Stamp(
            held.dev, held.chain, held.seq + 1, held.prev, held.boot, at - held.boot_at,
            self.shown(at), held.clock,
        )  # fmt: skip
        return self.sign(codec.encode(Record(stamp, body)))

    def raw(self, at: int, token: bytes) -> int:
        """Append bytes as they are, and return their position."""
        held = self.journal
        self.entries.append(Entry(at, token, held.chain, held.seq + 1))
        self.journal = replace(
            held, seq=held.seq + 1, prev=digest(token), last_at=max(at, held.last_at)
        )
        return held.seq + 1

    def sign(self, payload: bytes) -> bytes:
        """Return ``payload`` as a token: the bytes of `wire.envelope.seal`, but sooner."""
        if self._key is None:
            held = self.journal
            self._key = signing_key(held.seed, held.dev, held.key)
            kid = keys.kid_of(public_key(held.seed, held.dev, held.key))
            self._header = b64(dump({"alg": ALGORITHM, "kid": kid})).encode("ascii") + b"."
        unsigned = self._header + b64(payload).encode("ascii")
        signature = self._key.sign(unsigned).signature
        return unsigned + b"." + b64(signature).encode("ascii")
