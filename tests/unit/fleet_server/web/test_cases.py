"""The pages of cases: who sees which, each step, files of answers, and what is refused."""

import re
from datetime import datetime
from io import BytesIO
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from peewee import fn
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from fleet_server.core.answers import MOST_BYTES
from fleet_server.core.case_events import Grain, Subject
from fleet_server.core.cases import Case
from fleet_server.core.opening import FLEET, Week
from fleet_server.core.roles import NOTHING, Role, Scope
from fleet_server.store import audit_log, case_files, opening
from fleet_server.store.accounts import User
from fleet_server.store.case_files import CONFINED_FROM
from fleet_server.store.database import writing
from fleet_server.store.models import (
    CaseAttachment,
    CaseEvent,
    CaseFile,
    Change,
    Complaint,
    Counter,
    Rating,
    Record,
    Terminal,
    Unit,
    Visit,
)
from fleet_server.store.pages.hearing import hearing
from fleet_server.web.cases.attachments import MOST_BODY
from tests.fakes.cases import ATTACHED, GIVEN, PAPER, ZONE
from tests.fakes.changes import ANSWER
from tests.fakes.grants import confine
from tests.fakes.office import NOW
from tests.fakes.reading import row, text_of, token
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english, sign_in

OVERDUE, JUDGED, CLOSED, ASSIGNED = range(1, 5)
MEGABYTE = 1024 * 1024
CONFINED, MINE = CONFINED_FROM + 1, CONFINED_FROM + 2
"""The cases of the office; the last is confined too, and assigned to the quality officer."""


def listed(site: Site, path: str = "/cases", who: str = "viewer") -> list[int]:
    page = site.get(path, who).text
    return [
        one.id for one in CaseFile.select().order_by(CaseFile.id) if f'id="case-{one.id}"' in page
    ]


def step(site: Site, number: int, name: str, who: str, **form: str) -> TestResponse:
    seq = str(case_files.one(number).seq)
    return site.post(f"/cases/{number}/{name}", who, **{"seq": seq, **form})


def answered(site: Site, *files: tuple[str, bytes], who: str = "unit_head") -> TestResponse:
    client = site.client(who)
    sent: dict[str, Any] = {**ANSWER, "seq": "1", "csrf_token": token(client)}
    sent["attachments"] = [FileStorage(BytesIO(data), name) for name, data in files]
    boundary, body = encode_multipart(sent)
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/cases/{ASSIGNED}/answer", data=body, content_type=kind)


def offered(site: Site, number: int, who: str) -> set[str]:
    page = site.get(f"/cases/{number}", who).text
    names = ("assign", "answer", "close", "return", "rule", "prolong")
    return {
        name for name in names if f"do={name}" in page or f'action="/cases/{number}/{name}"' in page
    }


def told(page: str) -> str:
    """Return what a page says of the change before it."""
    [said] = re.findall(r'<p class="flash success"[^>]*>(.*?)</p>', page)
    return text_of(said).removeprefix(" ✓ ").strip()


def case(number: int) -> Case:
    return case_files.one(number)


# ---- who sees what ----


def test_the_list_shows_what_waits_the_overdue_first(site: Site) -> None:
    page = in_english(site, "/cases")
    assert listed(site) == [OVERDUE, JUDGED, ASSIGNED]
    assert page.index('id="case-1"') < page.index('id="case-2"')
    assert "overdue since 19 Nov 2026" in row(page, "case-1")
    assert "1 level above was told" in row(page, "case-1")
    said = "3 open cases: 2 without an answer, 1 to be judged by the level above. 1 is overdue"
    assert said in text_of(page)


def test_filters_lie_in_the_address(site: Site) -> None:
    assert listed(site, "/cases?state=closed") == [CLOSED]
    assert listed(site, "/cases?overdue=1") == [OVERDUE]
    assert listed(site, "/cases?unit=UBND-P1") == [JUDGED, ASSIGNED]
    assert listed(site, "/cases?mine=1", "unit_head") == [JUDGED, ASSIGNED]
    CaseFile.update(late=True).where(CaseFile.id == CLOSED).execute()
    assert listed(site, "/cases?late=1") == []
    assert listed(site, "/cases?late=1&state=all") == [CLOSED]
    assert listed(site, "/cases?state=all") == [OVERDUE, JUDGED, CLOSED, ASSIGNED]
    assert site.get("/cases?state=gone").status_code == 404
    assert site.get("/cases?unit=nowhere").status_code == 404


def test_the_numbers_of_the_states_are_those_of_the_filtered_list(site: Site) -> None:
    for filtered, numbers in (
        ("", "open cases 3 without an answer 2 to be assigned 1 to be answered 1 to be judged 1"),
        ("overdue=1", "open cases 1 without an answer 1 to be assigned 1 to be answered 0"),
        ("counter=P1-01", "open cases 0 without an answer 0 to be assigned 0 to be answered 0"),
    ):
        page = text_of(in_english(site, f"/cases?{filtered}"))
        assert numbers in page, filtered
    assert "0 open cases: 0 without an answer" in page
    assert "closed 1" in page


def test_who_has_to_answer_finds_their_own_first(site: Site) -> None:
    step(site, JUDGED, "return", "quality_officer", reason="Chưa rõ")
    page = in_english(site, "/cases", "unit_head")
    assert "assigned to me 1 returned to me 1 open cases" in text_of(page)
    for state, number in (("assigned", ASSIGNED), ("returned", JUDGED)):
        path = f"/cases?mine=1&state={state}"
        assert path.replace("&", "&amp;") in page
        assert listed(site, path, "unit_head") == [number]
    assert "to me" not in in_english(site, "/cases", "viewer")


def test_a_confined_case_is_there_for_who_sees_evidence_alone(site: Site) -> None:
    assert listed(site, "/cases?unit=UBND-Q3", "quality_officer") == [OVERDUE, CONFINED, MINE]
    assert site.get(f"/cases/{CONFINED}", "quality_officer").status_code == 200
    for who in ("viewer", "unit_head"):
        assert site.get(f"/cases/{CONFINED}", who).status_code == 404
    page = text_of(in_english(site, "/cases", "quality_officer"))
    assert "5 open cases: 4 without an answer" in page
    assert "2 are overdue" in page


def test_which_rating_it_is_about_is_told_when_asked_and_the_look_is_noted(site: Site) -> None:
    page = in_english(site, f"/cases/{JUDGED}", "auditor")
    assert "2/7" not in page
    assert "Show which rating it is" in page
    number, _ = audit_log.head()
    assert "2/7" in site.post(f"/cases/{JUDGED}/look", "auditor").text
    [entry] = audit_log.newest(audit_log.head()[0] - number)
    seen = (entry.actor, entry.action, entry.subject)
    assert seen == ("person:auditor@hailong.example", "case.look", f"case:{JUDGED}")
    assert "2/7" not in entry.details
    assert "2/7" not in site.get(f"/cases/{JUDGED}", "auditor").text


def opened_of(record: Record, grain: Grain, counter: Counter) -> int:
    """Open a case of what stands in the office's records."""
    place = f"{record.chain.chain_id}/{record.seq}"
    about = Subject(grain, counter.unit_id, counter.id, "2026-11-20", place)
    with writing():
        number = case_files.open_case(about, NOW + 1, NOW)
    assert number is not None
    return number


def looked_up(site: Site, number: int) -> tuple[str, str]:
    in_english(site, "/", "auditor")
    page = site.post(f"/cases/{number}/look", "auditor").text
    return page, text_of(page)


def test_a_look_shows_time_ticket_and_terminal_of_the_rating(site: Site) -> None:
    found = Rating.select().join(Visit, on=(Rating.visit == Visit.id)).get()
    number = opened_of(found.record, "rating", found.counter)
    page, said = looked_up(site, number)
    ticket, at = Visit.get_by_id(found.visit).ticket, datetime.fromtimestamp(found.at / 1000, ZONE)
    assert f"Given at {at:%H:%M:%S}" in said
    assert f"Ticket {ticket} Terminal {found.terminal_id}" in said
    assert f'<a href="/terminals/{found.terminal_id}#chains">' in page
    assert "Given at" not in in_english(site, f"/cases/{number}", "auditor")


def test_a_look_leads_to_the_terminal_only_where_that_may_be_seen(site: Site) -> None:
    found = Rating.select().join(Visit, on=(Rating.visit == Visit.id)).get()
    number = opened_of(found.record, "rating", found.counter)
    above = Unit.select().where(Unit.id != found.counter.unit_id).get()
    Unit.update(parent=above).where(Unit.id == found.counter.unit_id).execute()
    confine(PEOPLE["auditor"], "auditor", above.code)
    Terminal.update(counter=None).where(Terminal.id == found.terminal_id).execute()
    page, said = looked_up(site, number)
    assert f"Terminal {found.terminal_id}" in said
    assert f"/terminals/{found.terminal_id}#chains" not in page


def test_a_look_shows_when_a_complaint_was_made(site: Site) -> None:
    record, counter = Record.select().where(Record.branch == 0).get(), Counter.get_by_id(5)
    with writing():
        Complaint.create(record=record, counter=counter, at=NOW, items="parking")
    _, said = looked_up(site, opened_of(record, "item", counter))
    assert f"Given at {datetime.fromtimestamp(NOW / 1000, ZONE):%H:%M:%S} Ticket – Terminal" in said


def test_nobody_in_the_unit_that_answers_looks_up_the_rating(site: Site) -> None:
    confine(PEOPLE["quality_officer"], "quality_officer", "UBND-P1")
    for who, status in (("quality_officer", 404), ("unit_head", 403)):
        assert "which rating it is" not in in_english(site, f"/cases/{JUDGED}", who)
        assert site.post(f"/cases/{JUDGED}/look", who).status_code == status
    assert "case.look" not in {one.action for one in audit_log.newest(20)}


def test_a_case_of_a_day_is_about_no_rating_to_be_looked_up(site: Site) -> None:
    assert "which rating it is" not in in_english(site, f"/cases/{ASSIGNED}", "auditor")
    assert site.post(f"/cases/{ASSIGNED}/look", "auditor").status_code == 404


def test_who_answers_is_told_that_and_why_the_rating_is_not_shown(site: Site) -> None:
    note = "so that nobody looks for the citizen"
    assert note in in_english(site, f"/cases/{JUDGED}", "unit_head")
    assert note not in in_english(site, f"/cases/{JUDGED}", "quality_officer")
    for number in (OVERDUE, ASSIGNED):
        assert note not in in_english(site, f"/cases/{number}", "unit_head"), number


def test_a_complaint_says_of_what(site: Site) -> None:
    assert "parking" in in_english(site, f"/cases/{OVERDUE}").lower()


def test_that_an_answer_came_late_stands_on_its_page(site: Site) -> None:
    assert "answered late" not in in_english(site, f"/cases/{OVERDUE}")
    head = str(CaseFile.get_by_id(JUDGED).assignee)
    step(site, OVERDUE, "assign", "unit_head", person=head)
    step(site, OVERDUE, "answer", "unit_head", **ANSWER)
    assert "answered late" in in_english(site, f"/cases/{OVERDUE}")


def test_a_case_of_another_branch_or_none_is_not_there(site: Site) -> None:
    confine(PEOPLE["unit_head"], "unit_head", "UBND-Q3")
    for number in (JUDGED, 99):
        assert site.get(f"/cases/{number}", "unit_head").status_code == 404
        assert site.post(f"/cases/{number}/answer", "unit_head", **ANSWER).status_code == 404


def test_the_page_says_what_was_done_by_whom(site: Site) -> None:
    page = in_english(site, f"/cases/{JUDGED}")
    trail = [text_of(row(page, f"step-{number}")) for number in range(6)]
    assert [one.split("1")[0].split("2")[0].strip() for one in trail] == [
        "The case was opened", "Assigned", "Answered", "Returned for rework", "Assigned",
        "Answered",
    ]  # fmt: skip
    assert PEOPLE["quality_officer"] in trail[3]
    assert "Thư xin lỗi.pdf" in trail[5]
    assert "3 working days left" in text_of(page)


def test_a_unit_that_is_never_open_has_the_days_of_the_week_and_the_page_says_so(
    site: Site,
) -> None:
    with writing():
        version = opening.version(FLEET)
        opening.set_week(FLEET, version, "2026-11-22", Week(((),) * 7))
    assert "from Monday to Friday" in in_english(site, f"/cases/{JUDGED}")


# ---- on other pages ----


def test_the_overview_lists_what_is_due(site: Site) -> None:
    page = in_english(site, "/")
    assert "overdue since 19 Nov 2026" in row(page, f"case-{OVERDUE}")
    assert "Open cases 3" in text_of(page)
    assert "3 open cases: 2 without an answer, 1 to be judged by the level above" in text_of(page)
    assert f'id="case-{CONFINED}"' not in page
    assert 'id="cases"' not in site.get("/", "interviewer").text


def test_a_unit_and_its_counters_count_their_cases(site: Site) -> None:
    page = in_english(site, "/units/UBND-Q3", "quality_officer")
    facts = text_of(page[page.index('<h2 id="cases"') :]).strip()
    assert facts.startswith("Cases to be explained without an answer 3 of these overdue 2")
    assert 'id="cases"' not in site.get("/units/UBND-Q3", "interviewer").text
    assert "0 wait , 1 closed" in text_of(in_english(site, "/counters/P1-01"))
    assert listed(site, "/cases?counter=P1-01&state=closed") == [CLOSED]
    assert listed(site, "/cases?state=unexplained") == [OVERDUE, ASSIGNED]
    assert site.get("/cases?counter=nowhere").status_code == 404


def test_a_rating_that_was_ruled_out_stands_in_one_of_two_figures(site: Site) -> None:
    for path in ("/counters/P1-01?period=2026-11", "/units/UBND-P1?period=2026-11"):
        assert "Without 1 rating whose reason" in text_of(in_english(site, path)), path
    for path in (
        "/counters/P1-01?period=2026-11-11",
        "/counters/P1-02?period=2026-11",
        "/units/UBND-Q3?period=2026-11",
        "/counters/P1-01?period=2026-11&service=Khai sinh",
    ):
        assert "whose reason" not in text_of(in_english(site, path)), path
    step(site, CLOSED, "rule", "administrator", citizens_side="no", reason="x")
    assert "whose reason" not in text_of(in_english(site, "/counters/P1-01?period=2026-11"))


# ---- steps ----


@pytest.mark.parametrize(
    ("number", "who", "names"),
    [
        (OVERDUE, "unit_head", {"assign", "prolong"}),
        (OVERDUE, "viewer", set()),
        (ASSIGNED, "unit_head", {"assign", "answer", "prolong"}),
        (JUDGED, "quality_officer", {"close", "return", "rule", "prolong"}),
        (JUDGED, "unit_head", {"prolong"}),
        (CLOSED, "quality_officer", {"rule"}),
        (CONFINED, "quality_officer", {"assign", "prolong"}),
    ],
)
def test_a_page_offers_what_a_person_may_do(
    site: Site, number: int, who: str, names: set[str]
) -> None:
    assert offered(site, number, who) == names


def test_a_case_goes_from_hand_to_hand_to_its_end(site: Site) -> None:
    confine(PEOPLE["unit_head"], "unit_head", "UBND-Q3")
    head = str(CaseFile.get_by_id(JUDGED).assignee)
    assigned, ruled = f"Assigned to {PEOPLE['unit_head']}", "Ruled on the reason"
    theirs, ours = ({"citizens_side": side, "reason": "Sai nơi"} for side in ("yes", "no"))
    longer = {"last": "2026-12-04", "reason": "Tết"}
    for name, who, form, state, said in (
        ("assign", "unit_head", {"person": head}, "assigned", assigned),
        ("prolong", "administrator", longer, "assigned", "Given more time"),
        ("answer", "unit_head", ANSWER, "answered", "Answered"),
        ("return", "quality_officer", {"reason": "Chưa rõ"}, "returned", "Returned for rework"),
        ("answer", "unit_head", ANSWER, "answered", "Answered"),
        ("rule", "quality_officer", theirs, "answered", ruled),
        ("close", "quality_officer", {"note": ""}, "closed", "Accepted and closed"),
        ("rule", "administrator", ours, "closed", ruled),
    ):
        in_english(site, "/cases", who)
        answer = step(site, OVERDUE, name, who, **form)
        assert (answer.status_code, case(OVERDUE).state) == (303, state), answer.text
        assert told(site.get(f"/cases/{OVERDUE}", who).text) == said
    held = case(OVERDUE)
    assert (held.answers, held.late, held.due) == (2, False, None)
    assert held.ruling is not None
    assert not held.ruling.citizens_side


def test_after_a_return_the_form_begins_with_the_last_answer(site: Site) -> None:
    step(site, JUDGED, "return", "quality_officer", reason="Chưa rõ")
    page = in_english(site, f"/cases/{JUDGED}", "unit_head")
    form = page[page.index('id="step"') :]
    for name, value in (("late", "yes"), ("apology", "written")):
        assert f'name="{name}" value="{value}" checked' in form, name
    assert '<option selected value="handling">' in form
    assert f"{GIVEN.cause}</textarea>" in form
    assert f"{GIVEN.remedy}</textarea>" in form
    assert "they need not be sent again" in form
    assert "need not be sent again" not in in_english(site, f"/cases/{ASSIGNED}", "unit_head")


def test_who_may_not_take_a_step_finds_no_such_page(site: Site) -> None:
    assert step(site, JUDGED, "close", "unit_head", note="").status_code == 404
    assert step(site, ASSIGNED, "answer", "quality_officer", **ANSWER).status_code == 404
    assert step(site, ASSIGNED, "close", "quality_officer", note="").status_code == 404
    assert case(JUDGED).state == "answered"


def test_an_answer_that_says_too_little_says_where(site: Site) -> None:
    answer = step(site, ASSIGNED, "answer", "unit_head", late="yes", cause=" ", remedy="Có")
    assert answer.status_code == 422
    for field in ("late_in", "cause", "apology"):
        assert f'id="{field}-error"' in answer.text, field
    assert 'id="remedy-error"' not in answer.text
    assert "Có</textarea>" in answer.text
    assert case(ASSIGNED).seq == 1


@pytest.mark.parametrize("last", ["2026-11-20", "2028-01-01", "x"])
def test_more_time_is_later_and_no_more_than_a_year(site: Site, last: str) -> None:
    answer = step(site, JUDGED, "prolong", "administrator", last=last, reason="Tết")
    assert answer.status_code == 422
    assert 'id="last-error"' in answer.text


def test_a_case_is_assigned_to_nobody_from_outside_of_the_office(site: Site) -> None:
    User.update(name="Trần Thị Bình").where(User.email == PEOPLE["unit_head"]).execute()
    page = site.get(f"/cases/{OVERDUE}?do=assign", "unit_head").text
    assert f"Trần Thị Bình ({PEOPLE['unit_head']})</option>" in page
    for role in ("viewer", "auditor", "technician", "interviewer", "quality_officer"):
        assert PEOPLE[role] not in page, role
        person = str(User.get(User.email == PEOPLE[role]).id)
        answer = step(site, OVERDUE, "assign", "unit_head", person=person)
        assert answer.status_code == 422, role
    assert case(OVERDUE).state == "open"


def test_a_case_is_assigned_to_a_colleague_in_the_office(site: Site) -> None:
    confine(PEOPLE["viewer"], "viewer", Unit.get_by_id(case(OVERDUE).unit).code)
    person = str(User.get(User.email == PEOPLE["viewer"]).id)
    assert step(site, OVERDUE, "assign", "unit_head", person=person).status_code == 303
    assert offered(site, OVERDUE, "viewer") == {"answer"}


def test_a_confined_case_is_assigned_to_those_who_see_evidence_and_answer(site: Site) -> None:
    page = site.get(f"/cases/{CONFINED}?do=assign", "quality_officer").text
    assert [role for role, email in PEOPLE.items() if f">{email}</option>" in page] == [
        "administrator", "quality_officer",
    ]  # fmt: skip


def test_who_was_overtaken_is_told_and_keeps_what_was_typed(site: Site) -> None:
    form = {"reason": "Chưa rõ khâu nào", "seq": "5"}
    step(site, JUDGED, "rule", "administrator", citizens_side="no", reason="x")
    answer = site.post(f"/cases/{JUDGED}/return", "quality_officer", **form)
    assert answer.status_code == 409
    assert "Chưa rõ khâu nào</textarea>" in answer.text
    assert 'name="seq" type="hidden" value="6"' in answer.text


def test_who_was_overtaken_by_the_end_still_reads_what_was_typed(site: Site) -> None:
    step(site, JUDGED, "close", "administrator", note="")
    form = {"reason": "Chưa rõ khâu nào", "seq": "5"}
    answer = site.post(f"/cases/{JUDGED}/return", "quality_officer", **form)
    assert answer.status_code == 409
    assert "Chưa rõ khâu nào" in answer.text
    assert "<textarea" not in answer.text
    assert case(JUDGED).state == "closed"


def test_open_pages_of_the_branch_hear_of_a_step_and_none_of_a_confined_one(site: Site) -> None:
    def heard(unit: str) -> bool:
        ids = Scope(frozenset({Unit.get(Unit.code == unit).id}))
        told = Change.select().where(Change.id > newest)
        return any(hearing(NOTHING, NOTHING, ids)(one.subject) for one in told)

    newest = Change.select(fn.MAX(Change.id)).scalar()
    step(site, CONFINED, "prolong", "administrator", last="2026-12-04", reason="x")
    assert not heard("UBND-Q3")
    step(site, JUDGED, "close", "administrator", note="")
    assert (heard("UBND-P1"), heard("UBND-Q3")) == (True, False)


# ---- files ----


def test_files_come_with_an_answer_and_are_given_out_as_what_they_are(site: Site) -> None:
    assert answered(site, ("/tmp/Ảnh 1.png", b"\x89PNG\r\n\x1a\nx")).status_code == 303
    [event] = CaseEvent.select().where(CaseEvent.case == ASSIGNED, CaseEvent.step == "answer")
    [named] = event.body["answer"]["attachments"]
    assert (named["name"], named["kind"]) == ("Ảnh 1.png", "image/png")
    found = site.get(f"/cases/{ASSIGNED}/files/{named['digest']}")
    assert found.data == b"\x89PNG\r\n\x1a\nx"
    assert found.headers["Content-Type"] == "image/png"
    assert found.headers["Content-Disposition"].startswith("attachment")
    assert found.headers["X-Content-Type-Options"] == "nosniff"


def test_the_same_file_twice_is_held_once(site: Site) -> None:
    assert answered(site, ("a.pdf", PAPER), ("b.pdf", PAPER)).status_code == 303
    assert CaseAttachment.select().where(CaseAttachment.case == ASSIGNED).count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("virus.pdf", b"MZ\x90\x00 not a document"),
        ("page.png", b"<svg onload=alert(1)>"),
        ("empty.pdf", b""),
        ("huge.pdf", PAPER + bytes(MOST_BYTES)),
    ],
)
def test_a_file_of_another_kind_is_named_and_nothing_is_kept(
    site: Site, name: str, data: bytes
) -> None:
    answer = answered(site, (name, data), ("good.pdf", PAPER))
    assert answer.status_code == 422
    assert name in answer.text
    assert case(ASSIGNED).seq == 1
    assert CaseAttachment.select().where(CaseAttachment.case == ASSIGNED).count() == 0


def test_what_is_no_file_is_not_attached(site: Site) -> None:
    answer = step(site, ASSIGNED, "answer", "unit_head", **ANSWER, attachments="text.pdf")
    assert answer.status_code == 303
    assert CaseAttachment.select().where(CaseAttachment.case == ASSIGNED).count() == 0


def test_ten_files_and_no_more(site: Site) -> None:
    files = [(f"{number}.pdf", PAPER + bytes([number])) for number in range(11)]
    assert answered(site, *files).status_code == 422
    assert answered(site, *files[:10]).status_code == 303


class _Endless(BytesIO):
    """A body that nobody should read."""

    def readinto(self, _room: Any) -> int:
        """Fail."""
        raise AssertionError("the body was read")


def large(client: FlaskClient, path: str, size: int, body: BytesIO) -> TestResponse:
    return client.post(
        path,
        input_stream=body,
        environ_overrides={"CONTENT_LENGTH": str(size)},
        content_type="multipart/form-data; boundary=x",
    )


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("unit_head", f"/cases/{ASSIGNED}/answer", 413),
        ("interviewer", f"/cases/{ASSIGNED}/answer", 403),
        ("nobody", f"/cases/{ASSIGNED}/answer", 302),
        ("unit_head", "/cases/99/answer", 404),
        ("administrator", f"/cases/{JUDGED}/close", 413),
    ],
)
def test_a_gigabyte_is_refused_before_it_is_read(
    site: Site, who: str, path: str, status: int
) -> None:
    site.get("/", who)
    assert large(site.client(who), path, 1024 * MEGABYTE, _Endless()).status_code == status


def test_who_sends_too_large_files_is_told_how_much_an_answer_takes(site: Site) -> None:
    in_english(site, "/", "unit_head")
    path = f"/cases/{ASSIGNED}/answer"
    answer = large(site.client("unit_head"), path, 1024 * MEGABYTE, _Endless())
    assert f"At most {MOST_BODY // MEGABYTE} MB are taken here" in text_of(answer.text)
    assert "enter the text again" in text_of(answer.text)
    assert f'<a href="/cases/{ASSIGNED}">' in answer.text
    assert "import-tree" not in answer.text


@pytest.mark.parametrize("who", ["viewer", "technician", "quality_officer"])
def test_only_who_may_answer_the_case_sends_what_is_large(site: Site, who: str) -> None:
    site.get("/", who)
    path = f"/cases/{ASSIGNED}/answer"
    assert large(site.client(who), path, 2 * MEGABYTE, _Endless()).status_code == 413


def test_a_large_answer_that_comes_too_late_is_still_told_so(site: Site) -> None:
    step(site, ASSIGNED, "answer", "unit_head", **ANSWER)
    paper = PAPER + bytes(2 * MEGABYTE)
    answer = answered(site, ("a.pdf", paper))
    assert answer.status_code == 409
    assert ANSWER["cause"] in answer.text


def test_one_large_request_of_a_person_at_a_time(site: Site) -> None:
    path, second = f"/cases/{ASSIGNED}/answer", site.app.test_client()
    sign_in(second, PEOPLE["unit_head"])
    told: list[int] = []

    class Slow(BytesIO):
        """While it is on its way, the same person sends something large once more."""

        def readinto(self, _room: Any) -> int:
            def send() -> None:
                told.append(large(second, path, 2 * MEGABYTE, _Endless()).status_code)

            thread = Thread(target=send)
            thread.start()
            thread.join()
            return 0

    large(site.client("unit_head"), path, 2 * MEGABYTE, Slow())
    assert told[0] == 503
    assert answered(site, ("a.pdf", PAPER + bytes(2 * MEGABYTE))).status_code == 303


def test_a_file_is_there_for_who_sees_its_case_and_only_in_that_one(site: Site) -> None:
    assert site.get(f"/cases/{JUDGED}/files/{ATTACHED}").data == PAPER
    assert site.get(f"/cases/{ASSIGNED}/files/{ATTACHED}").status_code == 404
    confine(PEOPLE["viewer"], "viewer", "UBND-Q3")
    assert site.get(f"/cases/{JUDGED}/files/{ATTACHED}").status_code == 404


def test_a_form_without_its_token_changes_nothing(site: Site) -> None:
    site.get("/", "administrator")
    answer = site.client("administrator").post(
        f"/cases/{JUDGED}/close", data={"seq": "5", "note": ""}
    )
    assert answer.status_code == 400
    assert case(JUDGED).state == "answered"


def test_an_empty_list_says_what_will_be_there(empty_site: Site) -> None:
    assert "Nothing has to be explained." in in_english(empty_site, "/cases")


def test_each_role_in_its_unit_answers_or_judges_as_the_rules_say(site: Site) -> None:
    roles: dict[Role, str] = {"unit_head": "UBND-P1", "quality_officer": "UBND-P1"}
    for role, unit in roles.items():
        confine(PEOPLE[role], role, unit)
    assert offered(site, ASSIGNED, "unit_head") == {"assign", "answer"}
    assert offered(site, JUDGED, "quality_officer") == set()
    assert Counter.get_by_id(3).unit_id == CaseFile.get_by_id(JUDGED).unit_id
