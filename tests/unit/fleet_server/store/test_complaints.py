"""A complaint by items has its case at once; reasons are kept beside their rating."""

import pytest

from fleet_server.core.case_events import Assigned, Closed, Opened, Subject
from fleet_server.core.cases import Case, CaseError
from fleet_server.core.days import day_on, local
from fleet_server.core.opening import FLEET, Week
from fleet_server.store import case_files, case_terms, opening, reasons, withdrawal
from fleet_server.store.database import writing
from fleet_server.store.models import (
    CaseEvent,
    CaseFile,
    CaseTerms,
    Complaint,
    Hourly,
    RatingReason,
    Unit,
)
from tests.fakes.desk import DAY, MINUTE, NINE, SAIGON, Desk
from wire import records

pytestmark = pytest.mark.usefixtures("fleet")
CLOSED = Week(((),) * 7)


def complain(desk: Desk, *items: str, disputed: bool = False) -> int:
    return desk.write(records.Items(desk.counter, items), MINUTE, disputed=disputed)


def only_case() -> Case:
    [row] = CaseFile.select()
    return case_files.one(row.id)


def test_a_complaint_opens_a_case_of_its_unit_that_says_what_it_is_about() -> None:
    desk = Desk()
    complain(desk, "parking", "lift")
    case, [row] = only_case(), CaseFile.select()
    assert (case.state, case.unit, case.subject.day) == ("open", Unit.get().id, DAY)
    assert case.subject.items == ("parking", "lift")
    assert case.subject.rating == f"{desk.chain.chain_id}/{desk.seq}"
    assert (row.state, row.due, row.unit_id) == (case.state, case.due, case.unit)
    assert Complaint.get().items == "parking lift"
    assert Hourly.select().count() == 0


def test_it_is_due_after_the_working_days_of_the_terms() -> None:
    complain(Desk(), "parking")
    friday = day_on(local(NINE, SAIGON).date().replace(day=27), SAIGON)
    assert only_case().due == friday.end


def test_a_unit_may_have_terms_of_its_own_and_give_them_back() -> None:
    desk = Desk()
    unit = Unit.get().id
    for terms in ({"answer": 1, "rework": 1, "judge": 1, "over": [0]}, None):
        CaseTerms.create(unit=unit, terms=terms, set_at=NINE, set_by="lan")
        complain(desk, "parking")
    first, second = (case_files.one(row.id) for row in CaseFile.select().order_by(CaseFile.id))
    monday, friday = (
        day_on(local(NINE, SAIGON).date().replace(day=day), SAIGON) for day in (23, 27)
    )
    assert (first.due, second.due) == (monday.end, friday.end)


def test_a_fleet_that_is_never_open_counts_the_usual_week() -> None:
    desk = Desk()
    with writing():
        opening.set_week(FLEET, opening.NEW, "0001-01-01", CLOSED)
    complain(desk, "parking")
    assert only_case().due == day_on(local(NINE, SAIGON).date().replace(day=27), SAIGON).end


def test_the_case_of_a_complaint_that_is_not_signed_rightly_is_withdrawn_and_stays() -> None:
    desk = Desk()
    record = complain(desk, "parking")
    disputed = complain(desk, "lift", disputed=True)
    with writing():
        withdrawal.withdraw([disputed], SAIGON, NINE)
    assert only_case().state == "open"
    with writing():
        withdrawal.withdraw([record], SAIGON, NINE)
        withdrawal.withdraw([record], SAIGON, NINE)
    assert (only_case().state, only_case().seq) == ("withdrawn", 1)
    assert (CaseFile.get().state, CaseFile.get().due) == ("withdrawn", None)
    assert Complaint.select().count() == 0


def test_so_is_that_of_a_rating_and_its_reasons_go() -> None:
    desk = Desk()
    record = desk.rate(None, MINUTE, "unsatisfied")
    subject = Subject("rating", Unit.get().id, 1, DAY, f"{desk.chain.chain_id}/{desk.seq}")
    said = desk.write(records.Reasons(desk.seq, ("attitude",)), 2 * MINUTE)
    with writing():
        case_files.open_case(subject, NINE, NINE)
        withdrawal.withdraw([record, said], SAIGON, NINE)
    assert only_case().state == "withdrawn"
    assert RatingReason.select().count() == 0
    assert case_files.waiting() == []


def test_a_disputed_complaint_opens_none() -> None:
    complain(Desk(), "parking", disputed=True)
    assert (CaseFile.select().count(), Complaint.select().count()) == (0, 0)


def test_a_subject_has_one_case() -> None:
    complain(Desk(), "parking")
    opened = case_files.events([CaseFile.get().id])[CaseFile.get().id][0].body
    assert isinstance(opened, Opened)
    with writing():
        assert case_files.open_case(opened.subject, opened.due, NINE) is None


def test_a_step_is_kept_beside_what_it_makes_of_the_case() -> None:
    complain(Desk(), "parking")
    number = CaseFile.get().id
    with writing():
        case_files.append(number, only_case(), 3, Assigned(7), NINE + MINUTE)
    assert (only_case().state, only_case().assignee) == ("assigned", 7)
    assert (CaseFile.get().state, CaseFile.get().assignee) == ("assigned", 7)
    assert [row.step for row in CaseEvent.select().order_by(CaseEvent.seq)] == ["open", "assign"]


def test_a_step_that_can_not_follow_changes_nothing() -> None:
    complain(Desk(), "parking")
    with pytest.raises(CaseError), writing():
        case_files.append(CaseFile.get().id, only_case(), 3, Closed(""), NINE)
    assert CaseEvent.select().count() == 1


def test_a_grain_holds_from_the_day_on_which_it_was_set() -> None:
    assert case_terms.grains(SAIGON)(DAY) == "rating"
    CaseTerms.create(grain="day", set_at=NINE, set_by="lan")
    assert [case_terms.grains(SAIGON)(day) for day in ("2026-11-21", DAY)] == ["rating", "day"]


def test_reasons_are_found_by_their_rating() -> None:
    desk = Desk()
    desk.rate(None, MINUTE)
    rated = desk.seq
    desk.write(records.Reasons(rated, ("attitude", "waiting_time")), 2 * MINUTE)
    assert reasons.of_rating(desk.chain.chain_id, rated) == ("attitude", "waiting_time")
    assert reasons.of_rating(desk.chain.chain_id, rated + 1) == ()
