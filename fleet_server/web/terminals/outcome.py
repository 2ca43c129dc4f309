"""What a command came to, as lines to read: terminals answer some with a line of JSON."""

import json
from collections.abc import Iterator
from typing import Any

from fleet_server.web.terminals import report
from fleet_server.web.words import HEALTH, VALUES

LIMIT = 80
_PARTS = {"good": "terminal.self_test.good", "missing": "terminal.self_test.missing"}


def lines(details: str | None) -> list[tuple[object, object]]:
    """Return pairs of name and value; nothing where the details are no object."""
    try:
        held = json.loads(details or "")
    except (ValueError, RecursionError):
        return []
    return list(_flat(held, ""))[:LIMIT] if isinstance(held, dict) else []


def _flat(held: dict[str, Any], before: str) -> Iterator[tuple[object, object]]:
    for key, value in held.items():
        name = f"{before}{key}"
        if value is None or value in ("", [], {}):
            continue
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        else:
            yield HEALTH.get(_PARTS.get(name, name), name), _told(value)


def _told(value: Any) -> object:
    if isinstance(value, list):
        return ", ".join(_told_one(one) for one in value)
    return _told_one(value) if isinstance(value, str) else value


def _told_one(value: Any) -> str:
    return report.in_words(value) if isinstance(value, str) else str(value)


def tested(details: str | None) -> list[tuple[object, bool]]:
    """Return the parts that a self-test tried or should have: each in words, and if it works."""
    try:
        held = json.loads(details or "")
    except (ValueError, RecursionError):
        return []
    if not isinstance(held, dict):
        return []
    tried, missing = (_texts(held.get(name)) for name in ("tried", "missing"))
    works = [(VALUES.get(one, one), True) for one in tried if one not in missing]
    return works + [(VALUES.get(one, one), False) for one in missing]


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
