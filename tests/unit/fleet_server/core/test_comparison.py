"""Shares of few, their intervals, and differences that may be chance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_server.core.comparison import FEW, Share, change

SHARES = st.integers(1, 5000).flatmap(
    lambda whole: st.builds(Share, st.integers(0, whole), st.just(whole))
)


def test_a_share_of_nothing_is_none() -> None:
    nothing = Share(0, 0)
    assert (nothing.percent, nothing.interval, nothing.few) == (None, None, False)
    assert change(nothing, Share(1, 2)) is None
    assert change(Share(1, 2), nothing) is None


def test_few_are_fewer_than_thirty() -> None:
    assert Share(3, FEW - 1).few
    assert not Share(3, FEW).few


def test_wilsons_interval_is_that_of_the_book() -> None:
    low, high = Share(8, 10).interval or (0, 0)
    assert (round(low, 1), round(high, 1)) == (49.0, 94.3)


@given(SHARES)
def test_a_share_lies_in_its_interval(share: Share) -> None:
    low, high = share.interval or (0, 0)
    assert 0 <= low <= (share.percent or 0) + 1e-9
    assert (share.percent or 0) - 1e-9 <= high <= 100


@pytest.mark.parametrize(
    ("now", "before", "points", "chance"),
    [
        (Share(50, 100), Share(45, 100), 5.0, True),
        (Share(500, 1000), Share(400, 1000), 10.0, False),
        (Share(4, 4), Share(3, 4), 25.0, True),
        (Share(10, 10), Share(20, 20), 0.0, True),
        (Share(0, 10), Share(0, 10), 0.0, True),
    ],
)
def test_a_difference_is_chance_or_not(
    now: Share, before: Share, points: float, chance: bool
) -> None:
    found = change(now, before)
    assert found is not None
    assert found.points == pytest.approx(points)
    assert found.chance is chance


@given(SHARES, SHARES)
def test_a_change_is_the_same_from_both_sides(one: Share, other: Share) -> None:
    up, down = change(one, other), change(other, one)
    assert up is not None
    assert down is not None
    assert up.points == pytest.approx(-down.points)
    assert up.chance == down.chance
