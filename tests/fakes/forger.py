"""What somebody who holds a terminal's key, or another's, can make of a chain and of tokens.

`Forger` is a `ChainWriter` that signs whatever it is told to, under the key of a terminal that is
enrolled; the functions change tokens that exist. Nothing here knows a server or a broker.
"""

from dataclasses import dataclass, replace
from typing import Any, Self

from joserfc.jwk import OKPKey

from tests.fakes.chains import ChainWriter
from tests.fakes.fleets import Identity
from wire import codec, keys
from wire.codec import decode
from wire.envelope import b64, payload_of, seal
from wire.records import Choice, ClockQuality, ClockSet, Rating, Record, Stamp, Ticket, TicketEvent
from wire.strictjson import dump, parse_object

DAY = "2026-09-21"
"""The service day, in the fleet's zone, of what a forger writes unless told otherwise."""
_MORNING = 1_789_956_000_000
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass
class Forger(ChainWriter):
    """A chain of one terminal at one counter, right until told otherwise.

    Attributes:
        counter: code of the counter it stands at.
        up: milliseconds since boot of the next record; grows by itself.
        at: Unix milliseconds at ``up`` 0.
        clock: quality of the next stamps.
    """

    counter: str = "Q1"
    up: int = 0
    at: int = _MORNING
    clock: ClockQuality = "synced"

    def stamp(self) -> Stamp:
        """Return the stamp of the next record."""
        seq = len(self.tokens) + 1
        at = self.at + self.up
        return Stamp(self.dev, self.chain, seq, self.prev, self.boot, self.up, at, self.clock)

    def raw(self, token: bytes) -> bytes:
        """Append these bytes as they are; time goes on by ten seconds."""
        self.up += 10_000
        return super().raw(token)

    def rate(self, choice: Choice = "satisfied", visit: str | None = None, **more: Any) -> bytes:
        """Append a rating at the own counter; another may be said."""
        said = {"counter": self.counter, "input": "button", "scale": 1, **more}
        return self.add(Rating(visit=visit, choice=choice, **said))

    def press(  # type: ignore[override]
        self, visit: str | None = None, choice: Choice = "satisfied"
    ) -> bytes:
        """Append a rating at the own counter."""
        return self.rate(choice, visit)

    def ticket(self, visit: str, number: str, event: TicketEvent = "called") -> bytes:
        """Append what the terminal saw of a ticket."""
        return self.add(Ticket(self.counter, visit, number, event, "server", DAY))

    def serve(self, number: str, choice: Choice = "satisfied") -> str:
        """Append a whole visit with its rating; return the visit."""
        visit = f"{self.chain[:8]}-{number}"
        self.ticket(visit, number)
        self.rate(choice, visit)
        self.ticket(visit, number, "closed")
        return visit

    def clock_set(self, before: int, after: int) -> bytes:
        """Append a clock record."""
        return self.add(ClockSet(before, after, "ntp"))

    def values(self, kind: str, **own: Any) -> dict[str, Any]:
        """Return the payload of the next record as JSON values, for bending."""
        return {"v": 1, **codec.STAMP.write(self.stamp()), "type": kind, **own}

    def signed(self, payload: bytes) -> bytes:
        """Append any bytes at all, well signed."""
        return self.raw(seal(payload, self.key))

    def unknown_version(self) -> bytes:
        """Append a record of a later version of the protocol."""
        return self.signed(dump({**self.values("boot", firmware="1", image="1"), "v": 2}))

    def malformed_json(self) -> bytes:
        """Append bytes that are signed but no JSON."""
        return self.signed(b'{"v":1,"dev":')

    def extra_member(self) -> bytes:
        """Append a rating with a member that the protocol doesn't name."""
        rating = self.values(
            "rating", counter=self.counter, visit=None, choice="satisfied", input="button", scale=1
        )
        return self.signed(dump({**rating, "weight": 1000}))

    def fork(self, length: int) -> Self:
        """Return the same card as it was after ``length`` records, in another boot."""
        return replace(self, tokens=self.tokens[:length], boot="f0" * 16, up=0)


def forger(identity: Identity, counter: str) -> Forger:
    """Return a forger who holds the key of an enrolled terminal; its chain has begun."""
    key = keys.load_private(identity.key.read_bytes())
    one = Forger(dev=identity.name, key=key, counter=counter)
    one.start()
    one.boots()
    return one


def resigned(token: bytes, key: OKPKey) -> bytes:
    """Return a record with the same payload under another key."""
    return seal(payload_of(token), key)


def under_name_of(token: bytes, kid: str) -> bytes:
    """Return a token whose header claims another key; the signature stays the old one's."""
    header = parse_object(b'{"alg":"Ed25519"}', 64) | {"kid": kid}
    return b64(dump(header)).encode() + b"." + token.partition(b".")[2]


def altered(token: bytes, **said: Any) -> bytes:
    """Return a record whose payload says something else; the signature stays as it was."""
    values = parse_object(payload_of(token), 4096) | said
    header, _, signature = token.split(b".")
    return b".".join((header, b64(dump(values)).encode(), signature))


def other_spellings(token: bytes) -> list[bytes]:
    """Return all other ways to write the last character of a signature that mean the same bytes."""
    last = _ALPHABET.index(chr(token[-1]))
    assert last % 16 == 0, "64 bytes leave four spare bits"
    return [token[:-1] + _ALPHABET[last + spare].encode() for spare in range(1, 16)]


def body_of(token: bytes) -> Record:
    """Return what a record says, unchecked."""
    return decode(payload_of(token))
