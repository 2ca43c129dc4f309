"""Who may do which step of a case."""

from dataclasses import replace

from fleet_server.core.case_events import Subject
from fleet_server.core.case_rights import assignable, may, may_look, rights
from fleet_server.core.cases import Case, State
from fleet_server.core.roles import Grant
from fleet_server.core.tree import Node, Tree

TREE = Tree(
    [
        Node(1, "C", "City", "city", None),
        Node(2, "D", "District", "district", 1),
        Node(3, "W", "Ward", "unit", 2),
        Node(4, "V", "Ward", "unit", 2),
    ]
)
ME, OTHER = 1, 2
OPEN = Case(Subject("day", 3, 7, "2026-11-20"), 3, "open", 0, 0, 0, 100)
CONFINED = replace(OPEN, subject=replace(OPEN.subject, confined=True))
JUDGING = {"return", "close", "rule", "prolong"}


def steps(role: str, unit: int | None, state: State, case: Case = OPEN) -> set[str]:
    return set(may(ME, [Grant(role, unit)], replace(case, state=state), TREE))


def test_a_unit_head_assigns_and_answers_but_does_not_judge_the_own_unit() -> None:
    assert steps("unit_head", 3, "open") == {"assign"}
    assert steps("unit_head", 3, "assigned") == {"assign", "answer"}
    assert steps("unit_head", 3, "returned") == {"assign", "answer"}
    assert steps("unit_head", 3, "answered") == steps("unit_head", 3, "closed") == set()


def test_another_unit_has_nothing_to_do_with_it() -> None:
    assert steps("unit_head", 4, "assigned") == set()
    assert steps("quality_officer", 4, "answered") == set()


def test_the_level_above_judges_whichever_of_its_roles() -> None:
    for role in ("unit_head", "quality_officer", "administrator"):
        for unit in (2, 1, None):
            assert steps(role, unit, "answered") == JUDGING
            assert steps(role, unit, "closed") == {"rule"}
    assert steps("quality_officer", 3, "answered") == set()


def test_other_roles_may_do_nothing() -> None:
    for role in ("technician", "interviewer", "auditor", "viewer", "of another version"):
        assert steps(role, None, "assigned") == steps(role, None, "answered") == set()


def test_nobody_judges_an_answer_of_their_own() -> None:
    mine = replace(OPEN, answerer=ME)
    assert steps("unit_head", 2, "answered", mine) == {"prolong"}
    assert steps("unit_head", 2, "answered", replace(OPEN, answerer=OTHER)) == JUDGING


def test_who_was_assigned_answers_while_they_see_the_unit() -> None:
    mine = replace(OPEN, assignee=ME)
    assert steps("viewer", 3, "assigned", mine) == {"answer"}
    assert steps("viewer", 4, "assigned", mine) == set()
    assert steps("interviewer", 3, "assigned", mine) == set()


def test_a_case_is_assigned_to_who_answers_for_it_or_is_of_the_office_itself() -> None:
    for unit in (3, 2, None):
        assert assignable([Grant("viewer", 1), Grant("unit_head", unit)], OPEN, TREE)
    assert not assignable([Grant("unit_head", 4)], OPEN, TREE)
    assert assignable([Grant("viewer", 3)], OPEN, TREE)
    for unit in (1, 2, None):
        for role in ("viewer", "auditor", "technician", "quality_officer", "administrator"):
            assert not assignable([Grant(role, unit)], OPEN, TREE)
    assert not assignable([Grant("interviewer", 3)], OPEN, TREE)


def test_a_confined_case_is_assigned_to_nobody_without_evidence() -> None:
    assert not assignable([Grant("unit_head", 3)], CONFINED, TREE)
    assert not assignable([Grant("viewer", 3)], CONFINED, TREE)
    assert assignable([Grant("quality_officer", 3)], CONFINED, TREE)


def test_a_confined_case_is_for_those_who_may_see_evidence() -> None:
    assert steps("unit_head", 3, "assigned", CONFINED) == set()
    assert steps("unit_head", 1, "answered", CONFINED) == set()
    assert steps("quality_officer", 3, "assigned", CONFINED) == {"assign", "answer"}
    assert steps("quality_officer", 2, "answered", CONFINED) == JUDGING


def test_the_case_of_a_top_unit_is_judged_by_the_whole_fleet() -> None:
    top = replace(OPEN, unit=1)
    assert steps("quality_officer", None, "answered", top) == JUDGING
    assert steps("quality_officer", 1, "answered", top) == set()


def test_a_case_of_the_fleet_is_for_those_of_the_whole_fleet() -> None:
    fleets = replace(OPEN, unit=None)
    assert steps("unit_head", None, "open", fleets) == {"assign", "prolong"}
    assert steps("unit_head", 1, "open", fleets) == set()


def test_a_right_stays_when_the_state_allows_its_step_no_more() -> None:
    closed = replace(OPEN, state="closed")
    assert rights(ME, [Grant("unit_head", 3)], closed, TREE) == {"assign", "answer"}
    assert rights(ME, [Grant("viewer", 3)], closed, TREE) == set()


def test_which_rating_it_is_about_is_looked_up_from_above_alone() -> None:
    for role in ("quality_officer", "administrator", "auditor", "technician"):
        assert may_look([Grant(role, 2)], OPEN, TREE)
        assert may_look([Grant(role, None)], OPEN, TREE)
        assert not may_look([Grant(role, 3)], OPEN, TREE)
        assert not may_look([Grant(role, 1)], replace(OPEN, unit=1), TREE)
    assert not may_look([Grant("unit_head", None), Grant("another", None)], OPEN, TREE)
