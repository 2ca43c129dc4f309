"""The whole fleet as it was judged last, once for all who look at it."""

from dataclasses import dataclass, field
from threading import Lock
from typing import cast

from flask import current_app

from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.judged import Bench, Judged
from fleet_server.store import changes
from fleet_server.store.pages import terminals as store
from fleet_server.store.pages.changes import newest_of
from fleet_server.web.services import services

EXTENSION = "hailong_terminals"
FRESH_MS = 5_000
"""What time alone changes is looked at anew this often; what was noted as a change, at once."""


@dataclass
class _Fleet:
    """The whole fleet as it was judged last; shared by all who look at it."""

    lock: Lock = field(default_factory=Lock)
    key: tuple[int, int] | None = None
    judged: list[Judged] = field(default_factory=list)


def judged(now: int, scope: Scope = EVERYTHING) -> list[Judged]:
    """Return the terminals with their judgement.

    The fleet is judged once for all who look at it, and again when a change of some state was
    noted, or after `FRESH_MS`.
    """
    fleet = cast(_Fleet, current_app.extensions.setdefault(EXTENSION, _Fleet()))
    key = newest_of(changes.FLEET, "matter"), now // FRESH_MS
    with fleet.lock:
        if fleet.key != key:
            bench = Bench(now, services().settings.fleet.zone)
            fleet.judged = [bench.judge(row) for row in store.terminals()]
            fleet.key = key
        found = fleet.judged
    return [one for one in found if scope.covers(one.row.unit)]


def in_trouble(terminals: list[Judged]) -> list[Judged]:
    """Return those that should work and don't, the longest troubled first."""
    found = [one for one in terminals if one.verdict.level == "bad"]
    return sorted(found, key=lambda one: (one.verdict.since or 0, one.row.id))
