"""Record to payload bytes and back (WIRE.md section 3). Any bad input is a `WireError`."""

from typing import Any

from wire import fields, ids
from wire.errors import WireError
from wire.fields import Shape, integer, listing, matching, nullable, one_of, optional, text
from wire.records import (
    CHOICES,
    FAULTS,
    TICKET_EVENTS,
    Boot,
    ChainStart,
    ClockSet,
    Fault,
    Items,
    KeyChange,
    Rating,
    Reasons,
    Record,
    Stamp,
    Ticket,
)
from wire.strictjson import dump, parse_object

VERSION = 1
MAX_PAYLOAD = 2048
"""Bytes of JSON in one record."""

_SEQ = integer(1, fields.MAX_SEQ)
_HASH = matching(ids.HASH, "a SHA-256 in base64url")
_RANDOM = matching(ids.RANDOM_ID, "32 hexadecimal digits")
_COUNTER = matching(ids.COUNTER_CODE, "a counter code")
_VISIT = matching(ids.VISIT_ID, "a visit id")
_CODES = listing(matching(ids.COUNTER_CODE, "an item code"), 15, shortest=1)

STAMP = Shape(
    Stamp,
    {
        "dev": matching(ids.TERMINAL_ID, "a terminal id"),
        "chain": _RANDOM,
        "seq": _SEQ,
        "prev": _HASH,
        "boot": _RANDOM,
        "up": integer(0, fields.MAX_SEQ),
        "at": fields.time(),
        "clock": one_of("synced", "holdover", "unset"),
    },
)

BODIES: dict[str, Shape[Any]] = {
    "chain": Shape(
        ChainStart,
        {
            "reason": one_of("first", "damage", "fork", "new_key"),
            "former": optional(_RANDOM),
            "former_seq": optional(integer(0, fields.MAX_SEQ)),
            "former_hash": optional(_HASH),
            "receipt": optional(text(1400)),
            "server_seq": optional(integer(0, fields.MAX_SEQ)),
            "server_hash": optional(_HASH),
        },
    ),
    "boot": Shape(Boot, {"firmware": text(64), "image": text(64), "why": optional(text(120))}),
    "ticket": Shape(
        Ticket,
        {
            "counter": _COUNTER,
            "visit": _VISIT,
            "ticket": text(16),
            "event": one_of(*TICKET_EVENTS),
            "source": one_of("server", "lan", "scanner"),
            "day": optional(fields.day()),
            "service": optional(text(64)),
            "assumed": optional(fields.boolean()),
        },
    ),
    "rating": Shape(
        Rating,
        {
            "counter": _COUNTER,
            "visit": nullable(_VISIT),
            "choice": one_of(*CHOICES),
            "input": one_of("button", "touch"),
            "scale": integer(1, 65535),
            "replaces": optional(_SEQ),
            "contested": optional(fields.boolean()),
        },
    ),
    "reasons": Shape(
        Reasons,
        {"rating": _SEQ, "items": optional(_CODES), "skipped": optional(fields.boolean())},
    ),
    "items": Shape(Items, {"counter": _COUNTER, "items": _CODES}),
    "clock": Shape(
        ClockSet,
        {
            "from": fields.time(),
            "to": fields.time(),
            "source": one_of("ntp", "receipt", "rtc", "manual"),
        },
        {"from": "before", "to": "after"},
    ),
    "fault": Shape(Fault, {"what": one_of(*FAULTS), "details": optional(text(200))}),
    "key": Shape(KeyChange, {"x": _HASH}),
}
_TYPE_OF = {shape.cls: name for name, shape in BODIES.items()}


def type_of(record: Record) -> str:
    """Return the record's ``type`` as it stands in the payload."""
    return _TYPE_OF[type(record.body)]


def encode(record: Record) -> bytes:
    """Return the payload bytes of ``record``.

    Raises:
        WireError: a field is out of its limits, or the payload would exceed `MAX_PAYLOAD`.
    """
    _check_sense(record)
    name = type_of(record)
    payload = dump(
        {"v": VERSION, **STAMP.write(record.stamp), "type": name, **BODIES[name].write(record.body)}
    )
    if len(payload) > MAX_PAYLOAD:
        raise WireError(f"a record's payload is at most {MAX_PAYLOAD} bytes")
    return payload


def decode(payload: bytes) -> Record:
    """Return the record in ``payload``.

    Raises:
        WireError: anything but a record of version 1 with exactly its type's fields.
    """
    values = parse_object(payload, MAX_PAYLOAD)
    version = values.pop("v", None)
    if type(version) is not int or version != VERSION:
        raise WireError("v: is not a version known here")
    name = values.pop("type", None)
    shape = BODIES.get(name) if isinstance(name, str) else None
    if shape is None:
        raise WireError("type: is not a record type known here")
    stamp = {key: values.pop(key) for key in STAMP.fields if key in values}
    record = Record(STAMP.read(stamp), shape.read(values))
    _check_sense(record)
    return record


def _check_sense(record: Record) -> None:
    """Hold what one field alone can't say."""
    body, seq = record.body, record.stamp.seq
    if isinstance(body, ChainStart) != (seq == 1):
        raise WireError("type: seq 1 is a chain record, and no other is")
    if isinstance(body, Rating):
        _check_rating(body, seq)
    if isinstance(body, Reasons):
        _check_reasons(body, seq)
    if isinstance(body, Ticket) and body.assumed and body.event != "closed":
        raise WireError("assumed: only a closing is assumed")


def _check_rating(body: Rating, seq: int) -> None:
    if body.replaces is not None and (body.replaces >= seq or body.visit is None):
        raise WireError("replaces: names an earlier rating of the same visit")
    if body.contested and (body.visit is None or body.replaces is not None):
        raise WireError("contested: a contested rating has a visit and replaces nothing")


def _check_reasons(body: Reasons, seq: int) -> None:
    if body.rating >= seq:
        raise WireError("rating: names an earlier record")
    if bool(body.items) == bool(body.skipped):
        raise WireError("items: reasons are given or skipped, one of the two")
