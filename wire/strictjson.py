"""JSON as the protocol allows it: an object, bounded, unambiguous (RFC 8259, I-JSON RFC 7493)."""

import json
from typing import Any, NoReturn

from wire.errors import WireError

Object = dict[str, Any]


def parse_object(data: bytes, limit: int, *, floats: bool = False) -> Object:
    """Return the JSON object in ``data``, at most ``limit`` bytes long.

    Refused besides bad syntax: other encodings than UTF-8, a name given twice, NaN and
    infinities, and fractions unless ``floats``.

    Raises:
        WireError: anything else than one such object.
    """
    if len(data) > limit:
        raise WireError(f"longer than {limit} bytes")
    try:
        value = json.loads(
            data.decode("utf-8"),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
            parse_float=float if floats else _refuse_float,
        )
    except WireError:
        raise
    except (ValueError, RecursionError):
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
