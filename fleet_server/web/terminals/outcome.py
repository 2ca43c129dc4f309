"""What a command came to, as lines to read: terminals answer some with a line of JSON."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fleet_server.web.terminals import report
from fleet_server.web.words import HEALTH, VALUES
from fleet_server.web.words.network import NETWORK_ADVICE, NETWORK_STATES, NETWORK_STEPS

LIMIT = 80
_PARTS = {"good": "terminal.self_test.good", "missing": "terminal.self_test.missing"}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way to the fleet: its name and state in words, and what to do about a fault."""

    name: object
    state: str
    said: object
    advice: object | None
    detail: str


def lines(details: str | None) -> list[tuple[object, object]]:
    """Return pairs of name and value; nothing where the details are no object."""
    held = _read(details)
    way = [(step.name, _in_one(step)) for step in _way(held.pop("network", None))]
    return [*_flat(held, ""), *way][:LIMIT]


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
    held = _read(details)
    tried, missing = (_texts(held.get(name)) for name in ("tried", "missing"))
    works = [(VALUES.get(one, one), True) for one in tried if one not in missing]
    return works + [(VALUES.get(one, one), False) for one in missing]


def way(details: str | None) -> list[Step]:
    """Return how far the network led in a self-test, step by step."""
    return _way(_read(details).get("network"))


def _way(value: object) -> list[Step]:
    found = []
    for each in value if isinstance(value, list) else []:
        if not isinstance(each, dict):
            continue
        step, state, why, detail = (
            str(each.get(name, "")) for name in ("step", "state", "why", "detail")
        )
        if step in NETWORK_STEPS and state in NETWORK_STATES:
            advice = NETWORK_ADVICE.get(why)
            found.append(Step(NETWORK_STEPS[step], state, NETWORK_STATES[state], advice, detail))
    return found


def _in_one(step: Step) -> str:
    said = f"{step.said}: {step.advice}" if step.advice else str(step.said)
    return f"{said} ({step.detail})" if step.detail else said


def _read(details: str | None) -> dict[str, Any]:
    try:
        held = json.loads(details or "")
    except (ValueError, RecursionError):
        return {}
    return held if isinstance(held, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
