"""The last health report as lines to read.

Figures by choice are added up: a page that moves with each press of a choice would tell it. Only
what no press moves is told button by button.
"""

from collections.abc import Iterator, Mapping

from fleet_server.web.words import HEALTH, VALUES
from wire.records import CHOICES

TOLD = frozenset(
    {"at", "boot", "chain", "head_seq", "connection", "clock", "firmware"}
    | {"config_n", "terminal.config_version", "terminal.self_test.tried"}
    | {"terminal.journal.checked_at", "ailing", "behind"}
)
"""Told elsewhere on the page, or to nobody's use."""

PARTS = frozenset({"terminal.journal", "terminal.self_test"})
"""Parts of a part whose figures are told one by one."""

WHOLE = frozenset({"refused"})
"""Counts that are told in one line."""

PASSING = frozenset({"terminal.state", "terminal.pulse"})
"""True for seconds only, and reported once a minute."""

BY_BUTTON = frozenset({"terminal.noise", "terminal.stuck"})
"""Troubles of the hardware: a technician has to know which button."""

LIMIT = 60
HOUR_MS = 3_600_000


def lines(report: Mapping[str, object] | None) -> list[tuple[object, object]]:
    """Return pairs of name and value, without what is empty or told elsewhere."""
    found = [(HEALTH.get(name, name), value) for name, value in _flat(report or {})]
    return found[:LIMIT]


def _flat(report: Mapping[str, object], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in report.items():
        name = f"{before}{key}"
        if _is_empty(value) or name in TOLD | PASSING:
            continue
        if name == "up" and isinstance(value, int):
            yield "uptime_h", value // HOUR_MS
        elif isinstance(value, Mapping) and name not in WHOLE and (not before or name in PARTS):
            yield from _flat(value, f"{name}.")
        else:
            yield name, _told(name, value)


def _told(name: str, value: object) -> object:
    """Return a value as it can be shown."""
    if isinstance(value, Mapping) and name not in BY_BUTTON and set(value) <= set(CHOICES):
        return sum(count for count in value.values() if isinstance(count, int))
    if isinstance(value, Mapping):
        return ", ".join(f"{in_words(inner)} {what}" for inner, what in value.items())
    if isinstance(value, list):
        return ", ".join(in_words(one) for one in value)
    return in_words(value) if isinstance(value, str) else value


def in_words(text: object) -> str:
    """Return a code of the terminal in words, and what follows it: ``button_stuck satisfied``."""
    return " ".join(str(VALUES.get(word, word)) for word in str(text).split(" "))


def _is_empty(value: object) -> bool:
    return value is None or value is False or value in ("", {}, [])
