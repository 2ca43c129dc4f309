"""How terminals were: written by ingest where something turned, and hardly ever else.

A health report that says what the one before said writes nothing here. Functions that write are
to be called in a write transaction. Erasable, and no evidence.
"""

from collections.abc import Collection, Mapping
from typing import Any

from fleet_server.core.ailments import since_when
from fleet_server.core.health import NOTES, SILENT_MS
from fleet_server.core.strip import SpanKind, Was
from fleet_server.store.database import rows
from fleet_server.store.listening import deaf
from fleet_server.store.models import TerminalDay, TerminalEvent, TerminalSpan
from fleet_server.store.sql import ask, marks, run

ABSENCES: dict[str, SpanKind] = {"lost": "gone", "disconnected": "off"}

COMPARED = {"image": ("image",), "config": ("terminal", "config_version")}
"""What of a report is an event when it changes, and where it stands."""


def holding(state: str | None, health: Mapping[str, Any] | None) -> set[SpanKind]:
    """Return what holds of a terminal, by what is stored of it."""
    said = health or {}
    wrong = state == "alert" or bool(since_when(said).keys() - NOTES)
    found: dict[SpanKind, bool] = {"alert": wrong, "waiting": said.get("behind") is True}
    if state in ABSENCES:
        found[ABSENCES[state]] = True
    return {kind for kind, holds in found.items() if holds}


def turned(terminal: str, before: set[SpanKind], after: set[SpanKind], now: int) -> bool:
    """End what no longer holds and begin what holds now; False if nothing turned."""
    for kind in sorted(before - after):
        TerminalSpan.update(until=now).where(
            TerminalSpan.terminal == terminal,
            TerminalSpan.kind == kind,
            TerminalSpan.until.is_null(),
        ).execute()
    for kind in sorted(after - before):
        TerminalSpan.create(terminal=terminal, kind=kind, since=now)
    return before != after


def was_silent(terminal: str, since: int, now: int) -> None:
    """Keep that a terminal was silent, if it was not the server that did not hear."""
    unheard = sum(min(end, now) - max(start, since) for start, end in deaf(since, now))
    if now - since - unheard > SILENT_MS:
        TerminalSpan.create(terminal=terminal, kind="silent", since=since, until=now)


def compare(terminal: str, before: Mapping[str, Any], after: Mapping[str, Any], now: int) -> bool:
    """Keep what changed between two reports; True if what is wrong did."""
    ailed, ails = since_when(before).keys(), since_when(after).keys()
    for ailment in sorted(ails - ailed):
        note(terminal, "began", {"what": ailment}, now)
    for ailment in sorted(ailed - ails):
        note(terminal, "ended", {"what": ailment}, now)
    for kind, path in COMPARED.items():
        former, present = _at(before, path), _at(after, path)
        if before and former != present and present is not None:
            note(terminal, kind, {"from": former, "to": present}, now)
    return ailed != ails


def _at(report: Mapping[str, Any], path: tuple[str, ...]) -> str | int | None:
    found: Any = report
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, str | int) else None


def note(terminal: str, kind: str, details: Mapping[str, Any], now: int) -> None:
    """Keep an event."""
    TerminalEvent.create(terminal=terminal, at=now, kind=kind, details=dict(details))


def waited(terminal: str, day: str, waiting: int, waited_ms: int) -> None:
    """Keep the most of a day."""
    larger = "CASE WHEN excluded.{0} > terminal_day.{0} THEN excluded.{0} ELSE terminal_day.{0} END"
    run(
        "INSERT INTO terminal_day (terminal_id, day, waiting, waited_ms) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (terminal_id, day) DO UPDATE SET "
        + ", ".join(f"{name} = {larger.format(name)}" for name in ("waiting", "waited_ms")),
        terminal, day, waiting, max(0, waited_ms),
    )  # fmt: skip


def spans(terminal: str, since: int, now: int) -> list[Was]:
    """Return how a terminal was from ``since`` on; what lasts, lasts until now."""
    query = TerminalSpan.select(TerminalSpan.kind, TerminalSpan.since, TerminalSpan.until).where(
        TerminalSpan.terminal == terminal,
        TerminalSpan.until.is_null() | (TerminalSpan.until > since),
    )
    return [
        Was(kind, begin, now if end is None else end)
        for kind, begin, end in rows(query.order_by(TerminalSpan.since))
    ]


def events(terminal: str, limit: int) -> list[tuple[int, str, Mapping[str, Any]]]:
    """Return the last events of a terminal, newest first: when, what, details."""
    query = TerminalEvent.select(TerminalEvent.at, TerminalEvent.kind, TerminalEvent.details)
    newest = query.where(TerminalEvent.terminal == terminal).order_by(TerminalEvent.id.desc())
    return rows(newest.limit(limit))


def first_seen(terminal: str) -> int | None:
    """Return when a terminal connected for the first time, None where that was not kept."""
    query = TerminalEvent.select(TerminalEvent.at).where(
        TerminalEvent.terminal == terminal, TerminalEvent.kind == "first"
    )
    found = rows(query.order_by(TerminalEvent.id).limit(1))
    return int(found[0][0]) if found else None


def days(terminal: str, first: str) -> dict[str, tuple[int, int]]:
    """Return by day, from one on, the most records that waited and the longest wait in ms."""
    query = TerminalDay.select(TerminalDay.day, TerminalDay.waiting, TerminalDay.waited_ms)
    found = rows(query.where(TerminalDay.terminal == terminal, TerminalDay.day >= first))
    return {day: (waiting, waited_ms) for day, waiting, waited_ms in found}


def last_away(terminals: Collection[str]) -> dict[str, int]:
    """Return until when each of some terminals was last away; none of those that never were."""
    text = (
        "SELECT terminal_id, MAX(until) FROM terminal_span WHERE kind IN ('gone', 'off', 'silent') "
        f"AND until IS NOT NULL AND terminal_id IN {marks(list(terminals))} GROUP BY terminal_id"
    )
    return dict(ask(text, *terminals))
