"""Which report is made next: in turn by who ordered, later after each try, at last never."""

import pytest

from fleet_server.core.report_making import PAUSES_MS, TRIES, Waiting, given_up, next_up

NOW = 1_000_000_000


def waiting(number: int, by: str = "lan", tries: int = 0, ago: int | None = None) -> Waiting:
    return Waiting(number, by, tries, None if ago is None else NOW - ago)


def test_of_one_person_the_oldest_comes_first() -> None:
    assert next_up([waiting(2), waiting(1)], {}, NOW) == waiting(1)


def test_who_had_no_turn_comes_before_who_ordered_many_earlier() -> None:
    many, late = [waiting(1), waiting(2), waiting(3)], waiting(4, "minh")
    assert next_up([*many, late], {"lan": NOW - 60_000}, NOW) == late


def test_then_comes_whose_turn_was_longest_ago() -> None:
    found = next_up([waiting(1), waiting(2, "minh")], {"lan": NOW - 1, "minh": NOW - 2}, NOW)
    assert found == waiting(2, "minh")


@pytest.mark.parametrize("tries", range(1, TRIES))
def test_after_a_try_it_waits_and_others_go_on(tries: int) -> None:
    pause = PAUSES_MS[tries]
    early, due = waiting(1, tries=tries, ago=pause - 1), waiting(1, tries=tries, ago=pause)
    assert next_up([early, waiting(2)], {}, NOW) == waiting(2)
    assert next_up([early], {}, NOW) is None
    assert next_up([due], {}, NOW) == due
    assert given_up([early, due], NOW) == []


def test_each_pause_is_at_least_as_long_as_the_one_before() -> None:
    assert list(PAUSES_MS) == sorted(PAUSES_MS)


def test_after_the_last_try_it_is_given_up_once_that_one_can_be_over() -> None:
    under_way = waiting(1, tries=TRIES, ago=PAUSES_MS[-1] - 1)
    over = waiting(2, tries=TRIES, ago=PAUSES_MS[-1])
    assert next_up([under_way, over], {}, NOW) is None
    assert given_up([under_way, over, waiting(3)], NOW) == [over]


def test_where_none_waits_none_is_made() -> None:
    assert next_up([], {}, NOW) is None
