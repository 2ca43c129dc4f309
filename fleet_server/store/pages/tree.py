"""The tree as people look after it: what each unit holds, and where everything was before."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store import sql
from fleet_server.store.database import rows
from fleet_server.store.models import Counter, Terminal, TerminalPlace, Unit


@dataclass(frozen=True, slots=True)
class Held:
    """How much lies right in a unit: open counters, and terminals in use there or in its store."""

    counters: int = 0
    terminals: int = 0

    def __add__(self, other: "Held") -> "Held":
        """Return how much lies in both."""
        return Held(self.counters + other.counters, self.terminals + other.terminals)


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter of a list, with the terminals in use there."""

    code: str
    name: str
    closed: str | None
    terminals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Where something lay: a unit's code and name, or None at the top, and who put it there."""

    code: str | None
    name: str | None
    since: str
    until: str
    actor: str


@dataclass(frozen=True, slots=True)
class TerminalSpan:
    """Where a terminal stood; times in Unix milliseconds, ``until`` null while it lasts."""

    terminal: str
    counter: str | None
    counter_name: str | None
    unit: str | None
    unit_name: str | None
    since: int
    until: int | None
    actor: str


@dataclass(frozen=True, slots=True)
class Device:
    """A terminal and where it is; ``place`` is the unit whose branch it belongs to."""

    id: str
    counter: str | None
    counter_name: str | None
    unit: str | None
    unit_name: str | None
    place: int | None
    note: str
    retired_at: int | None
    retired_reason: str
    waiting: int | None
    version: int


@dataclass(frozen=True, slots=True)
class Match:
    """Something that a search found: a unit, counter or terminal."""

    subject: str
    code: str
    name: str
    closed: str | None


def held() -> dict[int, Held]:
    """Return how much lies right in each unit."""
    found: dict[int, Held] = {}
    for unit, counters in sql.ask(
        "SELECT unit_id, COUNT(*) FROM counter WHERE closed_day IS NULL GROUP BY unit_id"
    ):
        found[int(unit)] = Held(counters=int(counters))
    for unit, terminals in sql.ask(
        "SELECT COALESCE(c.unit_id, t.unit_id), COUNT(*) FROM terminal t "
        "LEFT JOIN counter c ON c.id = t.counter_id "
        "WHERE t.retired_at IS NULL GROUP BY COALESCE(c.unit_id, t.unit_id)"
    ):
        if unit is not None:
            found[int(unit)] = found.get(int(unit), Held()) + Held(terminals=int(terminals))
    return found


def unit(code: str) -> Any:
    """Return a unit's row, or None."""
    return Unit.get_or_none(Unit.code == code)


def counter(code: str) -> Any:
    """Return a counter's row, or None."""
    return Counter.get_or_none(Counter.code == code)


def counters_of(unit_id: int) -> list[CounterRow]:
    """Return the counters right in a unit, the closed ones last."""
    standing: dict[int, list[str]] = {}
    query = Terminal.select(Terminal.counter, Terminal.id).join(Counter)
    mine = (Counter.unit == unit_id) & Terminal.retired_at.is_null()
    for counter_id, terminal in rows(query.where(mine).order_by(Terminal.id)):
        standing.setdefault(counter_id, []).append(terminal)
    listed = Counter.select(Counter.id, Counter.code, Counter.name, Counter.closed_day)
    found = [
        CounterRow(code, name, closed, tuple(standing.get(counter_id, ())))
        for counter_id, code, name, closed in rows(listed.where(Counter.unit == unit_id))
    ]
    return sorted(found, key=lambda one: (one.closed is not None, one.code))


def kept_by(unit_id: int) -> list[tuple[str, str, int | None]]:
    """Return id, note and time of retirement of the terminals that a unit keeps."""
    query = Terminal.select(Terminal.id, Terminal.note, Terminal.retired_at)
    kept = query.where(Terminal.unit == unit_id, Terminal.counter.is_null())
    return [(str(a), str(b), c) for a, b, c in rows(kept.order_by(Terminal.id))]


def unit_spans(unit_id: int) -> list[Span]:
    """Return what a unit lay in, newest first."""
    return [Span(*row) for row in sql.ask(_UNIT_SPANS, unit_id)]


def counter_spans(counter_id: int) -> list[Span]:
    """Return the units that a counter lay in, newest first."""
    return [Span(*row) for row in sql.ask(_COUNTER_SPANS, counter_id)]


_UNIT_SPANS = """
SELECT u.code, u.name, p.since_day, p.until_day, p.actor
FROM unit_place p LEFT JOIN unit u ON u.id = p.parent_id WHERE p.unit_id = ?
ORDER BY p.since_day DESC
"""
_COUNTER_SPANS = """
SELECT u.code, u.name, p.since_day, p.until_day, p.actor
FROM counter_place p JOIN unit u ON u.id = p.unit_id WHERE p.counter_id = ?
ORDER BY p.since_day DESC
"""


def _terminal_spans(which: Any) -> list[TerminalSpan]:
    query = (
        TerminalPlace.select(
            TerminalPlace.terminal,
            Counter.code,
            Counter.name,
            Unit.code,
            Unit.name,
            TerminalPlace.since,
            TerminalPlace.until,
            TerminalPlace.actor,
        )
        .join(Counter, JOIN.LEFT_OUTER, on=(TerminalPlace.counter == Counter.id))
        .join(Unit, JOIN.LEFT_OUTER, on=(TerminalPlace.unit == Unit.id))
        .where(which)
        .order_by(TerminalPlace.since.desc(), TerminalPlace.id.desc())
    )
    return [TerminalSpan(*row) for row in rows(query)]


def spans_of(terminal: str) -> list[TerminalSpan]:
    """Return where a terminal stood, newest first."""
    return _terminal_spans(TerminalPlace.terminal == terminal)


def stood_at(counter_id: int) -> list[TerminalSpan]:
    """Return which terminals stood at a counter, newest first."""
    return _terminal_spans(TerminalPlace.counter == counter_id)


def device(terminal: str) -> Device | None:
    """Return a terminal by its id."""
    return next((Device(*found) for found in sql.ask(_DEVICE, terminal)), None)


_DEVICE = """
SELECT t.id, c.code, c.name, u.code, u.name, COALESCE(c.unit_id, t.unit_id),
       t.note, t.retired_at, t.retired_reason, s.waiting, t.version
FROM terminal t LEFT JOIN counter c ON c.id = t.counter_id LEFT JOIN unit u ON u.id = t.unit_id
LEFT JOIN terminal_status s ON s.terminal_id = t.id WHERE t.id = ?
"""


def matching(text: str, scope: Scope = EVERYTHING) -> list[Match]:
    """Return what a text is part of the code or name of, with or without accents."""
    wanted = _plain(text)
    found: list[Match] = []
    for subject, query in _EVERYTHING.items():
        for unit, code, name, closed in sql.ask(query):
            if scope.covers(unit) and wanted in _plain(f"{code} {name}"):
                found.append(Match(subject, str(code), str(name), closed))
    return found


_EVERYTHING = {
    "unit": "SELECT id, code, name, closed_day FROM unit ORDER BY code",
    "counter": "SELECT unit_id, code, name, closed_day FROM counter ORDER BY code",
    "terminal": "SELECT COALESCE(c.unit_id, t.unit_id), t.id, t.note, NULL FROM terminal t "
    "LEFT JOIN counter c ON c.id = t.counter_id WHERE t.retired_at IS NULL ORDER BY t.id",
}


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(one for one in letters if not unicodedata.combining(one))
