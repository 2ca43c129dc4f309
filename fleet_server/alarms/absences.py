"""Terminals that are not there though they should be, as alarms are judged by them.

The same judgement that pages show (`fleet_server.judged`): only time in which their counter was
open and the server could hear counts against them.
"""

from collections.abc import Collection
from datetime import tzinfo
from typing import get_args

from fleet_server.core.alarms.facts import TerminalAway
from fleet_server.core.health import Away
from fleet_server.judged import Bench, Judged
from fleet_server.store import history
from fleet_server.store.pages import terminals

AWAY: frozenset[str] = frozenset(get_args(Away))


def absences(raised: Collection[str], now: int, zone: tzinfo) -> list[TerminalAway]:
    """Return a fact for each terminal that is away, and for each that has an alarm.

    Args:
        raised: the terminals that have one.
        now: Unix milliseconds.
        zone: the fleet's.
    """
    bench = Bench(now, zone)
    judged = [bench.judge(row) for row in terminals.terminals() if row.counter is not None]
    away = {one.row.id: _away_since(one) for one in judged if one.row.retired_at is None}
    back = history.last_away([name for name in raised if away.get(name, 0) is None])
    found: list[TerminalAway] = []
    for one in judged:
        name, unit, since = one.row.id, one.row.unit, away.get(one.row.id)
        if since is not None:
            found.append(TerminalAway(unit, name, bench.missed(one.row, since)))
        elif name in raised and name in away:
            found.append(TerminalAway(unit, name, 0, now - back.get(name, 0)))
    return found


def _away_since(one: Judged) -> int | None:
    reasons = (reason.since for reason in one.verdict.reasons if reason.kind in AWAY)
    return next((since for since in reasons if since is not None), None)
