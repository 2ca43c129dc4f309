"""Who gets a notification."""

import pytest

from fleet_server.core.alarms.hearing import JUDGING, answering, hearers, letters
from fleet_server.core.alarms.raising import Audience, Notification
from fleet_server.core.roles import EVERYTHING, NOTHING, Grant, Scope
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


def test_who_may_be_told_may_acknowledge_there_and_below() -> None:
    for grants, scope in (
        ([Grant("unit_head", 1)], Scope(frozenset({1, 3}))),
        ([Grant("technician", 3), Grant("viewer", 1)], Scope(frozenset({3}))),
        ([Grant("administrator", None)], EVERYTHING),
        ([Grant("auditor", None)], NOTHING),
    ):
        assert answering(grants, TREE, "terminal_lost") == scope


@pytest.mark.parametrize("kind", sorted(JUDGING))
def test_what_a_unit_is_judged_by_is_acknowledged_above_it(kind: str) -> None:
    assert answering([Grant("unit_head", 1)], TREE, kind) == Scope(frozenset({3}))
    assert not answering([Grant("technician", 3)], TREE, kind)
    assert answering([Grant("administrator", None)], TREE, kind) == EVERYTHING
