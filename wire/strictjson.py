"""JSON as the protocol allows it: an object, bounded, unambiguous (RFC 8259, I-JSON RFC 7493)."""

import json
import math
import re
from typing import Any, NoReturn

from wire.errors import WireError

Object = dict[str, Any]
MAX_DEPTH = 32
"""Objects and lists within each other. Databases and other readers have limits of their own."""
_MAX_DIGITS = 20
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)


def parse_object(data: bytes, limit: int, *, floats: bool = False) -> Object:
    """Return the JSON object in ``data``, at most ``limit`` bytes long.

    Refused besides bad syntax: other encodings than UTF-8, a name given twice, NaN, infinities
    and endless numbers, deeper nesting than `MAX_DEPTH`, and fractions unless ``floats``.

    Raises:
        WireError: anything else than one such object.
    """
    if len(data) > limit:
        raise WireError(f"longer than {limit} bytes")
    _check_depth(data)
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=_finite if floats else _refuse_float,
            parse_int=_bounded,
        )
    except WireError:
        raise
    except ValueError:
        raise WireError("not JSON in UTF-8") from None
    if not isinstance(value, dict):
        raise WireError("not a JSON object")
    if b"\\u" in data:
        dump(value)  # an escape can spell half a surrogate pair, which UTF-8 can't hold
    return value


def dump(value: Object) -> bytes:
    """Return ``value`` as compact JSON in UTF-8, names in the order given.

    Raises:
        WireError: text with half a surrogate pair, or a number that is none.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except ValueError:
        raise WireError("can't be written as JSON in UTF-8") from None


def _unique(pairs: list[tuple[str, Any]]) -> Object:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise WireError("a name is given twice")
    return names


def _refuse_constant(_text: str) -> NoReturn:
    raise WireError("NaN and infinity are not numbers here")


def _refuse_float(_text: str) -> NoReturn:
    raise WireError("fractions are not allowed here")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        _refuse_constant(text)
    return number


def _bounded(text: str) -> int:
    if len(text) > _MAX_DIGITS:
        raise WireError(f"a number has more than {_MAX_DIGITS} characters")
    return int(text)


def _check_depth(data: bytes) -> None:
    """See that the parser need not go deep: whatever runs at the end of the stack can fail there.

    Where the brackets are out of order the parser stops at the first, so that their sum will do.
    """
    if data.count(b"{") + data.count(b"[") <= MAX_DEPTH:
        return
    depth = 0
    for byte in _STRING.sub(b"", data):
        if byte in b"{[":
            depth += 1
        elif byte in b"}]":
            depth -= 1
        if depth > MAX_DEPTH:
            raise WireError(f"nested deeper than {MAX_DEPTH}")
