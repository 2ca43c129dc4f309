"""TOML: read with one kind of error, and written, which Python does not."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from wire.errors import WireError

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def load(text: str) -> dict[str, Any]:
    """Return the tables of a TOML document.

    Raises:
        WireError: it is none; where, as far as ``tomllib`` tells.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WireError(str(error)) from None
    except RecursionError:
        raise WireError("it is nested too deeply") from None
    except ValueError:  # int() refuses what tomllib hands it
        raise WireError("a number has too many digits") from None


def dump(values: Mapping[str, Any]) -> str:
    """Return ``values`` as a TOML document: keys first, then each mapping as a table.

    Args:
        values: Text, numbers, true and false, lists and mappings of such, as ``tomllib`` gives
            them; a mapping within a table is written on one line.

    Raises:
        WireError: It holds what is not written: times, and numbers and nesting without end.
    """
    try:
        return _written(values)
    except (TypeError, ValueError, RecursionError):
        raise WireError("a time, or a number or nesting without end, is not written") from None


def _written(values: Mapping[str, Any]) -> str:
    lines = []
    tables = {name: table for name, table in values.items() if isinstance(table, Mapping)}
    for name, value in values.items():
        if name not in tables:
            lines.append(f"{_key(name)} = {_value(value)}")
    for name, table in tables.items():
        lines += ["", f"[{_key(name)}]"]
        lines += [f"{_key(key)} = {_value(value)}" for key, value in table.items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items())
        return f"{{{pairs}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(each) for each in value)}]"
    if isinstance(value, str) and "\n" in value and _plain(value):
        return f'"""\n{value}"""'
    # What JSON writes of text, numbers and truth is TOML as well; TOML also bars a bare U+007F.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _plain(value: str) -> bool:
    """Return True for lines that can stand between triple quotes as they are."""
    return all(line.isprintable() for line in value.split("\n")) and not {*value} & {'"', "\\"}
