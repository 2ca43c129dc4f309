"""Cases of unsatisfied ratings are opened when what tells of them is given out."""

import pytest

from fleet_server.cases.opening import open_new
from fleet_server.core.case_events import Subject
from fleet_server.core.days import named_day
from fleet_server.store import case_files
from fleet_server.store.database import writing
from fleet_server.store.models import CaseFile, CaseTerms, Counter, Rating
from tests.fakes.desk import DAY, HOUR, MINUTE, NINE, SAIGON, Desk

pytestmark = pytest.mark.usefixtures("fleet")

DAY_MS = 24 * HOUR
BEFORE = NINE - DAY_MS
NEXT = NINE + DAY_MS
IN_DECEMBER = named_day("2026-12-01", SAIGON).start + 2 * HOUR


def rated(desk: Desk, bad: int, good: int, first: int = 0, service: str | None = None) -> None:
    """Serve and rate tickets, one every two minutes."""
    for number in range(first, first + bad + good):
        at, visit = number * 2 * MINUTE, f"v{number}"
        desk.ticket(visit, "called", at, ticket=f"A{number}")
        desk.rate(visit, at + MINUTE, "unsatisfied" if number < first + bad else "satisfied")


def subjects() -> list[Subject]:
    return [case_files.one(row.id).subject for row in CaseFile.select().order_by(CaseFile.id)]


def test_each_unsatisfied_rating_of_a_block_has_a_case_the_day_after() -> None:
    open_new(BEFORE, SAIGON)
    desk = Desk()
    rated(desk, bad=2, good=3)
    open_new(NINE + 10 * HOUR, SAIGON)
    assert subjects() == []
    open_new(NEXT, SAIGON)
    unit = Counter.get().unit_id
    bad = Rating.select().where(Rating.choice == "unsatisfied").order_by(Rating.record)
    named = [f"{desk.chain.chain_id}/{row.record.seq}" for row in bad]
    assert subjects() == [Subject("rating", unit, 1, DAY, name) for name in named]


def test_asked_again_it_opens_no_second_one() -> None:
    open_new(BEFORE, SAIGON)
    rated(Desk(), bad=1, good=4)
    for days in (1, 2, 3):
        open_new(NINE + days * DAY_MS, SAIGON)
    assert len(subjects()) == 1


def test_a_rating_that_came_late_gets_its_case_then() -> None:
    open_new(BEFORE, SAIGON)
    desk = Desk()
    rated(desk, bad=1, good=4)
    open_new(NEXT, SAIGON)
    rated(desk, bad=5, good=0, first=10)
    open_new(NEXT + DAY_MS, SAIGON)
    assert len(subjects()) == 6


def test_too_few_to_be_told_have_none_until_the_month_is_over_and_then_confined_ones() -> None:
    open_new(BEFORE, SAIGON)
    rated(Desk(), bad=1, good=3)
    open_new(NEXT, SAIGON)
    assert subjects() == []
    open_new(IN_DECEMBER, SAIGON)
    assert [one.confined for one in subjects()] == [True]


def test_numbers_of_confined_cases_leave_no_gaps_among_the_others() -> None:
    Desk()
    unit = Counter.get().unit_id

    def opened(rating: str, confined: bool) -> int | None:
        subject = Subject("rating", unit, Counter.get().id, DAY, rating, confined=confined)
        with writing():
            return case_files.open_case(subject, NINE, NINE)

    made = [opened(f"c/{seq}", seq % 2 == 1) for seq in range(4)]
    first = case_files.CONFINED_FROM
    assert made == [1, first + 1, 2, first + 2]


def test_by_days_a_counter_has_one_for_all() -> None:
    CaseTerms.create(grain="day", set_at=0, set_by="lan")
    open_new(BEFORE, SAIGON)
    rated(Desk(), bad=4, good=3)
    open_new(NEXT, SAIGON)
    assert subjects() == [Subject("day", Counter.get().unit_id, 1, DAY)]


def test_another_grain_opens_no_second_case_of_days_before() -> None:
    open_new(BEFORE, SAIGON)
    rated(Desk(), bad=1, good=4)
    open_new(NEXT, SAIGON)
    CaseTerms.create(grain="day", set_at=NEXT, set_by="lan")
    open_new(NEXT + DAY_MS, SAIGON)
    assert [one.grain for one in subjects()] == ["rating"]


def test_a_fleet_that_has_them_only_now_opens_none_of_days_before() -> None:
    rated(Desk(), bad=5, good=5)
    open_new(NEXT, SAIGON)
    open_new(NEXT + DAY_MS, SAIGON)
    assert subjects() == []


def test_what_lay_between_while_nobody_looked_is_made_up_for() -> None:
    open_new(BEFORE, SAIGON)
    rated(Desk(), bad=1, good=4)
    open_new(NINE + 6 * DAY_MS, SAIGON)
    assert len(subjects()) == 1


def test_a_rating_without_a_visit_has_its_case_on_its_own_day() -> None:
    open_new(BEFORE, SAIGON)
    desk = Desk()
    rated(desk, bad=0, good=5)
    desk.rate("nobody-told-of-it", HOUR, "unsatisfied")
    open_new(NEXT, SAIGON)
    assert [one.day for one in subjects()] == [DAY]
