"""Who gets a notification."""

import pytest

from fleet_server.core.alarms.hearing import (
    GUARDS,
    JUDGING,
    About,
    hearers,
    letters,
    may_acknowledge,
)
from fleet_server.core.alarms.raising import Audience, Notification
from fleet_server.core.alarms.rules import Kind
from fleet_server.core.roles import Grant
from fleet_server.core.tree import Node, Tree

TREE = Tree([Node(1, "C", "City", "city", None), Node(3, "W", "Ward", "unit", 1)])
PEOPLE = {
    5: [Grant("unit_head", 3)],
    4: [Grant("unit_head", 3), Grant("viewer", None)],
    6: [Grant("quality_officer", 1)],
    7: [Grant("auditor", None)],
    9: [Grant("administrator", None)],
}
HEADS = Audience(3, frozenset({"unit_head"}))


def test_it_is_for_those_of_the_roles_right_in_the_unit() -> None:
    assert hearers(HEADS, PEOPLE, TREE) == [4, 5]


def test_where_nobody_is_the_nearest_above_hears_it() -> None:
    assert hearers(Audience(3, frozenset({"quality_officer"})), PEOPLE, TREE) == [6]
    assert hearers(Audience(3, frozenset({"auditor"})), PEOPLE, TREE) == [7]


def test_where_nobody_is_at_all_the_administrators_hear_it() -> None:
    assert hearers(Audience(3, frozenset({"technician"})), PEOPLE, TREE) == [9]
    assert hearers(Audience(None, frozenset({"technician"})), PEOPLE, TREE) == [9]
    assert hearers(HEADS, {}, TREE) == []


def test_who_is_in_two_audiences_gets_it_once() -> None:
    audiences = [HEADS, Audience(3, frozenset({"unit_head", "quality_officer"}))]
    notes = [Notification("k", "raised", "complaint", {}, one, 0) for one in audiences]
    found = letters(notes, PEOPLE, TREE)
    assert [(one.key, one.person) for one in found] == [("k/4", 4), ("k/5", 5)]


CARERS = Audience(3, frozenset({"technician"}))


def may(grants: list[Grant], kind: Kind, told: Audience, unit: int | None = 3) -> bool:
    """Whether somebody (8) may acknowledge, beside the others and an administrator at the top."""
    people = {8: grants, 9: [Grant("administrator", None)]}
    return may_acknowledge(8, About(kind, unit), [told], people, TREE)


def test_whoever_is_told_may_acknowledge() -> None:
    assert may([Grant("technician", 3)], "terminal_lost", CARERS)
    assert may([Grant("technician", 1)], "terminal_lost", CARERS), "told where the unit has none"
    assert may([Grant("technician", None)], "terminal_lost", Audience(None, CARERS.roles), None)


@pytest.mark.parametrize("role", ["technician", "unit_head", "auditor"])
def test_who_is_above_but_never_told_may_not(role: str) -> None:
    told = Audience(3, frozenset({"quality_officer"}))
    for unit in (1, None):
        assert not may([Grant(role, unit)], "terminal_lost", told)


@pytest.mark.parametrize("role", sorted(GUARDS))
def test_quality_officers_and_administrators_may_there_and_above(role: str) -> None:
    for unit in (3, 1, None):
        assert may([Grant(role, unit)], "terminal_lost", CARERS)
    assert not may([Grant(role, 3)], "terminal_lost", CARERS, unit=1)


@pytest.mark.parametrize("kind", sorted(JUDGING))
def test_what_a_unit_is_judged_by_is_acknowledged_above_it(kind: Kind) -> None:
    for role in ("unit_head", "quality_officer"):
        told = Audience(3, frozenset({role}))
        assert not may([Grant(role, 3)], kind, told)
        assert may([Grant(role, 1)], kind, told), "told where the unit has none"
    assert may([Grant("administrator", None)], kind, HEADS, unit=None)


@pytest.mark.parametrize("role", ["unit_head", "quality_officer"])
def test_the_level_above_acknowledges_what_it_is_told_of_a_case_below(role: str) -> None:
    told = Audience(1, frozenset({role}))
    about = About("case_overdue", 1, level=1)
    assert may_acknowledge(8, about, [told], {8: [Grant(role, 1)]}, TREE)
    assert not may_acknowledge(8, about, [told], {8: [Grant(role, 3)]}, TREE)


def test_who_holds_nothing_may_not() -> None:
    assert not may_acknowledge(8, About("complaint", 3), [], {}, TREE)
