"""The last health report as lines to read.

Figures by choice are added up: a page that moves with each press of a choice would tell it.
"""

from collections.abc import Iterator, Mapping

from fleet_server.web.words import HEALTH
from wire.records import CHOICES

TOLD = frozenset(
    {"at", "up", "boot", "chain", "head_seq", "connection", "clock", "firmware"}
    | {"terminal.config_version"}
)
"""Told elsewhere on the page."""

PASSING = frozenset({"terminal.state"})
"""True for seconds only, and reported once a minute."""

LIMIT = 60


def lines(report: Mapping[str, object] | None) -> list[tuple[object, object]]:
    """Return pairs of name and value, without what is empty or told elsewhere."""
    found = [(HEALTH.get(name, name), value) for name, value in _flat(report or {})]
    return found[:LIMIT]


def _flat(report: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in report.items():
        name = f"{before}{key}"
        if _is_empty(value) or name in TOLD | PASSING:
            continue
        if isinstance(value, Mapping) and not before:
            yield from _flat(value, f"{name}.")
        elif isinstance(value, Mapping) and set(value) <= set(CHOICES):
            yield name, sum(count for count in value.values() if isinstance(count, int))
        elif isinstance(value, Mapping):
            yield name, ", ".join(f"{inner} {what}" for inner, what in value.items())
        elif isinstance(value, list):
            yield name, ", ".join(str(one) for one in value)
        else:
            yield name, value


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", {}, [])
