"""What became of the cases of some days."""

import pytest

from fleet_server.core.case_figures import Alike
from fleet_server.core.cases import State
from fleet_server.core.comparison import Share
from fleet_server.core.explained import Cases, Explained, Part, explained


def alike(state: State, late: bool = False, over: bool = False, ruled: bool = False) -> Alike:
    return Alike(3, False, state, late, over, 2, ruled)


@pytest.mark.parametrize(
    ("one", "counts"),
    [
        (alike("open"), Explained(open=2)),
        (alike("assigned", over=True), Explained(open=2, overdue=2, due=2)),
        (alike("returned"), Explained(open=2)),
        (alike("returned", late=True), Explained(open=2, late=2, due=2)),
        (alike("answered", over=True), Explained(answered=2, due=2, in_time=2)),
        (alike("answered", late=True), Explained(answered=2, late=2, due=2)),
        (alike("closed"), Explained(closed=2, due=2, in_time=2)),
        (alike("closed", ruled=True), Explained(closed=2, ruled=2, due=2, in_time=2)),
        (alike("withdrawn", late=True, ruled=True), Explained(withdrawn=2)),
    ],
)
def test_each_case_counts_for_what_became_of_it(one: Alike, counts: Explained) -> None:
    assert explained(one) == counts


def test_a_branch_has_the_cases_of_its_parts_and_a_share_of_what_was_due() -> None:
    parts = (Part("W1", "Ward 1", Explained(open=1, overdue=1, due=1)),
             Part("", "", Explained(closed=3, due=3, in_time=3)))  # fmt: skip
    total = Cases(parts, confined=False).total
    assert total == Explained(open=1, overdue=1, closed=3, due=4, in_time=3)
    assert total.share == Share(3, 4)


def test_where_no_case_is_there_is_nothing_to_share() -> None:
    assert Cases((), confined=True).total.share == Share(0, 0)
