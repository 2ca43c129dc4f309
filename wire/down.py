"""Signed objects that go down to a terminal (WIRE.md section 5).

Every one names its ``typ``, the terminal it is for (``dev``) and a number ``n`` that only
grows. Opening checks, in this order: the form of the token, that a key of the right use in
the key list made the signature, the fields, the type, and the terminal. Whether ``n`` is new
and the time to live has not run out is the reader's to judge: both need memory or a clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, TypeVar

from joserfc.jwk import OKPKey

from wire import fields, ids
from wire.envelope import MAX_DOWN, kid_of_token, payload_of, seal, verify
from wire.errors import WireError
from wire.fields import Shape, integer, listing, mapping, matching, nullable, one_of, optional, text
from wire.keys import kid_of, public_from_x
from wire.records import TICKET_EVENTS, TicketEvent
from wire.strictjson import Object, dump, parse_object

Use = Literal["receipt", "control"]
EVERY_TERMINAL = "*"
"""The ``dev`` of a key list, which is for the whole fleet."""
_MAX_TTL_S = 7 * 24 * 3600
_MAX_LISTED = 64


@dataclass(frozen=True, slots=True)
class Head:
    """The newest record of a chain or branch."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server holds the chain up to and with (``seq``, ``hash``), committed.

    Attributes:
        status: ``ok``, or ``resend``: what came left a gap; go on after ``seq``.
        quarantined: positions at or below the head whose bytes were put aside (the newest 64).
        disputed: heads of branches of this chain that are held apart.
        iat: when it was signed, Unix milliseconds.
        nonce: of the last hello, or None.
    """

    typ: ClassVar[str] = "receipt"
    use: ClassVar[Use] = "receipt"
    dev: str
    n: int
    iat: int
    chain: str
    seq: int
    hash: str
    status: Literal["ok", "resend"]
    quarantined: tuple[int, ...] = ()
    disputed: tuple[Head, ...] = ()
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class CurrentTicket:
    """What is being served at the terminal's counter; ``visit`` None when nobody is.

    Attributes:
        ttl_s: seconds of ``up`` from its arrival after which it no longer counts.
        day: service day of the ticket.
    """

    typ: ClassVar[str] = "ticket"
    use: ClassVar[Use] = "control"
    dev: str
    n: int
    iat: int
    ttl_s: int
    counter: str
    counter_name: str
    visit: str | None = None
    ticket: str | None = None
    event: TicketEvent | None = None
    day: str | None = None
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """Settings for a terminal; which there are is the terminal's to know and check."""

    typ: ClassVar[str] = "config"
    use: ClassVar[Use] = "control"
    dev: str
    n: int
    iat: int
    version: int
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do once, within ``ttl_s`` seconds of ``up`` from its arrival."""

    typ: ClassVar[str] = "command"
    use: ClassVar[Use] = "control"
    dev: str
    n: int
    iat: int
    ttl_s: int
    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FleetKey:
    """A key of the server and the one thing it may sign."""

    use: Use
    x: str


@dataclass(frozen=True, slots=True)
class KeyList:
    """The server's keys, signed by the fleet key. Who is not on the newest list is not believed.

    Attributes:
        next_root: ``x`` of the fleet key that will sign later lists, announced ahead.
        next_server: ``host:port`` of the broker to change to, announced ahead.
    """

    typ: ClassVar[str] = "keys"
    n: int
    iat: int
    keys: tuple[FleetKey, ...]
    dev: str = EVERY_TERMINAL
    next_root: str | None = None
    next_server: str | None = None

    def key(self, kid: str, use: Use) -> OKPKey:
        """Return the key named ``kid`` if it is listed for ``use``.

        Raises:
            WireError: it is not.
        """
        for listed in self.keys:
            candidate = public_from_x(listed.x)
            if listed.use == use and kid_of(candidate) == kid:
                return candidate
        raise WireError(f"signed by a key that is not listed for {use}")


Down = Receipt | CurrentTicket | Config | Command | KeyList
D = TypeVar("D", Receipt, CurrentTicket, Config, Command)

_HASH = matching(ids.HASH, "a SHA-256 in base64url")
_KEY = matching(ids.HASH, "an Ed25519 public key in base64url")
_SEQ = integer(0, fields.MAX_SEQ)
_RANDOM = matching(ids.RANDOM_ID, "32 hexadecimal digits")
_ENVELOPE = {
    "dev": matching(ids.TERMINAL_ID, "a terminal id"),
    "n": _SEQ,
    "iat": fields.time(),
}
_TTL = integer(1, _MAX_TTL_S)

SHAPES: dict[type[Any], Shape[Any]] = {
    Receipt: Shape(
        Receipt,
        {
            **_ENVELOPE,
            "chain": _RANDOM,
            "seq": _SEQ,
            "hash": _HASH,
            "status": one_of("ok", "resend"),
            "quarantined": listing(integer(1, fields.MAX_SEQ), _MAX_LISTED),
            "disputed": listing(Shape(Head, {"seq": _SEQ, "hash": _HASH}).as_field(), _MAX_LISTED),
            "nonce": nullable(_RANDOM),
        },
    ),
    CurrentTicket: Shape(
        CurrentTicket,
        {
            **_ENVELOPE,
            "ttl_s": _TTL,
            "counter": matching(ids.COUNTER_CODE, "a counter code"),
            "counter_name": text(64),
            "visit": nullable(matching(ids.VISIT_ID, "a visit id")),
            "ticket": optional(text(16)),
            "event": optional(one_of(*TICKET_EVENTS)),
            "day": optional(fields.day()),
            "service": optional(text(64)),
        },
    ),
    Config: Shape(Config, {**_ENVELOPE, "version": _SEQ, "settings": mapping()}),
    Command: Shape(Command, {**_ENVELOPE, "ttl_s": _TTL, "name": text(32), "arguments": mapping()}),
    KeyList: Shape(
        KeyList,
        {
            **_ENVELOPE,
            "dev": one_of(EVERY_TERMINAL),
            "keys": listing(
                Shape(FleetKey, {"use": one_of("receipt", "control"), "x": _KEY}).as_field(),
                16,
                shortest=1,
            ),
            "next_root": optional(_KEY),
            "next_server": optional(text(255)),
        },
    ),
}


def seal_down(thing: Down, key: OKPKey) -> bytes:
    """Return ``thing`` as a token signed by ``key``.

    Raises:
        WireError: a field is out of its limits, or the token would exceed 64 KiB.
    """
    values = {"typ": thing.typ, **SHAPES[type(thing)].write(thing)}
    token = seal(dump(values), key)
    if len(token) > MAX_DOWN:
        raise WireError(f"an object for a terminal is at most {MAX_DOWN} bytes")
    return token


def open_receipt(token: bytes, keys: KeyList, dev: str) -> Receipt:
    """Return the receipt in ``token``, signed by a receipt key, for terminal ``dev``."""
    return _open(token, keys, dev, Receipt)


def read_receipt(token: bytes) -> Receipt:
    """Return what ``token`` says as a receipt. Nobody vouches for it: its signature isn't checked.

    Raises:
        WireError: it is no receipt.
    """
    values = _named(parse_object(payload_of(token), MAX_DOWN), Receipt.typ)
    found: Receipt = SHAPES[Receipt].read(values)
    return found


def open_ticket(token: bytes, keys: KeyList, dev: str) -> CurrentTicket:
    """Return the current ticket in ``token``, signed by a control key, for ``dev``."""
    ticket = _open(token, keys, dev, CurrentTicket)
    if ticket.visit is not None and (ticket.ticket is None or ticket.event is None):
        raise WireError("ticket: a visit comes with its ticket and event")
    return ticket


def open_config(token: bytes, keys: KeyList, dev: str) -> Config:
    """Return the configuration in ``token``, signed by a control key, for ``dev``."""
    return _open(token, keys, dev, Config)


def open_command(token: bytes, keys: KeyList, dev: str) -> Command:
    """Return the command in ``token``, signed by a control key, for ``dev``."""
    return _open(token, keys, dev, Command)


def open_key_list(token: bytes, fleet_key_x: str) -> KeyList:
    """Return the key list in ``token``, signed by the fleet key.

    Raises:
        WireError: it is not, or its fields are wrong.
    """
    values = _values(token, public_from_x(fleet_key_x), KeyList.typ)
    found: KeyList = SHAPES[KeyList].read(values)
    return found


def _open(token: bytes, keys: KeyList, dev: str, kind: type[D]) -> D:
    if len(token) > MAX_DOWN:
        raise WireError(f"longer than {MAX_DOWN} bytes")
    values = _values(token, keys.key(kid_of_token(token), kind.use), kind.typ)
    thing: D = SHAPES[kind].read(values)
    if thing.dev != dev:
        raise WireError("dev: is for another terminal")
    return thing


def _values(token: bytes, key: OKPKey, typ: str) -> Object:
    return _named(parse_object(verify(token, key), MAX_DOWN, floats=True), typ)


def _named(values: Object, typ: str) -> Object:
    if values.pop("typ", None) != typ:
        raise WireError(f"typ: is not {typ}")
    return values
