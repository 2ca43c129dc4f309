"""A terminal's chain as a test needs it: signs whatever it is told to, also what is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from joserfc.jwk import OKPKey

from fleet_server.core.verify import EnrolledKey
from wire import codec, keys
from wire.envelope import digest, root_hash, seal
from wire.ids import new_id
from wire.records import Boot, ChainReason, ChainStart, Choice, KeyChange, Rating, Record, Stamp
from wire.strictjson import dump


def enrolled(*pairs: OKPKey, revoked_at: int | None = None) -> dict[str, EnrolledKey]:
    """Return the keyring of some keys."""
    return {keys.kid_of(k): EnrolledKey(keys.kid_of(k), keys.x_of(k), revoked_at) for k in pairs}


@dataclass
class ChainWriter:
    """Appends records; ``tokens[i]`` has seq ``i + 1``."""

    dev: str = "t-1"
    key: OKPKey = field(default_factory=keys.generate)
    chain: str = field(default_factory=new_id)
    boot: str = field(default_factory=new_id)
    tokens: list[bytes] = field(default_factory=list)

    @property
    def prev(self) -> str:
        """The hash that the next record names."""
        return digest(self.tokens[-1]) if self.tokens else root_hash(self.chain)

    def stamp(self) -> Stamp:
        """Return the stamp of the next record."""
        seq = len(self.tokens) + 1
        return Stamp(
            self.dev, self.chain, seq, self.prev, self.boot, seq * 1000,
            1_790_000_000_000 + seq * 1000, "synced",
        )  # fmt: skip

    def add(self, body: object, key: OKPKey | None = None) -> bytes:
        """Append a record."""
        payload = codec.encode(Record(self.stamp(), body))  # type: ignore[arg-type]
        return self.raw(seal(payload, key or self.key))

    def raw(self, token: bytes) -> bytes:
        """Append these bytes as they are."""
        self.tokens.append(token)
        return token

    def start(self, reason: ChainReason = "first") -> bytes:
        """Append the chain record."""
        return self.add(ChainStart(reason))

    def boots(self) -> bytes:
        """Append a boot record."""
        return self.add(Boot("1.0.0", "1.0.0"))

    def press(
        self, visit: str | None = None, choice: Choice = "satisfied", counter: str = "A1"
    ) -> bytes:
        """Append a rating."""
        return self.add(Rating(counter, visit, choice, "button", 1))

    def change_key(self, new: OKPKey) -> bytes:
        """Append a key record and sign with the new key from then on."""
        token = self.add(KeyChange(keys.x_of(new)))
        self.key = new
        return token

    def unknown_type(self) -> bytes:
        """Append a well signed record of a type from the future."""
        stamp = codec.STAMP.write(self.stamp())
        return self.raw(seal(dump({"v": 1, **stamp, "type": "hologram"}), self.key))

    def badly_signed(self) -> bytes:
        """Append a record whose signature is another record's."""
        good = self.press()
        other = seal(b"{}", self.key)
        self.tokens[-1] = good.rpartition(b".")[0] + b"." + other.rpartition(b".")[2]
        return self.tokens[-1]

    def garbage(self, data: bytes = b"\xff\x00 not a token") -> bytes:
        """Append bytes that can't be read at all."""
        return self.raw(data)

    def presses(self, count: int) -> list[bytes]:
        """Append some ratings."""
        return [self.press() for _ in range(count)]

    def cloned(self, length: int | None = None) -> "ChainWriter":
        """Return what a copied or restored card holds: the first ``length`` records."""
        return replace(self, tokens=self.tokens[:length])


def flipped(token: bytes, at: int) -> bytes:
    """Return the token with one bit of byte ``at`` flipped."""
    return token[:at] + bytes([token[at] ^ 1]) + token[at + 1 :]


def joined(tokens: Sequence[bytes]) -> bytes:
    """Return tokens as a run."""
    return b"\n".join(tokens)
