"""What a fleet may set at its terminals, as the text of a TOML file.

What no terminal takes is refused here already, by the same rules (``wire/policy.py``), and never
sent: in a file that was taken for another one there may be secrets. The terminal judges the rest,
such as languages for which it has no texts; its refusal is the answer.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Literal

from wire import toml
from wire.errors import WireError
from wire.policy import TABLES
from wire.policy import check as check_tables

MAX_BYTES = 32 * 1024
"""Of the settings as JSON: signed and in base64 they still fit into one message."""

Why = Literal["large", "encoding", "form", "value", "refused"]

_SAID: dict[Why, str] = {
    "large": f"is larger than {MAX_BYTES} bytes",
    "encoding": "is not UTF-8 text",
    "form": "is not valid TOML",
    "value": 'times are texts there, as day_ends = "04:00"',
    "refused": "no terminal would take this",
}


_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
"""A key that TOML takes without quotes."""


class PolicyError(Exception):
    """A text that is no policy.

    Attributes:
        why: in one word.
        where: what the reader said, where it said something.
    """

    def __init__(self, why: Why, where: str = "") -> None:
        """Say it in one line."""
        super().__init__(f"{_SAID[why]}: {where}" if where else _SAID[why])
        self.why, self.where = why, where


def read(data: bytes) -> dict[str, Any]:
    """Return the tables of a text.

    Raises:
        PolicyError: it is no TOML, too large, or holds what no terminal takes.
    """
    if len(data) > MAX_BYTES:
        raise PolicyError("large")
    try:
        tables = toml.load(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise PolicyError("encoding") from None
    except WireError as error:
        raise PolicyError("form", str(error)) from None
    check(tables)
    return tables


def check(tables: Mapping[str, Any]) -> None:
    """Refuse tables that no terminal takes.

    Raises:
        PolicyError: they are too large, hold values that JSON does not know, or name something
            else than what may be set from afar.
    """
    try:
        size = len(json.dumps(tables, ensure_ascii=False, allow_nan=False).encode("utf-8"))
    except (TypeError, ValueError):
        raise PolicyError("value") from None
    except RecursionError:  # dotted keys go deeper than brackets
        raise PolicyError("form", "it is nested too deeply") from None
    if size > MAX_BYTES:
        raise PolicyError("large")
    try:
        check_tables(tables)
    except WireError as error:
        raise PolicyError("refused", str(error)) from None


def fit(tables: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what a terminal takes of tables that were held before this was checked."""
    found = {
        name: {key: value for key, value in table.items() if _fits(name, key, value)}
        for name, table in tables.items()
        if name in TABLES and isinstance(table, Mapping)
    }
    return {name: table for name, table in found.items() if table}


def _fits(name: str, key: str, value: Any) -> bool:
    try:
        check_tables({name: {key: value}})
    except WireError:
        return False
    return True


def dump(tables: Mapping[str, Any]) -> str:
    """Return tables as the text of a TOML file."""
    lines: list[str] = []
    for name, table in tables.items():
        if isinstance(table, Mapping):
            lines.append(f"[{_key(name)}]")
            lines += [f"{_key(key)} = {_toml(value)}" for key, value in table.items()]
    return "".join(f"{line}\n" for line in lines)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml(name)


def _toml(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_toml(each)}" for key, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    # Texts, numbers, true and false are written in TOML as they are in JSON; DEL must be escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
