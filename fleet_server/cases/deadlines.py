"""Deadlines of cases: levels above are told of those that are over; dissolved units' move up.

A deadline ends at midnight, so once an hour is often enough.
"""

from datetime import tzinfo

from fleet_server.core.case_events import Escalated, Rehomed
from fleet_server.core.cases import home
from fleet_server.core.days import day_of
from fleet_server.core.escalation import above, to_tell
from fleet_server.core.tree import Tree
from fleet_server.store import case_files, case_terms, places, tallies
from fleet_server.store.database import writing

EVERY_MS = 3_600_000


def look(now: int, zone: tzinfo) -> None:
    """See to all cases that wait; each in a transaction of its own."""
    hour = now - now % EVERY_MS
    if tallies.read().get(tallies.CASES_LOOKED, 0) >= hour:
        return
    tree, day = places.tree(), day_of(now, zone).name
    gone = [node.id for node in tree if node.closed is not None and node.closed <= day]
    for number in case_files.waiting(units=gone):
        with writing():
            _rehome(number, tree, day, now, zone)
    for number in case_files.waiting(due_by=now):
        with writing():
            _escalate(number, tree, day, now, zone)
    with writing():
        tallies.mark(tallies.CASES_LOOKED, hour)


def _rehome(number: int, tree: Tree, day: str, now: int, zone: tzinfo) -> None:
    case = case_files.one(number)
    unit = home(case.unit, tree, day)
    if unit == case.unit:
        return
    terms = case_terms.of(unit, tree)
    days = terms.judge if case.state == "answered" else terms.answer
    due = case_files.deadline(unit, now, days, zone)
    case_files.append(number, case, None, Rehomed(unit, due), now)


def _escalate(number: int, tree: Tree, day: str, now: int, zone: tzinfo) -> None:
    case = case_files.one(number)
    _basis, calendar = case_files.counted_by(case.unit, now, zone)
    terms = case_terms.of(case.unit, tree)
    told = to_tell(case, terms, now, calendar, above(case.unit, tree, day))
    if told:
        case_files.append(number, case, None, Escalated(tuple(sorted(told))), now)
