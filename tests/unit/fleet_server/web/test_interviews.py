"""Who was drawn is asked by one person, in their words final, and told to nobody else."""

import re
from datetime import date

import pytest

from fleet_server.core.draw_published import repeated
from fleet_server.core.roles import Grant
from fleet_server.interviews.closing import close
from fleet_server.store import audit_log, contacts, draw_lists, draws, interviews, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import Contact, ContactLook, DrawLine, InterviewSheet, Unit, Visit
from tests.fakes.draws import NAMES, by_server
from tests.fakes.grants import confine
from tests.fakes.office import NOW
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

WHO = "interviewer"
DAY_MS = 86_400_000
ONE = "/interviews/2"
"""An interview of the office that is open and that nobody has taken."""


@pytest.fixture
def taken(site: Site) -> Site:
    """The pages, in English, of somebody who has taken an interview."""
    site.post("/language", WHO, language="en")
    assert site.post(f"{ONE}/take", WHO).status_code == 303
    return site


@pytest.fixture
def looked(taken: Site) -> Site:
    """The same, of somebody who has looked at how to reach the citizen."""
    assert taken.post(f"{ONE}/contact", WHO, why="first call").status_code == 200
    return taken


def closed(site: Site, outcome: str = "done", **answers: str) -> int:
    site.answer = site.post(f"{ONE}/close", WHO, outcome=outcome, **answers)  # type: ignore[attr-defined]
    return int(site.answer.status_code)  # type: ignore[attr-defined]


def said(site: Site) -> str:
    return text_of(site.answer.text)  # type: ignore[attr-defined]


def filled(site: Site, name: str, value: str) -> bool:
    """Whether a choice of the sheet is shown as it was made."""
    inputs = re.findall(r"<input[^>]*>", site.answer.text)  # type: ignore[attr-defined]
    mine = [one for one in inputs if f'name="{name}"' in one and f'value="{value}"' in one]
    return [" checked" in one for one in mine] == [True]


def test_what_is_open_is_listed_mine_first(taken: Site) -> None:
    words = text_of(taken.get("/interviews", WHO).text)
    assert "My interviews 1" in words
    assert "Waiting for an interviewer 4" in words
    assert "did not want to answer 1" in words
    assert "1 of 3" in words
    assert "Taken by others 1" in text_of(in_english(taken, "/interviews", "quality_officer"))


def test_an_interview_is_called_by_its_ticket(taken: Site) -> None:
    ticket = Visit.get_by_id(DrawLine.get_by_id(2).visit).ticket
    name = f"Ticket {ticket} of 22 Nov 2026"
    assert f'<a href="{ONE}">{name}</a>' in taken.get("/interviews", WHO).text
    assert f"<h1>Interview: {name}</h1>" in taken.get(ONE, WHO).text
    assert f">{name}</a>" in taken.post(f"{ONE}/contact", WHO, why="first call").text


def test_an_interview_of_a_visit_that_is_gone_is_called_by_its_week(taken: Site) -> None:
    DrawLine.update(visit=None).where(DrawLine.id == 2).execute()
    assert "<h1>Interview: Week 46 of 2026</h1>" in taken.get(ONE, WHO).text


def test_only_who_has_taken_it_sees_how_to_reach_the_citizen_and_that_is_noted(
    taken: Site,
) -> None:
    line = DrawLine.get_by_id(2)
    answer = taken.post(f"{ONE}/contact", WHO, why="first call")
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"bà {line.visit}" in answer.text
    [look] = ContactLook.select()
    assert (look.actor, look.visit, look.why, look.refused) == (
        "person:interviewer@hailong.example", line.visit, "first call", None,
    )  # fmt: skip
    assert "bà " not in taken.get(ONE, WHO).text
    assert taken.post(f"{ONE}/contact", "quality_officer", why="x").status_code == 404
    assert taken.post(f"{ONE}/contact", WHO, why=" ").status_code == 422
    assert ContactLook.select().count() == 1


def test_two_can_not_take_the_same_and_it_can_be_given_back(taken: Site) -> None:
    taken.post(f"{ONE}/take", "quality_officer")
    held = interviews.one(2)
    assert held is not None
    assert held.email == PEOPLE[WHO]
    assert "Somebody else has taken this interview." in in_english(taken, ONE, "quality_officer")
    assert taken.post(f"{ONE}/give-back", "quality_officer").status_code == 404
    assert taken.post(f"{ONE}/give-back", WHO).status_code == 303
    assert taken.post(f"{ONE}/take", "quality_officer").status_code == 303
    assert closed(taken, attitude="unsatisfied") == 409
    assert "You no longer ask here" in said(taken)
    assert filled(taken, "attitude", "unsatisfied")


def test_a_sheet_is_closed_for_good_and_shows_no_answer(looked: Site) -> None:
    taken = looked
    visit = DrawLine.get_by_id(2).visit
    assert closed(taken, attitude="unsatisfied", guidance="satisfied") == 303
    sheet = InterviewSheet.get(line=2)
    assert (sheet.outcome, sheet.answers["attitude"], sheet.answers["intake"]) == (
        "done", "unsatisfied", "not_asked",
    )  # fmt: skip
    page = text_of(taken.get(ONE, WHO).text)
    assert "Result interviewed" in page
    assert "unsatisfied" not in page
    assert "satisfied" not in audit_log.newest(1)[0].details
    assert Contact.get(visit=visit).until == "2026-11-22", "erased tomorrow"


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"outcome": ""}, "Choose a result."),
        ({"outcome": "x"}, "Not a valid choice"),
        ({"outcome": "done"}, "has answered at least one question"),
        ({"outcome": "refused", "attitude": "satisfied"}, "There are answers"),
        ({"outcome": "done", "attitude": "perhaps"}, "Not a valid choice"),
        ({"outcome": "not_reached"}, "Note tries on 3 different days first"),
        ({"outcome": "contact_ended"}, "the citizen can still be called"),
    ],
)
def test_a_sheet_that_contradicts_itself_is_not_kept(
    looked: Site, form: dict[str, str], words: str
) -> None:
    assert closed(looked, **form) == 422
    assert words in said(looked)
    assert not InterviewSheet.select().where(InterviewSheet.line == 2).exists()


@pytest.mark.parametrize("outcome", ["done", "refused", "not_reached", "withdrawn"])
def test_who_has_not_looked_passes_nobody_over(taken: Site, outcome: str) -> None:
    answers = {"attitude": "satisfied"} if outcome == "done" else {}
    with writing():
        for back in range(3):
            interviews.note_try(2, 1, date(2026, 11, 22 - back), NOW)
        visit = DrawLine.get_by_id(2).visit
        ContactLook.create(
            at=NOW, actor="person:other@hailong.example", visit=visit, purpose="interview", why="x"
        )
        ContactLook.create(
            at=NOW, actor=f"person:{PEOPLE[WHO]}", visit=visit, purpose="interview", why="",
            refused="no_reason",
        )  # fmt: skip
    assert closed(taken, outcome, **answers) == 422
    assert "Look first at how to reach them, and call" in said(taken)
    taken.post(f"{ONE}/contact", WHO, why="first call")
    assert closed(taken, outcome, **answers) == 303


def test_who_is_not_reached_on_three_days_is_replaced_by_the_next(looked: Site) -> None:
    taken = looked
    for _ in range(3):
        assert taken.post(f"{ONE}/try", WHO).status_code == 303
    assert closed(taken, "not_reached") == 422, "three times on one day are one try"
    for back in (1, 2):
        with writing():
            interviews.note_try(2, 1, date(2026, 11, 22 - back), NOW)
    assert closed(taken, "not_reached") == 303
    line = DrawLine.get(replaces=2)
    assert line.visit
    held = draws.row("2026-W46")
    assert [(one.replaces, one.ticket) for one in draws.replacements(held)][1:] == [
        (DrawLine.get_by_id(2).name, line.name)
    ]
    assert repeated(draws.published(held))[1] == []
    assert "not reached → no. 7" in text_of(in_english(taken, "/draws/2026-W46", WHO))


def test_a_try_that_is_sent_twice_is_one(looked: Site) -> None:
    for _ in range(2):
        looked.post(f"{ONE}/try", WHO)
    assert len(interviews.tries(2)) == 1
    looked.now += 60_000
    looked.post(f"{ONE}/try", WHO)
    assert len(interviews.tries(2)) == 2


def test_who_no_longer_agrees_is_erased_and_replaced(looked: Site) -> None:
    visit = DrawLine.get_by_id(2).visit
    assert closed(looked, "withdrawn") == 303
    assert Contact.get(visit=visit).ended == "withdrawn"
    assert DrawLine.select().where(DrawLine.replaces == 2).exists()


def test_contact_data_that_has_ended_is_said_in_clear_words(taken: Site) -> None:
    visit = DrawLine.get_by_id(2).visit
    with writing():
        contacts.withdraw([visit], actor="server", at=NOW, day=date(2026, 11, 22))
    assert "The contact data has ended" in text_of(taken.get(ONE, WHO).text)
    answer = taken.post(f"{ONE}/contact", WHO, why="first call")
    assert answer.status_code == 409
    assert "no: it has ended" in text_of(answer.text)
    assert ContactLook.get().refused == "ended"
    assert closed(taken, "contact_ended") == 303


def test_contact_data_of_another_key_is_said_too(taken: Site) -> None:
    Contact.update(sealed=b"x" * 40).execute()
    answer = taken.post(f"{ONE}/contact", WHO, why="first call")
    assert answer.status_code == 409
    assert "can't be read with the key of this server" in text_of(answer.text)
    assert ContactLook.select().count() == 0


def test_a_sheet_from_another_window_comes_too_late_and_is_shown_again(looked: Site) -> None:
    closed(looked, attitude="satisfied")
    assert closed(looked, attitude="unsatisfied", guidance="very_satisfied") == 409
    assert "It is closed already, perhaps in another window" in said(looked)
    assert filled(looked, "attitude", "unsatisfied")
    assert filled(looked, "guidance", "very_satisfied")
    assert InterviewSheet.get(line=2).answers["attitude"] == "satisfied"


def test_when_somebody_is_faster_at_the_same_moment_nothing_is_closed_twice(
    looked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed(looked, attitude="satisfied")
    monkeypatch.setattr("fleet_server.web.interviews.views._is_mine", lambda _held: True)
    assert closed(looked, "refused") == 409
    assert "It is closed already" in said(looked)
    assert filled(looked, "outcome", "refused")
    assert InterviewSheet.select().where(InterviewSheet.line == 2).count() == 1


def test_interviews_are_asked_from_above_the_office_that_they_are_about(site: Site) -> None:
    unit = DrawLine.get_by_id(2).unit_id
    mine, other = ("UBND-P1", "UBND-Q3") if unit == 1 else ("UBND-Q3", "UBND-P1")
    confine(PEOPLE[WHO], WHO, other)
    assert site.get(ONE, WHO).status_code == 404
    found = re.findall(r'href="/interviews/(\d+)"', site.get("/interviews", WHO).text)
    assert {DrawLine.get_by_id(int(number)).unit_id for number in found} <= {3 - unit}
    confine(PEOPLE["quality_officer"], "quality_officer", mine)
    assert site.get(ONE, "quality_officer").status_code == 404, "their own office"
    Unit.update(parent=Unit.get(Unit.code == other)).where(Unit.code == mine).execute()
    assert site.get(ONE, WHO).status_code == 200


def test_who_heads_the_unit_sees_none_of_its_interviews_whatever_else_they_are(
    site: Site,
) -> None:
    unit = Unit.get_by_id(DrawLine.get_by_id(2).unit_id)
    with writing():
        users.give(User.get(User.email == PEOPLE[WHO]).id, Grant("unit_head", unit.id))
    assert site.get(ONE, WHO).status_code == 404
    assert site.get("/interviews", "unit_head").status_code == 403


def test_a_visit_that_is_no_longer_known_is_replaced_by_itself(site: Site) -> None:
    held = draws.row("2026-W46")
    again = repeated(draws.published(held))[0]
    used = [one.name for one in draws.lines(held) if one.replaces_id is not None]
    following = again.replacement(DrawLine.get_by_id(2).name, used)
    assert following is not None
    gone = draw_lists.named(held, NAMES)[following.ticket].visit
    with writing():
        Contact.delete().where(Contact.visit == gone).execute()
        close(2, "refused", {}, by_server(NOW), NAMES)
    lost = DrawLine.get(replaces=2)
    assert lost.visit is None
    assert InterviewSheet.get(line=lost.id).outcome == "contact_ended"
    assert DrawLine.get(replaces=lost.id).visit
    assert repeated(draws.published(draws.row("2026-W46")))[1] == []
