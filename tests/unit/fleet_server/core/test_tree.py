"""Units in each other, now and on days before."""

import pytest

from fleet_server.core.tree import (
    BEGINNING,
    OPEN,
    Branch,
    Node,
    Place,
    Tree,
    TreeError,
    branches,
    moved,
)

CITY, DISTRICT, WARD, CLINIC, OTHER = 1, 2, 3, 4, 5
TREE = Tree(
    [
        Node(CITY, "C", "City", "city", None),
        Node(DISTRICT, "D", "District", "district", CITY),
        Node(OTHER, "O", "Other", "department", CITY),
        Node(WARD, "W", "Ward", "unit", DISTRICT),
        Node(CLINIC, "K", "Clinic", "unit", WARD),
    ]
)


def test_a_branch_is_a_unit_and_all_below_it() -> None:
    assert TREE.branch(DISTRICT) == {DISTRICT, WARD, CLINIC}
    assert TREE.branch(CLINIC) == {CLINIC}


def test_the_units_come_from_the_top_each_before_those_in_it() -> None:
    assert [node.id for node in TREE] == [CITY, DISTRICT, WARD, CLINIC, OTHER]
    assert [node.id for node in TREE.children(CITY)] == [DISTRICT, OTHER]
    assert [node.id for node in TREE.children(None)] == [CITY]


def test_a_path_leads_from_the_top_down() -> None:
    assert [node.code for node in TREE.path(CLINIC)] == ["C", "D", "W", "K"]


def test_a_unit_is_found_by_its_code() -> None:
    found = TREE.by_code("W")
    assert found is not None
    assert TREE[found.id].name == "Ward"
    assert TREE.by_code("X") is None


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("city", None), ("unit", None), ("district", CITY), ("unit", OTHER), ("unit", WARD)],
)
def test_a_unit_lies_in_one_of_a_higher_kind_or_in_a_unit(kind: str, parent: int | None) -> None:
    TREE.check_new(kind, parent)


@pytest.mark.parametrize(
    ("kind", "parent"), [("city", CITY), ("district", OTHER), ("department", WARD), ("city", WARD)]
)
def test_a_unit_lies_in_none_of_a_lower_or_the_same_kind(kind: str, parent: int) -> None:
    with pytest.raises(TreeError, match="rank"):
        TREE.check_new(kind, parent)


@pytest.mark.parametrize(
    ("unit", "kind", "parent", "reason"),
    [
        (WARD, "unit", WARD, "itself"),
        (DISTRICT, "district", CLINIC, "below"),
        (DISTRICT, "district", OTHER, "rank"),
        (CITY, "district", None, "children"),
    ],
)
def test_a_unit_can_not_be_put_where_it_does_not_fit(
    unit: int, kind: str, parent: int | None, reason: str
) -> None:
    with pytest.raises(TreeError) as error:
        TREE.check_change(unit, kind, parent)
    assert error.value.reason == reason


def test_a_unit_can_be_put_below_another_or_at_the_top() -> None:
    TREE.check_change(WARD, "unit", OTHER)
    TREE.check_change(DISTRICT, "district", None)


def test_a_move_ends_the_place_before_it_and_the_days_before_stay_there() -> None:
    first = [Place(DISTRICT)]
    second = moved(first, OTHER, "2026-11-20")
    assert second == [Place(DISTRICT, BEGINNING, "2026-11-20"), Place(OTHER, "2026-11-20")]


def test_a_second_move_on_a_day_replaces_the_first() -> None:
    held = [Place(DISTRICT, BEGINNING, "2026-11-20"), Place(OTHER, "2026-11-20")]
    assert moved(held, None, "2026-11-20")[-1] == Place(None, "2026-11-20")


def test_a_move_to_where_it_is_changes_nothing() -> None:
    assert moved([Place(DISTRICT)], DISTRICT, "2026-11-20") == [Place(DISTRICT)]


def test_a_move_before_the_last_one_is_refused() -> None:
    with pytest.raises(TreeError, match="before"):
        moved([Place(None, BEGINNING, "2026-11-20"), Place(OTHER, "2026-11-20")], 9, "2026-11-19")


def test_branches_say_for_each_day_what_lay_below_what() -> None:
    day = "2026-11-20"
    found = branches(
        {
            CITY: [Place(None)],
            DISTRICT: [Place(CITY)],
            OTHER: [Place(None, BEGINNING, day), Place(CITY, day)],
            WARD: [Place(DISTRICT, BEGINNING, day), Place(OTHER, day)],
        }
    )
    assert [one for one in found if one.unit == WARD] == [
        Branch(CITY, WARD, BEGINNING, day),
        Branch(CITY, WARD, day, OPEN),
        Branch(DISTRICT, WARD, BEGINNING, day),
        Branch(WARD, WARD, BEGINNING, OPEN),
        Branch(OTHER, WARD, day, OPEN),
    ]


CLOSED, BELOW = 21, 22
CLOSING = Tree(
    [
        Node(CLOSED, "OLD", "Old", "district", None, "2026-01-01"),
        Node(BELOW, "IN", "In the old one", "unit", CLOSED, "2026-01-01"),
        Node(WARD, "W", "Ward", "unit", None),
    ]
)


def test_nothing_is_put_into_a_closed_unit() -> None:
    for put in (
        lambda: CLOSING.check_new("unit", CLOSED),
        lambda: CLOSING.check_open(CLOSED),
        lambda: CLOSING.check_change(WARD, "unit", CLOSED),
    ):
        with pytest.raises(TreeError, match="in_closed"):
            put()
    CLOSING.check_open(WARD)


def test_what_lies_in_a_closed_unit_may_still_be_changed() -> None:
    CLOSING.check_change(BELOW, "unit", CLOSED)


def test_a_unit_closes_once_all_below_it_is_closed() -> None:
    CLOSING.check_close(CLOSED)
    with pytest.raises(TreeError, match="holds_open"):
        TREE.check_close(DISTRICT)


def test_a_move_that_is_too_early_says_when_the_last_one_was() -> None:
    with pytest.raises(TreeError) as error:
        moved([Place(None, BEGINNING, "2026-11-20"), Place(OTHER, "2026-11-20")], 9, "2026-11-19")
    assert error.value.value == "2026-11-20"
