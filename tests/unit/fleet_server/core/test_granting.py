"""Who may give which role, and to whom."""

import pytest

from fleet_server.core.granting import (
    HIGHEST,
    NotAllowed,
    check_anew,
    check_change,
    check_left,
    check_manage,
    grantable,
    may_grant,
    may_manage,
    raises,
)
from fleet_server.core.roles import ROLES, Grant
from fleet_server.core.tree import Node, Tree

TREE = Tree(
    [
        Node(1, "TP", "City", "city", None),
        Node(2, "Q3", "District", "district", 1),
        Node(3, "P1", "Ward", "unit", 2),
        Node(4, "Q5", "Other district", "district", 1),
    ]
)
DISTRICT = (Grant("administrator", 2),)


def test_an_administrator_of_the_whole_fleet_gives_every_role_everywhere() -> None:
    assert len(grantable([HIGHEST], TREE)) == len(ROLES) * 5


def test_an_administrator_of_a_branch_gives_roles_there_and_nowhere_else() -> None:
    assert may_grant(DISTRICT, Grant("viewer", 3), TREE)
    assert may_grant(DISTRICT, Grant("administrator", 2), TREE)
    assert not may_grant(DISTRICT, Grant("viewer", 4), TREE)
    assert not may_grant(DISTRICT, Grant("viewer", 1), TREE)
    assert not may_grant(DISTRICT, Grant("viewer", None), TREE)
    assert {one.unit for one in grantable(DISTRICT, TREE)} == {2, 3}


def test_what_others_may_do_is_not_theirs_to_give() -> None:
    for role in set(ROLES) - {"administrator"}:
        assert grantable([Grant(role, None)], TREE) == []


def test_a_role_that_there_is_not_is_nobodys_to_give() -> None:
    assert not may_grant([HIGHEST], Grant("emperor", None), TREE)


def test_a_person_is_changed_only_by_who_could_give_all_that_they_hold() -> None:
    assert may_manage(DISTRICT, [Grant("viewer", 3)], TREE)
    assert not may_manage(DISTRICT, [Grant("viewer", 3), HIGHEST], TREE)
    assert not may_manage(DISTRICT, [Grant("viewer", 3), Grant("viewer", 4)], TREE)


def test_who_holds_nothing_belongs_to_the_whole_fleets_administrators() -> None:
    assert may_manage([HIGHEST], [], TREE)
    assert not may_manage(DISTRICT, [], TREE)


def test_nobody_changes_what_they_hold_themselves() -> None:
    with pytest.raises(NotAllowed) as refused:
        check_change([HIGHEST], True, [Grant("viewer", None)], TREE)
    assert refused.value.reason == "self"
    with pytest.raises(NotAllowed, match="self"):
        check_manage([HIGHEST], True, [HIGHEST], TREE)


def test_who_comes_to_hold_power_somewhere_is_raised_and_who_holds_it_already_is_not() -> None:
    assert raises([], [HIGHEST], TREE)
    assert raises([Grant("technician", None)], [Grant("administrator", 3)], TREE)
    assert raises(DISTRICT, [HIGHEST], TREE)
    assert raises(DISTRICT, [Grant("administrator", 4)], TREE)
    assert not raises(DISTRICT, [Grant("administrator", 3)], TREE)
    assert not raises([HIGHEST], [Grant("administrator", 2)], TREE)
    assert not raises(DISTRICT, [Grant("auditor", None), Grant("janitor", None)], TREE)
    assert not raises([], [], TREE)


@pytest.mark.parametrize("role", ROLES)
def test_who_comes_to_change_people_keys_settings_or_terminals_is_raised(role: str) -> None:
    viewer, given = Grant("viewer", None), Grant(role, 3)
    assert raises([viewer], [given], TREE) == (role in {"administrator", "technician"})
    assert not raises([viewer, Grant(role, 2)], [given], TREE)


def test_one_grant_beyond_refuses_all_of_them() -> None:
    check_change(DISTRICT, False, [Grant("viewer", 3)], TREE)
    with pytest.raises(NotAllowed, match="beyond"):
        check_change(DISTRICT, False, [Grant("viewer", 3), Grant("viewer", 4)], TREE)


def test_a_stranger_to_the_branch_is_not_changed() -> None:
    check_manage(DISTRICT, False, [Grant("viewer", 3)], TREE)
    with pytest.raises(NotAllowed, match="beyond"):
        check_manage(DISTRICT, False, [HIGHEST], TREE)


def test_who_lets_somebody_begin_anew_answers_for_all_that_they_hold() -> None:
    check_anew(DISTRICT, [Grant("viewer", 3)], TREE)
    check_anew([HIGHEST], [Grant("viewer", 3), Grant("administrator", 4)], TREE)
    with pytest.raises(NotAllowed, match="anew"):
        check_anew(DISTRICT, [Grant("viewer", 3), Grant("administrator", 4)], TREE)


def test_who_holds_nothing_begins_anew_under_whoever_may_give_the_grant() -> None:
    check_anew(DISTRICT, [], TREE)


def test_the_last_who_may_do_everything_stays() -> None:
    check_left([1, 2], 1)
    check_left([2], 1)
    check_left([], 1)
    with pytest.raises(NotAllowed, match="last"):
        check_left([1, 1], 1)
