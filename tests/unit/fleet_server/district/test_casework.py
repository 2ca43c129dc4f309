"""Explanations in the small district: what waits, what is late, what was said, and by whom."""

from collections import Counter
from hashlib import sha256

import pytest
from peewee import fn

from fleet_server.core.answers import HEAD_BYTES, attachment_kind, wrong
from fleet_server.core.case_events import (
    STEPS,
    Answered,
    Assigned,
    Event,
    Opened,
    Prolonged,
    Ruled,
    Subject,
)
from fleet_server.core.case_rights import may
from fleet_server.core.cases import after, fold
from fleet_server.core.roles import EVERYTHING
from fleet_server.district import papers
from fleet_server.district.acts import Attend, acts
from fleet_server.district.casework import Casework
from fleet_server.store import case_attachments, case_files, places
from fleet_server.store.database import writing
from fleet_server.store.models import (
    AuditEntry,
    CaseAttachment,
    CaseFile,
    Complaint,
    Rating,
    Unit,
)
from fleet_server.store.models import Counter as Place
from fleet_server.store.pages.people import people
from tests.fakes.district import NOW, SMALL

# What is asked here is asked of both engines by the store's own tests; it is grown with both.
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("fleet"),
    pytest.mark.engines("sqlite"),
]
DAY = 86_400_000


def trails() -> dict[int, list[Event]]:
    return case_files.events([row.id for row in CaseFile.select(CaseFile.id)])


def answers() -> list[Answered]:
    steps = [event.body for trail in trails().values() for event in trail]
    return [step for step in steps if isinstance(step, Answered)]


def lateness(code: str) -> float:
    """Return the share of late ones among a unit's cases that were answered or are overdue."""
    cases = [
        fold(trail)
        for trail in case_files.events(
            row.id for row in CaseFile.select().join(Unit).where(Unit.code == code)
        ).values()
    ]
    slow = [one.late or (one.answers == 0 and one.overdue(NOW)) for one in cases]
    return sum(slow) / sum(bool(one.answers) or bad for one, bad in zip(cases, slow, strict=True))


def test_cases_are_in_every_state() -> None:
    states = Counter(state for (state,) in CaseFile.select(CaseFile.state).tuples())
    assert states.keys() == {"open", "assigned", "answered", "returned", "closed"}
    assert {one for (one,) in CaseFile.select(CaseFile.grain).tuples()} == {"rating", "item"}


def test_some_are_due_soon_and_some_are_overdue_and_told_above() -> None:
    soon = CaseFile.due.between(NOW, NOW + DAY)
    assert CaseFile.select().where(soon, CaseFile.state != "answered").exists()
    over = CaseFile.select().where(CaseFile.due <= NOW, CaseFile.state == "assigned")
    assert over.exists()
    assert over.select(fn.MAX(CaseFile.level)).scalar() == 3


def test_some_are_closed_with_a_ruling_either_way_and_some_without() -> None:
    closed = CaseFile.select(CaseFile.citizens_side).where(CaseFile.state == "closed")
    assert {one for (one,) in closed.tuples()} == {None, True, False}


def test_some_were_reworked_and_some_got_more_time() -> None:
    cases = [fold(trail) for trail in trails().values()]
    assert any(one.answers > 1 for one in cases)
    assert any(isinstance(one.body, Prolonged) for trail in trails().values() for one in trail)


def test_one_office_answers_in_time_and_one_late() -> None:
    assert lateness("BH-CT") < 0.1
    assert lateness("BH-CT") < lateness("BH-DD") < lateness("P-DT")
    assert lateness("P-DT") > 0.7


def test_answers_say_what_they_must_and_some_have_files() -> None:
    given = [step.answer for step in answers()]
    assert {one.late for one in given} == {True, False}
    assert [one for one in given if wrong(one)] == []
    kinds = {file.kind for one in given for file in one.attachments}
    assert kinds == {"application/pdf", "image/png"}


def test_each_file_is_held_as_its_answer_names_it() -> None:
    named = {
        (number, file.digest): file
        for number, trail in trails().items()
        for event in trail
        if isinstance(event.body, Answered)
        for file in event.body.answer.attachments
    }
    assert len(named) == CaseAttachment.select().count() > 0
    for (number, digest), file in named.items():
        data = case_attachments.find(number, digest)
        assert (sha256(data).hexdigest(), len(data)) == (digest, file.size)
        assert attachment_kind(data[:HEAD_BYTES], len(data)) == file.kind


def test_a_file_that_nobody_attached_is_not_found() -> None:
    with pytest.raises(LookupError, match="holds no file"):
        case_attachments.find(1, "0" * 64)


def test_files_are_the_same_wherever_they_are_made() -> None:
    first = [papers.minutes("Phường 1"), papers.picture("Phường 1")]
    papers.minutes.cache_clear()
    papers.picture.cache_clear()
    assert [papers.minutes("Phường 1"), papers.picture("Phường 1")] == first


def test_whoever_took_a_step_was_allowed_to() -> None:
    tree = places.tree()
    grants = {one.id: one.grants for one in people(EVERYTHING, NOW)}
    seen = 0
    for trail in trails().values():
        case = fold(trail[:1])
        for event in trail[1:]:
            assert not isinstance(event.body, Opened)
            if event.who is not None:
                seen += 1
                step = STEPS[type(event.body)]
                assert step in may(event.who, grants[event.who], case, tree)
            case = after(case, event)
    assert seen > 100


def test_each_step_of_people_is_in_the_audit_log() -> None:
    logged = AuditEntry.select(AuditEntry.subject, AuditEntry.action, AuditEntry.at)
    taken = [
        (f"case:{number}", f"case.{STEPS[type(event.body)]}", event.at)
        for number, trail in trails().items()
        for event in trail
        if event.who is not None and not isinstance(event.body, Opened)
    ]
    cases = logged.where(AuditEntry.subject.startswith("case:"))
    assert sorted(cases.tuples()) == sorted(taken)


def test_days_that_are_taken_again_change_nothing() -> None:
    before, casework = trails(), Casework(SMALL)
    for act in (act for index in (6, 7, 8) for act in acts(SMALL, index)):
        if isinstance(act, Attend) and act.at <= NOW:
            casework.do(act)
    assert trails() == before


def test_a_terminal_that_asks_for_complaints_has_no_ratings_and_its_complaints_have_cases() -> None:
    place = Place.get(Place.code == "P-DT-4")
    assert not Rating.select().where(Rating.counter == place).exists()
    mine = Complaint.select().where(Complaint.counter == place)
    cases = CaseFile.select().where(CaseFile.counter == place)
    assert {one for (one,) in cases.select(CaseFile.grain).tuples()} == {"item"}
    assert mine.count() == cases.count() > 5


@pytest.mark.parametrize(("unit", "judge"), [("P-DT", "quan-tri"), ("BH-CT", "quan-tri")])
def test_a_confined_case_is_for_those_who_see_evidence(unit: str, judge: str) -> None:
    node = places.tree().by_code(unit)
    assert node is not None
    counter = Place.get(Place.unit == node.id)
    subject = Subject("rating", node.id, counter.id, "2026-11-20", "c/1", confined=True)
    with writing():
        number = case_files.open_case(subject, NOW + DAY, NOW)
    assert number is not None
    casework = Casework(SMALL)
    for days in range(5, 20):
        casework.do(Attend(NOW + days * DAY, unit, judging=False))
        casework.do(Attend(NOW + days * DAY + DAY // 4, unit, judging=True))
    trail = case_files.events([number])[number]
    emails = {one.id: one.email for one in people(EVERYTHING, NOW)}
    assert fold(trail).state == "closed"
    steps = [
        (type(event.body), emails[event.who].partition("@")[0].partition(".")[0])
        for event in trail
        if event.who is not None
    ]
    assert {who for step, who in steps if step in (Assigned, Answered)} == {"chat-luong"}
    assert {who for step, who in steps if step not in (Assigned, Answered, Ruled)} == {judge}


def test_a_unit_that_is_none_of_the_district_can_not_be_seen_to() -> None:
    with pytest.raises(LookupError, match="no unit NOWHERE"):
        Casework(SMALL).do(Attend(NOW, "NOWHERE", judging=False))
