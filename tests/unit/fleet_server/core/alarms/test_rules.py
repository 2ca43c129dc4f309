"""What is too much, and whose rule holds."""

import pytest

from fleet_server.core.alarms.rules import KINDS, USUAL, Held, Limits, Rule, Rules, Stage
from fleet_server.core.tree import Node, Tree

TREE = Tree(
    [
        Node(1, "C", "City", "city", None),
        Node(2, "D", "District", "district", 1),
        Node(3, "W", "Ward", "unit", 2),
    ]
)
HEADS = Stage(0, 0, frozenset({"unit_head"}))
FLEETS, DISTRICTS = Rule(Limits(lost_min=30), (HEADS,)), Rule(Limits(lost_min=5), (HEADS,))


def test_where_nobody_says_anything_the_usual_rule_holds() -> None:
    for kind in KINDS:
        assert Rules([]).of(kind, 3, TREE) == USUAL[kind] == Rules([]).of(kind, None, TREE)


def test_the_nearest_holder_above_wins() -> None:
    rules = Rules([Held(None, "terminal_lost", FLEETS), Held(2, "terminal_lost", DISTRICTS)])
    found = [rules.of("terminal_lost", unit, TREE) for unit in (3, 2, 1, None)]
    assert found == [DISTRICTS, DISTRICTS, FLEETS, FLEETS]
    assert rules.of("unsatisfied", 3, TREE) == USUAL["unsatisfied"]


def test_a_kind_that_is_switched_off_is_off_for_all_below() -> None:
    rules = Rules([Held(2, "terminal_lost", None), Held(None, "terminal_lost", FLEETS)])
    assert rules.of("terminal_lost", 3, TREE) is None
    assert rules.of("terminal_lost", 1, TREE) == FLEETS


def test_a_complaint_is_told_at_once_to_the_unit_and_the_level_above() -> None:
    rule = USUAL["complaint"]
    assert [(one.after_min, one.up) for one in rule.stages] == [(0, 0), (0, 1)]
    assert rule.quiet is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"of": 4, "unsatisfied": 2},
        {"of": 10, "unsatisfied": 11},
        {"unsatisfied": 0},
        {"lost_min": 0},
        {"from_day": 29},
        {"margin": 101},
    ],
)
def test_limits_that_cannot_be_or_would_tell_a_choice_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"ratings or more|too small"):
        Limits(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "stages",
    [
        (),
        (Stage(5, 0, HEADS.roles),),
        (HEADS, Stage(9, 1, HEADS.roles), Stage(5, 1, HEADS.roles)),
        (HEADS, Stage(5, -1, HEADS.roles)),
        (Stage(0, 0, frozenset()),),
    ],
)
def test_stages_that_tell_nobody_at_first_are_refused(stages: tuple[Stage, ...]) -> None:
    with pytest.raises(ValueError, match="stage"):
        Rule(Limits(), stages)
