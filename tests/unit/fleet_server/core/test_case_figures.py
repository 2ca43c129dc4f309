"""How many cases wait, and what rulings do to figures."""

from dataclasses import replace

import pytest

from fleet_server.core.case_events import Ruled, Subject
from fleet_server.core.case_figures import Alike, Counts, both, counts, ruled_out
from fleet_server.core.cases import Case, State
from fleet_server.core.choices import Choices
from fleet_server.core.roles import EVERYTHING, NOTHING

OPEN = Case(Subject("rating", 3, 7, "2026-11-20", "c/5"), 3, "open", 0, 0, 0, 100)
CLOSED = replace(OPEN, state="closed", due=None, ruling=Ruled(True, "their papers were another's"))


def alike(
    state: State, number: int = 1, late: bool = False, over: bool = False, unit: int | None = 3
) -> Alike:
    return Alike(unit, False, state, late, over, number)


def test_open_answered_and_closed_cases_are_counted_apart() -> None:
    found = [alike("open", 2), alike("returned"), alike("answered", 3, late=True), alike("closed")]
    assert counts([*found, alike("withdrawn")], NOTHING) == counts(found, NOTHING)
    assert counts(found, NOTHING) == {3: Counts(open=3, answered=3, closed=1, late=3)}


def test_overdue_is_said_of_the_unit_and_of_who_judges() -> None:
    found = [alike("assigned", over=True), alike("answered", over=True), alike("closed", late=True)]
    assert counts(found, NOTHING)[3] == Counts(1, 1, 1, 1, 1, 1)


def test_a_case_counts_where_it_is_now() -> None:
    assert set(counts([alike("open"), alike("open", unit=None)], NOTHING)) == {3, None}


def test_a_confined_case_counts_only_for_who_may_see_it() -> None:
    confined = replace(alike("open"), confined=True)
    assert counts([confined], NOTHING) == {}
    assert counts([confined], EVERYTHING) == {3: Counts(open=1)}


def test_both_figures_stand_side_by_side() -> None:
    made = Choices(6, 2, 2)
    found = both(made, 1)
    assert (found.made, found.without, found.ruled) == (made, Choices(6, 2, 1), 1)
    for wrong in (-1, 3):
        with pytest.raises(ValueError, match="unsatisfied"):
            both(made, wrong)


def test_a_ruling_on_the_citizens_side_takes_a_rating_out_of_the_second_figure() -> None:
    assert ruled_out(CLOSED)
    assert not ruled_out(OPEN)
    assert not ruled_out(replace(CLOSED, ruling=Ruled(False, "no")))
    assert not ruled_out(replace(CLOSED, subject=replace(CLOSED.subject, grain="item")))
    assert not ruled_out(replace(CLOSED, subject=replace(CLOSED.subject, confined=True)))
