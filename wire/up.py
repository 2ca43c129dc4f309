"""Unsigned messages that go up, beside the records (WIRE.md section 7).

They carry no evidence: the broker vouches for who sent them (mutual TLS, own prefix), and
nothing they say counts as a rating.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

from wire import fields, ids
from wire.errors import WireError
from wire.fields import Shape, integer, listing, mapping, matching, nullable, one_of, optional, text
from wire.strictjson import dump, parse_object

MAX_UP = 65536
"""Bytes of one message."""
Presence = Literal["init", "ready", "alert", "disconnected", "lost"]
Outcome = Literal["done", "failed", "expired", "refused"]
M = TypeVar("M")

PRESENCES: tuple[Presence, ...] = get_args(Presence)


@dataclass(frozen=True, slots=True)
class HelloChain:
    """One chain of a journal: its oldest and newest record.

    Attributes:
        anchor: where the chain's start was pruned, an old receipt (compact JWS, signed by the
            fleet) for the record before the oldest one.
        begins: with an anchor, the terminal's signed word that this is so (`wire.begins`).
    """

    chain: str
    oldest_seq: int
    oldest_hash: str
    newest_seq: int
    newest_hash: str
    anchor: str | None = None
    begins: str | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """What a terminal has, and a fresh nonce that the answering receipts repeat.

    Attributes:
        n_highest: the highest ``n`` the terminal has obeyed, so that a restored server goes on
            above it.
        chains: oldest chain first.
    """

    nonce: str
    n_highest: int
    chains: tuple[HelloChain, ...]


@dataclass(frozen=True, slots=True)
class State:
    """Presence, retained; also the last will, as ``lost`` (the words of the Homie convention).

    Attributes:
        boot: id of this boot.
        connection: number of this connection in this boot, so that an old will is known as such.
        at: Unix milliseconds at the terminal.
    """

    state: Presence
    boot: str
    connection: int
    at: int


@dataclass(frozen=True, slots=True)
class Health:
    """Telemetry, each minute and on change.

    Attributes:
        at: Unix milliseconds at the terminal; ``clock`` its quality.
        up: milliseconds since boot.
        waiting: records without a receipt; ``oldest_waiting_at`` when the oldest was made.
        chain: the chain being written; ``head_seq`` its newest record.
        details: further figures by name.
    """

    at: int
    up: int
    boot: str
    clock: str
    firmware: str
    waiting: int
    oldest_waiting_at: int | None
    chain: str
    head_seq: int
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConfigResult:
    """The terminal applied configuration ``version``, or why it did not."""

    n: int
    version: int
    applied: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What became of command ``n``."""

    n: int
    outcome: Outcome
    details: str | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """Erasable detail of a visit that a scanner saw; never part of a record."""

    visit: str
    dossier: str


_HASH = matching(ids.HASH, "a SHA-256 in base64url")
_RANDOM = matching(ids.RANDOM_ID, "32 hexadecimal digits")
_SEQ = integer(1, fields.MAX_SEQ)
_COUNT = integer(0, fields.MAX_SEQ)

_HELLO = Shape(
    Hello,
    {
        "nonce": _RANDOM,
        "n_highest": _COUNT,
        "chains": listing(
            Shape(
                HelloChain,
                {
                    "chain": _RANDOM,
                    "oldest_seq": _SEQ,
                    "oldest_hash": _HASH,
                    "newest_seq": _SEQ,
                    "newest_hash": _HASH,
                    "anchor": optional(text(4096)),
                    "begins": optional(text(1024)),
                },
            ).as_field(),
            64,
        ),
    },
)
_STATE = Shape(
    State,
    {"state": one_of(*PRESENCES), "boot": _RANDOM, "connection": _COUNT, "at": fields.time()},
)
_HEALTH = Shape(
    Health,
    {
        "at": fields.time(),
        "up": _COUNT,
        "boot": _RANDOM,
        "clock": one_of("synced", "holdover", "unset"),
        "firmware": text(64),
        "waiting": _COUNT,
        "oldest_waiting_at": nullable(fields.time()),
        "chain": _RANDOM,
        "head_seq": _COUNT,
        "details": mapping(),
    },
)
_CONFIG_RESULT = Shape(
    ConfigResult,
    {
        "n": _COUNT,
        "version": _COUNT,
        "applied": fields.boolean(),
        "reason": optional(text(200)),
    },
)
_COMMAND_RESULT = Shape(
    CommandResult,
    {
        "n": _COUNT,
        "outcome": one_of("done", "failed", "expired", "refused"),
        "details": optional(text(4096)),
    },
)
_VISIT = Shape(Visit, {"visit": matching(ids.VISIT_ID, "a visit id"), "dossier": text(64)})

Up = Hello | State | Health | ConfigResult | CommandResult | Visit
SHAPES: dict[str, Shape[Any]] = {
    "hello": _HELLO,
    "state": _STATE,
    "health": _HEALTH,
    "config-result": _CONFIG_RESULT,
    "command-result": _COMMAND_RESULT,
    "visits": _VISIT,
}
"""By the leaf of the topic."""
_BY_CLASS = {shape.cls: shape for shape in SHAPES.values()}


def encode_up(message: Up) -> bytes:
    """Return ``message`` as JSON bytes.

    Raises:
        WireError: a field is out of its limits.
    """
    return dump({"v": 1, **_BY_CLASS[type(message)].write(message)})


def decode_hello(payload: bytes) -> Hello:
    """Return the hello in ``payload``, or raise `WireError`."""
    return _decode(_HELLO, payload)


def decode_state(payload: bytes) -> State:
    """Return the presence in ``payload``, or raise `WireError`."""
    return _decode(_STATE, payload)


def decode_health(payload: bytes) -> Health:
    """Return the health report in ``payload``, or raise `WireError`."""
    return _decode(_HEALTH, payload)


def decode_config_result(payload: bytes) -> ConfigResult:
    """Return the answer to a configuration in ``payload``, or raise `WireError`."""
    return _decode(_CONFIG_RESULT, payload)


def decode_command_result(payload: bytes) -> CommandResult:
    """Return the answer to a command in ``payload``, or raise `WireError`."""
    return _decode(_COMMAND_RESULT, payload)


def decode_visit(payload: bytes) -> Visit:
    """Return the visit's detail in ``payload``, or raise `WireError`."""
    return _decode(_VISIT, payload)


def _decode(shape: Shape[M], payload: bytes) -> M:
    values = parse_object(payload, MAX_UP, floats=True)
    if values.pop("v", None) != 1:
        raise WireError("v: is not a version known here")
    return shape.read(values)
