"""What became of configurations and commands, as the terminal tells it to the uplink.

A datagram may get lost, so the terminal tells each result until it finds it in ``link.db``; the
uplink takes the first word on each object and ignores the rest.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from wire.errors import WireError
from wire.up import SHAPES, CommandResult, ConfigResult

if TYPE_CHECKING:
    from device.inbox.store import AnswerType

Result = ConfigResult | CommandResult
_LONGEST_REASON = 200


def type_of(result: Result) -> AnswerType:
    """Return the type of the object that this is the answer to."""
    return "config" if isinstance(result, ConfigResult) else "command"


def leaf_of(typ: AnswerType) -> str:
    """Return the leaf of the topic on which answers to objects of a type go up."""
    return f"{typ}-result"


def pack(result: Result) -> dict[str, Any]:
    """Return the datagram that tells the uplink of a result.

    Raises:
        WireError: A field is out of its limits.
    """
    leaf = leaf_of(type_of(result))
    return {"results": [{"leaf": leaf, "said": SHAPES[leaf].write(result)}]}


def unpack(said: object) -> list[Result]:
    """Return the results in a datagram's ``results``.

    Raises:
        WireError: It holds something else.
    """
    if not isinstance(said, list):
        raise WireError("results: must be a list")
    return [_read(each) for each in said]


def _read(value: object) -> Result:
    match value:
        case {"leaf": "config-result" | "command-result" as leaf, "said": dict() as fields}:
            result: Result = SHAPES[leaf].read(fields)
            return result
    raise WireError("results: holds something else")


def reason(text: str, longest: int = _LONGEST_REASON) -> str:
    """Return ``text`` as it can go up: printable, in NFC, not longer than allowed."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in text)
    return unicodedata.normalize("NFC", shown)[:longest]
