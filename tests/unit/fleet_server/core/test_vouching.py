"""Who still answers for what they made."""

import pytest

from fleet_server.core.roles import Grant
from fleet_server.core.tree import Node, Tree
from fleet_server.core.vouching import Person, Stopped, stopped_by_person

TREE = Tree(
    [
        Node(1, "TP", "City", "city", None),
        Node(2, "Q1", "District", "district", 1),
        Node(3, "P1", "Ward", "unit", 2),
        Node(4, "Q2", "Another", "district", 1),
    ]
)
WHOLE, BRANCH = Grant("administrator", None), Grant("administrator", 2)


@pytest.mark.parametrize(
    ("person", "unit", "why"),
    [
        (None, 3, "person_gone"),
        (Person(False, (WHOLE,)), 3, "person_gone"),
        (Person(True, ()), 3, "person_lacks"),
        (Person(True, (Grant("technician", None),)), 3, "person_lacks"),
        (Person(True, (Grant("no such role", None),)), 3, "person_lacks"),
        (Person(True, (BRANCH,)), 3, None),
        (Person(True, (BRANCH,)), 2, None),
        (Person(True, (BRANCH,)), 4, "person_lacks"),
        (Person(True, (BRANCH,)), None, "person_lacks"),
        (Person(True, (WHOLE,)), None, None),
        (Person(True, (WHOLE,)), 4, None),
    ],
)
def test_a_person_answers_while_they_may_make_it_there(
    person: Person | None, unit: int | None, why: Stopped | None
) -> None:
    assert stopped_by_person(person, unit, lambda: TREE) == why


def test_the_tree_is_not_read_for_who_may_do_it_everywhere() -> None:
    def read() -> Tree:
        raise AssertionError

    assert stopped_by_person(Person(True, (WHOLE, BRANCH)), 3, read) is None
