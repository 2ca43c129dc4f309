"""What citizens of the small district say beside the terminals, who is called, what is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from fleet_server import contact_key
from fleet_server.core.draw_published import repeated
from fleet_server.district import showing
from fleet_server.district.acts import Call, Doing, Publish, Report, Rounds, acts
from fleet_server.district.calling import Calling
from fleet_server.district.hearing import QUEUE, Hearing
from fleet_server.district.rounds import rounds_of
from fleet_server.district.staff import who_is
from fleet_server.district.voices import Consent, Later, Listed, Voice, voices
from fleet_server.settings import Settings
from fleet_server.store import contacts, draws, interviews, kept_reports
from fleet_server.store.models import (
    AlarmRow,
    AuditEntry,
    Contact,
    ContactLook,
    DrawLine,
    InterviewSheet,
    KeptReport,
    Letter,
    PublicUnit,
    ReportSchedule,
    SheetTry,
    Unit,
    UnsignedRating,
    WeeklyDraw,
)
from tests.fakes.district import NOW, SMALL, TODAY

# What is asked here is asked of both engines by the store's own tests; it is grown with both.
pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.usefixtures("fleet"),
    pytest.mark.engines("sqlite"),
]
DAY = 86_400_000
GROWING = (
    AlarmRow, AuditEntry, Contact, ContactLook, DrawLine, InterviewSheet, KeptReport, Letter,
    PublicUnit, ReportSchedule, SheetTry, UnsignedRating, WeeklyDraw,
)  # fmt: skip


def said(index: int) -> list[Voice]:
    found = [
        one
        for counter in SMALL.counters
        for one in voices(SMALL, counter, index, SMALL.servings(counter, index))
    ]
    return [one for one in sorted(found, key=lambda one: one.at) if one.at <= NOW]


def done(kind: type[Any]) -> Iterator[Any]:
    for index in range(SMALL.length):
        yield from (one for one in acts(SMALL, index) if isinstance(one, kind) and one.at <= NOW)


def held() -> list[int]:
    return [table.select().count() for table in GROWING]


def test_queue_systems_and_interviewers_tell_who_may_be_called() -> None:
    by = {one for (one,) in Contact.select(Contact.taken_by).tuples()}
    assert by == {
        QUEUE,
        "person:phong-van@binhhoa.example",
        "person:phong-van.smt@binhhoa.example",
        "person:phong-van.stp@binhhoa.example",
    }
    told = sum(isinstance(one, Consent) for index in range(9) for one in said(index))
    assert 0.9 * told < Contact.select().count() <= told


def test_what_reaches_a_citizen_can_be_read_with_the_key_alone(fleet: Settings) -> None:
    names = {one.name for index in range(9) for one in said(index) if isinstance(one, Consent)}
    key = contact_key.read(fleet.layout.contact_secret)
    row = Contact.select().where(Contact.sealed.is_null(False)).first()
    assert key.opened(row.visit_id, bytes(row.sealed)).name in names
    assert not any(name.encode() in bytes(row.sealed) for name in names)


def test_ratings_come_by_other_ways_from_a_quality_officer_and_by_qr() -> None:
    found = set(UnsignedRating.select(UnsignedRating.way, UnsignedRating.entered_by).tuples())
    assert {way for way, _ in found} == {"paper", "phone", "box", "qr"}
    assert {by for way, by in found if way != "qr"} == {
        "person:chat-luong@binhhoa.example",
        "person:chat-luong.stp@binhhoa.example",
    }
    later = UnsignedRating.select().where(UnsignedRating.way == "qr")
    assert not later.where(UnsignedRating.visit.is_null()).exists()
    over = UnsignedRating.select().where(UnsignedRating.taken < TODAY.isoformat())
    assert not over.where(UnsignedRating.stood.is_null()).exists()


def test_the_draw_of_the_week_can_be_repeated_and_is_under_way() -> None:
    [row] = WeeklyDraw.select()
    assert (row.week, row.state) == ("2026-W48", "drawn")
    assert row.tickets > 50
    assert repeated(draws.published(row))[1] == []
    assert InterviewSheet.select().where(InterviewSheet.outcome == "done").exists()
    assert len(interviews.waiting()) >= 2


def test_whoever_calls_is_an_interviewer_there_and_looked_first() -> None:
    for line in DrawLine.select().where(DrawLine.interviewer.is_null(False)):
        assert line.interviewer == who_is("interviewer", line.unit_id, NOW).id
        assert ContactLook.select().where(ContactLook.visit == line.visit).exists()
    taken = DrawLine.select().where(DrawLine.interviewer.is_null(False)).count()
    assert AuditEntry.select().where(AuditEntry.action == "interview.take").count() == taken > 0


def test_nobody_is_interviewer_of_the_whole_city() -> None:
    with pytest.raises(LookupError, match="nobody is interviewer"):
        who_is("interviewer", Unit.get(Unit.code == "HK").id, NOW)


def test_who_is_not_reached_on_three_days_and_who_does_not_want_to_is_replaced(
    fleet: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    calling = Calling(SMALL, fleet)
    monkeypatch.setattr("fleet_server.district.calling.REACHED", 0)
    for day in (4, 5, 6):
        calling.do(Call(NOW + day * DAY))
    monkeypatch.setattr("fleet_server.district.calling.REACHED", 1)
    calling.do(Call(NOW + 7 * DAY))
    ended = {one for (one,) in InterviewSheet.select(InterviewSheet.outcome).tuples()}
    assert ended >= {"done", "not_reached", "refused"}
    again = DrawLine.select().where(DrawLine.replaces.is_null(False)).count()
    closed = InterviewSheet.select()
    assert again == closed.where(InterviewSheet.outcome != "done").count()
    answers = [one.answers for one in closed.where(InterviewSheet.outcome == "done")]
    assert all(one["attitude"] != "not_asked" for one in answers)


def test_what_is_said_in_interviews_is_what_terminals_hear_within_chance() -> None:
    chance = SMALL.chance("test")
    for counter in ("BH-CT-1", "BH-DD-3", "P-DT-1"):
        drawn = [SMALL.choice(counter, 8, chance) for _ in range(2_000)]
        unhappy = SMALL.tempers[counter].unhappy
        expected = unhappy[0] + (unhappy[1] - unhappy[0]) * 8 / SMALL.length
        assert abs(drawn.count("unsatisfied") / 2_000 - expected) < 0.04


def test_alarms_are_raised_and_over_and_only_of_terminals_that_are_lost() -> None:
    kinds = {one for (one,) in AlarmRow.select(AlarmRow.kind).tuples()}
    assert kinds >= {"case_overdue", "complaint", "participation", "tampering", "terminal_lost"}
    assert AlarmRow.select().where(AlarmRow.ended_at.is_null(False)).exists()
    lost = AlarmRow.select(AlarmRow.subject).where(AlarmRow.kind == "terminal_lost")
    assert {one for (one,) in lost.tuples()} <= {"bh-dd-4", "p-dt-3", "bh-ct-1"}


def test_heads_of_units_take_most_alarms_on_and_some_wait() -> None:
    told = AlarmRow.select().where(AlarmRow.raised_at < NOW - DAY, AlarmRow.kind == "complaint")
    taken = told.where(AlarmRow.acknowledged_at.is_null(False))
    assert told.count() // 2 < taken.count() < told.count()
    heads = {"truong-don-vi@binhhoa.example", "truong.p-dt@binhhoa.example"}
    assert {one.acknowledged_by for one in taken} == heads


def test_letters_that_no_mail_server_takes_are_given_up_after_three_days() -> None:
    waiting = Letter.select().where(Letter.state == "waiting")
    assert not waiting.where(Letter.since < NOW - 4 * DAY).exists()
    assert Letter.select().where(Letter.state == "dead").exists()


def test_a_report_is_kept_another_will_come_and_an_office_is_public() -> None:
    [report] = kept_reports.listed()
    assert (report.code, report.period, report.state) == ("BH", "2026-10", "ready")
    assert kept_reports.digests(report.id).keys() == {"pdf", "xlsx"}
    assert ReportSchedule.select().count() == 1
    assert PublicUnit.get().unit.code == "BH-CT"


def test_days_that_are_taken_again_change_nothing(fleet: Settings) -> None:
    before = held()
    hearing, calling = Hearing(fleet), Calling(SMALL, fleet)
    rounds = rounds_of(fleet)
    hearing.take(said(5))  # of the day after, a card without network has told meanwhile
    doings: list[Doing] = [one for kind in (Rounds, Call, Report, Publish) for one in done(kind)]
    for act in doings:
        match act:
            case Rounds(at):
                for go in rounds:
                    go(at, SMALL.zone)
            case Call():
                calling.do(act)
            case Report():
                showing.report(act, SMALL.zone)
            case Publish():
                showing.publish(act)
    assert held() == before


def test_a_ticket_that_no_terminal_told_of_yet_is_neither_noted_nor_rated(fleet: Settings) -> None:
    before, hearing = held(), Hearing(fleet)
    today = TODAY.isoformat()
    hearing.take(
        [
            Consent(NOW, "BH-CT-1", today, "Z999", None, "Lê Thị Mai", "0100000000"),
            Later(NOW, "BH-DD-1", "no such visit", "satisfied"),
        ]
    )
    assert held() == before
    with pytest.raises(LookupError, match="no counter NOWHERE"):
        hearing.take([Later(NOW, "NOWHERE", "v", "satisfied")])


def test_a_citizen_of_whom_nothing_is_held_any_more_is_not_called(fleet: Settings) -> None:
    line = interviews.waiting()[0]
    contacts.erase(TODAY.replace(year=2028), NOW)
    Calling(SMALL, fleet).do(Call(NOW + 30 * DAY))
    assert InterviewSheet.get(InterviewSheet.line == line.id).outcome == "contact_ended"


def test_what_citizens_say_is_the_same_wherever_it_is_made() -> None:
    assert said(7) == said(7)
    assert {type(one) for one in said(7)} == {Consent, Later, Listed}


def test_nobody_says_anything_while_offices_are_closed() -> None:
    assert said(4) == said(6) == []
