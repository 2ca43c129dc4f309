"""How a rollout goes on, and when it is stopped (fleet_server/core/rollout.py)."""

from dataclasses import replace

import pytest

from fleet_server.core.rollout import (
    PATIENCE_MS,
    Done,
    Member,
    MemberState,
    Next,
    Ring,
    Stop,
    judge,
    rings,
    shares,
)

NOW = 1_000_000_000_000
RING = Ring(number=1, rings=3, since=NOW, settled_at=NOW, automatic=True, soak_ms=1_000)
LATER = NOW + 1_000
NAMES = [f"t-{n:03}" for n in range(200)]


def members(ring: int, state: MemberState, count: int, ill: int = 0, was_ill: int = 0):
    """Return some terminals, the first of which are ill now or were so before."""
    return [
        Member(f"t-{ring}-{state}-{n}", ring, state, was_ill=n < was_ill, ill=n < ill)
        for n in range(count)
    ]


# ---- who is in which ring ----


def test_rings_grow_by_their_shares() -> None:
    found = rings(NAMES, [], shares([5, 25, 100]), "1")
    assert [list(found.values()).count(ring) for ring in (1, 2, 3)] == [10, 40, 150]
    assert rings(reversed(NAMES), [], (5, 25, 100), "1") == found, "the order is not what decides"
    assert rings(NAMES, [], (5, 25, 100), "2") != found


def test_a_branch_can_be_a_ring_of_its_own_before_the_others() -> None:
    found = rings(NAMES, ["t-007", "t-008", "t-elsewhere"], (50, 100), "1")
    assert {one for one, ring in found.items() if ring == 1} == {"t-007", "t-008"}
    assert list(found.values()).count(2) == 99


def test_the_smallest_ring_has_one_terminal_and_no_ring_is_empty() -> None:
    assert sorted(rings(["a", "b", "c"], [], (1, 5, 10, 100), "1").values()) == [1, 2, 2]
    assert rings([], [], (1, 100), "1") == {}
    assert rings(["a"], ["a"], (1, 100), "1") == {"a": 1}


@pytest.mark.parametrize("wrong", [[], [5], [5, 5, 100], [50, 20, 100], [0, 100], [5, 101]])
def test_shares_grow_to_all(wrong: list[int]) -> None:
    with pytest.raises(ValueError, match="must grow"):
        shares(wrong)


# ---- going on ----


def test_a_ring_goes_on_while_somebody_is_under_way() -> None:
    here = [*members(1, "confirmed", 9), *members(1, "asked", 1), *members(2, "waiting", 90)]
    assert judge(RING, here, LATER) is None


def test_the_next_ring_begins_after_the_soak_time() -> None:
    here = [*members(1, "confirmed", 10), *members(2, "waiting", 90)]
    assert judge(RING, here, LATER) == Next()
    assert judge(RING, here, LATER - 1) is None
    assert judge(replace(RING, settled_at=NOW + 1), here, LATER) is None


def test_without_being_told_to_it_waits_for_a_person() -> None:
    here = [*members(1, "confirmed", 10), *members(2, "waiting", 90)]
    assert judge(replace(RING, automatic=False), here, LATER) is None


def test_after_the_last_ring_it_is_done() -> None:
    here = [*members(3, "confirmed", 10), *members(3, "refused", 2), *members(3, "expired", 1)]
    assert judge(replace(RING, number=3, automatic=False), here, NOW) == Done()


def test_those_that_are_away_are_not_waited_for_for_ever() -> None:
    here = [*members(1, "confirmed", 9), *members(1, "waiting", 1), *members(2, "waiting", 90)]
    late = NOW + PATIENCE_MS
    assert judge(RING, here, late - 1) is None
    assert judge(RING, here, late) == Next()
    assert judge(RING, [*here, *members(1, "asked", 1)], late) is None, "too many are missing"


# ---- stopping ----


def test_one_that_falls_back_stops_a_small_ring() -> None:
    here = [*members(1, "confirmed", 4), *members(1, "failed", 1), *members(1, "waiting", 50)]
    assert judge(RING, here, LATER) == Stop("failed", 1, 5)


def test_one_in_fifty_may_fall_back_in_a_large_one() -> None:
    here = [*members(1, "confirmed", 98), *members(1, "failed", 2)]
    assert judge(RING, here, LATER) == Next()
    worse = [*here[1:], *members(1, "failed", 1)]
    assert judge(RING, worse, LATER) == Stop("failed", 3, 100)


def test_health_worse_than_before_stops_it() -> None:
    here = [*members(1, "confirmed", 20, ill=2), *members(2, "waiting", 100, ill=2)]
    assert judge(RING, here, LATER) == Stop("worse", 2, 20, others=2)


def test_those_that_never_came_back_from_their_start_count_as_ill() -> None:
    here = [*members(1, "asked", 3, ill=3), *members(2, "waiting", 100)]
    assert judge(RING, here, LATER) == Stop("worse", 3, 3)


def test_what_ails_the_whole_fleet_is_not_held_against_the_image() -> None:
    here = [*members(1, "confirmed", 20, ill=20), *members(2, "waiting", 100, ill=99)]
    assert judge(RING, here, LATER) == Next()


def test_who_was_ill_before_proves_nothing() -> None:
    here = [*members(1, "confirmed", 20, ill=3, was_ill=3), *members(2, "waiting", 100)]
    assert judge(RING, here, LATER) == Next()


def test_one_that_is_unplugged_does_not_stop_a_ring_of_many() -> None:
    here = [*members(1, "confirmed", 10, ill=1), *members(2, "waiting", 90)]
    assert judge(RING, here, LATER) == Next()


def test_in_a_ring_of_one_that_one_counts_and_in_the_last_there_are_no_others() -> None:
    alone = [*members(1, "asked", 1, ill=1), *members(2, "waiting", 90)]
    assert judge(RING, alone, LATER) == Stop("worse", 1, 1)
    last = replace(RING, number=3)
    everybody = [*members(2, "confirmed", 50), *members(3, "confirmed", 50, ill=10)]
    assert judge(last, everybody, LATER) == Stop("worse", 10, 100)
