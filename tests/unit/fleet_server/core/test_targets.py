"""Which target holds for whom on which day."""

import pytest

from fleet_server.core.targets import SCALE, SCALES, Goal, Targets, Version
from fleet_server.core.tree import BEGINNING, Node, Tree

FIRST, SECOND, OWN = Goal(40, 80), Goal(50, 85), Goal(60, 90)
TREE = Tree(
    [
        Node(1, "C", "City", "city", None),
        Node(2, "D", "District", "district", 1),
        Node(3, "W", "Ward", "unit", 2),
        Node(4, "V", "Ward", "unit", 1),
    ]
)
TARGETS = Targets(
    [
        Version(1, None, BEGINNING, FIRST),
        Version(2, None, "2026-07-01", Goal(1, 1)),
        Version(3, None, "2026-07-01", SECOND),
        Version(4, 2, "2026-03-01", OWN),
        Version(5, 2, "2026-09-01", None),
    ]
)


def test_a_version_holds_from_its_day_until_the_next() -> None:
    assert TARGETS.fleet("2026-06-30") == FIRST
    assert TARGETS.fleet("2026-07-01") == SECOND


def test_a_units_own_target_holds_for_all_below_it_until_it_is_given_back() -> None:
    assert TARGETS.on("2026-02-28", TREE) == dict.fromkeys((1, 2, 3, 4), FIRST)
    assert TARGETS.on("2026-03-01", TREE) == {1: FIRST, 2: OWN, 3: OWN, 4: FIRST}
    assert TARGETS.on("2026-09-01", TREE) == dict.fromkeys((1, 2, 3, 4), SECOND)


def test_the_days_on_which_targets_change_are_known() -> None:
    assert TARGETS.changes("2026-03-01", "2026-09-01") == ["2026-07-01", "2026-09-01"]
    assert TARGETS.changes("2026-10-01", "2026-12-01") == []


def test_a_unit_is_asked_for_the_highest_that_holds_from_a_day_on() -> None:
    mixed = Targets([Version(1, None, BEGINNING, FIRST), Version(2, 2, "2026-03-01", OWN)])
    assert mixed.least(3, "2026-01-01", TREE) == OWN
    assert mixed.least(4, "2026-01-01", TREE) == FIRST
    crossed = Targets(
        [Version(1, None, BEGINNING, Goal(40, 90)), Version(2, None, "2026-07-01", Goal(60, 70))]
    )
    assert crossed.least(3, "2026-06-30", TREE) == Goal(60, 90)
    assert crossed.least(3, "2026-07-01", TREE) == Goal(60, 70)


def test_a_fleet_without_target_is_an_error() -> None:
    with pytest.raises(LookupError):
        Targets([]).fleet("2026-01-01")


def test_the_scale_that_is_asked_on_is_one_of_the_scales() -> None:
    assert SCALE in SCALES
    assert Goal(1, 2).scale == SCALE
