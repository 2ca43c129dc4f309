"""Shares, targets, and when a choice may be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.choices import ENOUGH_RATINGS, Choices, beside
from fleet_server.core.participation import Counts
from fleet_server.core.targets import Goal
from fleet_server.web.figures import (
    NOTHING,
    Figures,
    share,
    together,
)

COUNTS = st.integers(0, 50)


def sums(very: int, fair: int, poor: int) -> Counts:
    rated = very + fair + poor
    return Counts(served=rated, rated=rated, very_satisfied=very, satisfied=fair, unsatisfied=poor)


def figures(very: int, fair: int, poor: int, served: int = 0) -> Figures:
    held = sums(very, fair, poor) + Counts(served=served)
    return Figures(held, held.choices)


def test_participation_is_rated_of_served() -> None:
    assert figures(1, 0, 1, served=2).participation == 50


def test_of_nobody_served_there_is_no_participation() -> None:
    assert NOTHING.participation is None
    assert share(0, 0) is None


def test_satisfaction_counts_both_good_choices() -> None:
    assert figures(3, 1, 1).satisfaction == 80


def test_fewer_than_five_ratings_tell_no_choice() -> None:
    assert figures(2, 1, 1).satisfaction is None
    assert figures(2, 1, 1).shown is None
    assert figures(2, 1, 2).shown == Choices(2, 1, 2)


def test_a_rating_counts_at_the_press_and_for_participation_when_served() -> None:
    held = Counts(served=1, rated=1, very_satisfied=2)
    pressed = Figures(held, held.choices)
    assert (pressed.rated, pressed.open, pressed.participation) == (2, 1, 100)


def test_the_unrated_are_the_served_without_a_rating() -> None:
    assert figures(1, 1, 1, served=4).unrated == 4


@given(COUNTS, COUNTS, COUNTS)
def test_together_is_the_sum(very: int, fair: int, poor: int) -> None:
    one = figures(very, fair, poor)
    assert one + NOTHING == one
    assert (one + one).choices.total == 2 * one.choices.total


def test_what_a_day_should_have_reached_is_added_up() -> None:
    strict = Figures.under(Counts(served=30, rated=12), Choices(8, 1, 1), Goal(50, 90))
    easy = Figures.under(Counts(served=10, rated=4), Choices(4, 3, 3), Goal(40, 70))
    assert (strict.participation_target, strict.asks_too_few) == (50, True)
    assert (strict.satisfaction_target, strict.pleases_too_few) == (90, False)
    both = together([strict, easy])
    assert both.participation_target == 47.5
    assert both.asks_too_few
    assert both.satisfaction_target == 80
    assert not both.pleases_too_few


def test_a_target_is_named_where_nobody_was_served() -> None:
    nobody = Figures.under(Counts(), Choices(), Goal(40, 80))
    assert (nobody.participation_target, nobody.satisfaction_target) == (40, 80)
    assert not nobody.asks_too_few
    assert NOTHING.participation_target is None


def test_an_hour_with_too_few_ratings_is_not_found_by_taking_the_others_away() -> None:
    six, seven, one = Choices(4, 1, 1), Choices(5, 1, 1), Choices(0, 0, 1)
    assert beside(six + seven + one, [six, one, seven]) == [Choices(), Choices(), seven]
    assert beside(six + one, [six, one]) == [Choices(), Choices()]
    assert beside(six + seven, [six, seven]) == [six, seven]


@given(st.lists(st.builds(Choices, COUNTS, COUNTS, COUNTS), max_size=8))
def test_what_is_left_of_a_day_is_nothing_or_enough(hours: list[Choices]) -> None:
    whole = sum(hours, Choices())
    shown = sum(beside(whole, hours), Choices())
    rest = whole.total - shown.total
    assert rest == 0 or rest >= ENOUGH_RATINGS or shown == Choices()


@pytest.mark.parametrize(("part", "whole"), [(3, 2), (2, 2)])
def test_a_share_is_at_most_the_whole(part: int, whole: int) -> None:
    assert share(part, whole) == 100
