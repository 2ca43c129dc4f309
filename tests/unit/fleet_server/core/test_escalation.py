"""When the levels above hear of a case."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fleet_server.core.case_events import Subject
from fleet_server.core.cases import Case
from fleet_server.core.escalation import Terms, above, to_tell
from fleet_server.core.opening import Calendar, of_unit, stretches
from fleet_server.core.tree import Node, Tree

CALENDAR = Calendar(stretches(None, of_unit(3), {}), {}, ZoneInfo("Asia/Ho_Chi_Minh"))
TREE = Tree(
    [
        Node(1, "C", "City", "city", None),
        Node(2, "D", "District", "district", 1, closed="2026-12-15"),
        Node(3, "W", "Ward", "unit", 2),
    ]
)
LEVELS = [2, 1, None]


def at(day: str, clock: str = "08:00") -> int:
    moment = datetime.fromisoformat(f"{day}T{clock}+07:00").astimezone(UTC)
    return int(moment.timestamp() * 1000)


# Due at the end of Friday, 27 November.
DUE = at("2026-11-28", "00:00")
CASE = Case(Subject("day", 3, 7, "2026-11-20"), 3, "assigned", 1, 0, 0, DUE)


def told(day: str, case: Case = CASE, terms: Terms = Terms()) -> dict[int, int | None]:  # noqa: B008
    return to_tell(case, terms, at(day), CALENDAR, LEVELS)


def test_nobody_is_told_before_the_deadline_or_of_a_closed_case() -> None:
    assert told("2026-11-27") == {}
    assert told("2027-11-27", replace(CASE, due=None)) == {}


def test_each_level_is_told_after_so_many_working_days() -> None:
    assert told("2026-11-28") == {1: 2}
    assert told("2026-12-01") == {1: 2}, "two days over"
    assert told("2026-12-02") == {1: 2, 2: 1}, "three days over"
    assert told("2026-12-07") == {1: 2, 2: 1, 3: None}


def test_a_level_is_told_once_in_a_run() -> None:
    assert told("2026-12-02", replace(CASE, told=frozenset({1}))) == {2: 1}
    assert told("2026-12-02", replace(CASE, told=frozenset({1, 2}))) == {}


def test_there_are_no_more_levels_than_units_above_or_days_in_the_settings() -> None:
    assert to_tell(CASE, Terms(), at("2027-03-01"), CALENDAR, [None]) == {1: None}
    assert told("2027-03-01", terms=Terms(over=(0,))) == {1: 2}


def test_the_levels_above_leave_out_what_is_dissolved() -> None:
    assert above(3, TREE, "2026-12-14") == [2, 1, None]
    assert above(3, TREE, "2026-12-15") == [1, None]
    assert above(1, TREE, "2026-12-15") == [None]
    assert above(None, TREE, "2026-12-15") == []


@pytest.mark.parametrize(
    "wrong",
    [{"answer": 0}, {"rework": 251}, {"judge": -1}, {"over": (3, 0)}, {"over": (-1,)}],
)
def test_terms_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"working days|one after another"):
        Terms(**wrong)  # type: ignore[arg-type]
