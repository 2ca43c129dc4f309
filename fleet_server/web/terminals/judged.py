"""Terminals together with the judgement of how they are."""

from dataclasses import dataclass

from fleet_server.core.ailments import ailments
from fleet_server.core.health import Heard, Verdict, judge
from fleet_server.core.roles import EVERYTHING, Scope
from fleet_server.store.pages import terminals as store
from fleet_server.store.pages.terminals import TerminalRow


@dataclass(frozen=True, slots=True)
class Judged:
    """A terminal and how it is."""

    row: TerminalRow
    verdict: Verdict


def judge_row(row: TerminalRow, now: int) -> Judged:
    """Judge one terminal."""
    heard = Heard(
        retired=row.retired_at is not None,
        keys=row.keys,
        valid_keys=row.valid_keys,
        state=row.state,
        state_at=row.state_at,
        last_seen=row.last_seen,
        oldest_waiting_at=row.oldest_waiting_at if row.waiting else None,
        clock=row.clock,
        ailments=ailments(row.health or {}),
    )
    return Judged(row, judge(heard, now))


def judged(now: int, scope: Scope = EVERYTHING) -> list[Judged]:
    """Return the terminals with their judgement."""
    return [judge_row(row, now) for row in store.terminals(scope)]


def in_trouble(terminals: list[Judged]) -> list[Judged]:
    """Return those that should work and don't, the longest troubled first."""
    found = [one for one in terminals if one.verdict.level == "bad"]
    return sorted(found, key=lambda one: (one.verdict.since or 0, one.row.id))
