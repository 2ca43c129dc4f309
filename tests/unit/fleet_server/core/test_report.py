"""What a report holds: rows that add up, cells that may be told, and every caveat."""

from collections.abc import Mapping
from datetime import date

import pytest

from fleet_server.core.case_figures import both
from fleet_server.core.choices import Choices
from fleet_server.core.comparison import Share
from fleet_server.core.explained import Cases, Explained, Part
from fleet_server.core.gaps import Status
from fleet_server.core.national_scale import NATIONAL
from fleet_server.core.participation import Counts
from fleet_server.core.report import (
    Attached,
    Caveats,
    Note,
    Report,
    ReportError,
    Row,
    Stamp,
    build,
    cells,
)
from fleet_server.core.scores import score
from fleet_server.core.spans import read
from fleet_server.core.targets import Goal
from fleet_server.web.figures import NOTHING, Figures, together

GOAL = Goal(40, 80)
QUARTER = read("2026-Q3")
STAMP = Stamp(1, "person:a@b", date(2026, 9, 30), 1, "12:" + "0" * 32)


def figures(served: int, told: Choices, **more: int) -> Figures:
    made = Counts(
        served=served,
        rated=told.total,
        very_satisfied=told.very_satisfied,
        satisfied=told.satisfied,
        unsatisfied=told.unsatisfied,
    )
    return Figures.under(made + Counts(**more), told, GOAL)


ROWS = [
    Row("W1", "Ward 1", figures(200, Choices(60, 20, 10))),
    Row("W2", "Ward 2", figures(100, Choices(30, 20, 10))),
]


def report(
    rows: list[Row[Figures]] = ROWS,
    caveats: Caveats | None = None,
    stamp: Stamp = STAMP,
    attached: Attached | None = None,
) -> Report[Figures]:
    whole = together(row.figures for row in rows)
    return build(
        QUARTER, ["City", "D"], rows, whole, caveats or Caveats({}), attached or Attached(), stamp
    )


def test_a_report_has_its_rows_and_their_total() -> None:
    made = report()
    assert [row.code for row in made.rows] == ["W1", "W2"]
    assert made.total.sums.served == 300
    assert (made.period, made.branch, made.stamp) == (QUARTER, ("City", "D"), STAMP)


def test_a_branch_without_parts_has_a_report_of_nothing() -> None:
    assert report([]).total == NOTHING


@pytest.mark.parametrize(
    "whole", [figures(301, Choices(90, 40, 20)), figures(300, Choices(90, 41, 19))]
)
def test_there_is_no_report_whose_rows_do_not_add_up(whole: Figures) -> None:
    with pytest.raises(ReportError):
        build(QUARTER, [], ROWS, whole, Caveats({}), Attached(), STAMP)


def test_every_cell_is_what_the_pages_say() -> None:
    assert cells(figures(200, Choices(60, 20, 10), contested=3)) == {
        "served": 200,
        "rated": 90,
        "participation": Share(90, 200),
        "participation_target": 40,
        "very_satisfied": 60,
        "satisfied": 20,
        "unsatisfied": 10,
        "satisfaction": Share(80, 90),
        "satisfaction_target": 80,
        "unbound": 0,
        "contested": 3,
        "disputed": 0,
    }


def test_what_may_not_be_told_is_no_zero() -> None:
    told = cells(Figures.under(Counts(served=3, rated=2, satisfied=2), Choices(), GOAL))
    assert told["served"] == 3
    assert [told[name] for name in ("satisfied", "unsatisfied", "satisfaction")] == [None] * 3
    assert cells(NOTHING)["participation"] is None


def test_a_report_without_caveats_has_no_notes() -> None:
    assert report().notes == ()


def test_a_period_that_runs_says_how_many_days_are_to_come() -> None:
    early = Stamp(1, "server", date(2026, 9, 20), 1, "1:0")
    assert report(stamp=early).notes == (Note("running", 10),)


def test_days_that_nobody_told_of_are_counted_and_closed_ones_are_not() -> None:
    days: Mapping[str, Mapping[str, Status]] = {
        "C1": {"2026-09-01": "missing", "2026-09-02": "missing", "2026-09-06": "closed"},
        "C2": {"2026-09-01": "told", "2026-09-02": "ahead"},
        "C3": {"2026-09-01": "missing"},
    }
    assert report(caveats=Caveats(days)).notes == (Note("missing_days", 3, ("C1", "C3")),)


def test_late_and_waiting_ratings_rulings_and_changes_of_rules_are_told() -> None:
    caveats = Caveats({}, late=4, waiting=["t-9"], targets=["2026-08-01"], scales=["2026-09-01"])
    ruled = Attached(ruled=both(Choices(60, 20, 10), 2))
    assert report(caveats=caveats, attached=ruled).notes == (
        Note("late", 4),
        Note("waiting", 1, ("t-9",)),
        Note("ruled", 2),
        Note("targets_changed", 1, ("2026-08-01",)),
        Note("scales_changed", 1, ("2026-09-01",)),
    )


def test_ratings_that_do_not_count_are_told() -> None:
    odd = Row("W3", "", figures(90, Choices(40), unbound=1, contested=2, disputed=3, estimated=4))
    assert report([odd]).notes == (
        Note("estimated", 4),
        Note("unbound", 1),
        Note("contested", 2),
        Note("disputed", 3),
    )


def test_ratings_of_visits_that_are_still_open_are_told() -> None:
    begun = Counts(served=40, rated=30, very_satisfied=33)
    whole = Figures.under(begun, Choices(33), GOAL)
    assert report([Row("W3", "", whole)]).notes == (Note("open", 3),)


def test_ratings_that_are_too_few_to_be_told_and_shares_of_few_are_noted() -> None:
    held_back = Figures.under(Counts(served=40, rated=4, satisfied=4), Choices(), GOAL)
    rows = [*ROWS, Row("W4", "", held_back), Row("W5", "", figures(29, Choices(20)))]
    rows.append(Row("W6", "", figures(90, Choices(29))))
    assert report(rows).notes == (Note("not_told", 4), Note("few", 2, ("W5", "W6")))


def test_what_stands_beside_is_held_as_it_is() -> None:
    scores = score(NATIONAL, {"satisfaction": ROWS[0].figures.satisfied}, {})
    cases = Cases((Part("W1", "Ward 1", Explained(open=3)),), confined=False)
    attached = Attached(scores=scores, cases=cases)
    whole = together(row.figures for row in ROWS)
    made = build(QUARTER, [], ROWS, whole, Caveats({}), attached, STAMP)
    assert made.attached.scores is not None
    assert made.attached.scores.scale.version == 1
    assert made.attached.cases == cases
    assert made.total == whole
