"""Contact data is taken with consent, encrypted, and gone at its end."""

from datetime import date, timedelta

import pytest

from fleet_server.contact_key import Reach
from fleet_server.core.contacts import AccessError
from fleet_server.core.roles import Grant
from fleet_server.interviews import contacts as jobs
from fleet_server.store import audit_log, contacts, draws, users
from fleet_server.store.accounts import User
from fleet_server.store.contacts import EndedError, Given
from fleet_server.store.database import writing
from fleet_server.store.models import Contact, ContactLook, DrawLine, Unit, WeeklyDraw
from fleet_server.web.services import KEYS
from tests.fakes.changes import CONTACT
from tests.fakes.draws import close_all, sealed
from tests.fakes.grants import confine
from tests.fakes.office import NOW, VIETNAM
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

WHO = "interviewer"
VISIT = "P1-01-1"
DAY_MS = 86_400_000
TODAY = date(2026, 11, 22)
LAN = "person:lan@hailong.example"


@pytest.fixture(autouse=True)
def _nobody_can_be_reached_yet_nor_is_on_a_list(site: Site) -> None:
    Contact.delete().execute()
    WeeklyDraw.update(first_day="2026-10-01", last_day="2026-10-28").execute()


def noted(site: Site, who: str = WHO, **other: str) -> int:
    site.post("/language", who, language="en")
    site.answer = site.post("/contacts", who, **(CONTACT | other))  # type: ignore[attr-defined]
    return int(site.answer.status_code)  # type: ignore[attr-defined]


def seen(site: Site, why: str = "interview", day: date = TODAY) -> Reach:
    key = site.app.extensions[KEYS].contact
    return contacts.show(VISIT, key, actor=LAN, why=why, at=NOW, day=day)


def test_what_is_noted_is_held_encrypted_until_its_end(site: Site) -> None:
    assert noted(site) == 303
    [row] = Contact.select()
    assert (row.visit_id, row.until, row.taken_by) == (
        VISIT, "2027-01-21", "person:interviewer@hailong.example",
    )  # fmt: skip
    assert b"Lan" not in bytes(row.sealed)
    assert "0901" not in f"{row.citizen}"
    assert seen(site) == Reach("bà Lan", "0901 234 567")
    assert audit_log.newest(1)[0].details == '{"until":"2027-01-21"}'


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"consent": ""}, "Without their consent nothing may be kept."),
        ({"counter": "XX"}, "There is no such counter in what you may see."),
        ({"ticket": "A999"}, "This counter served no such ticket on that day."),
        ({"day": "2026-11-21"}, "This counter served no such ticket on that day."),
        ({"number": "--"}, "Give a telephone number or mail address."),
        ({"name": "a" * 101}, "in at most 100 characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    site: Site, other: dict[str, str], said: str
) -> None:
    assert noted(site, **other) == 422
    assert said in text_of(site.answer.text)  # type: ignore[attr-defined]
    assert "0901" in site.answer.text or "number" in other  # type: ignore[attr-defined]
    assert Contact.select().count() == 0


def test_a_counter_of_another_branch_is_not_there(site: Site) -> None:
    confine(PEOPLE[WHO], "interviewer", "UBND-Q3")
    assert noted(site) == 422
    assert Contact.select().count() == 0


def test_noted_again_it_replaces_what_was_held(site: Site) -> None:
    noted(site)
    assert noted(site, number="lan@x.example") == 303
    assert Contact.select().count() == 1
    assert seen(site).number == "lan@x.example"


def test_noted_again_it_is_not_held_for_longer(site: Site) -> None:
    noted(site)
    later = Given(VISIT, Reach("bà Lan", "0907"), NOW + 9 * DAY_MS, date(2026, 12, 1), 60, LAN)
    assert contacts.take(later, site.app.extensions[KEYS].contact).ended()[0] == date(2027, 1, 21)
    assert Contact.get().until == "2027-01-21"


def test_once_a_list_of_its_day_is_sealed_it_can_only_be_taken_back(site: Site) -> None:
    noted(site)
    sealed("2026-W48", NOW)
    assert noted(site, number="0907 000 000") == 422
    assert "A list of its week is sealed" in text_of(site.answer.text)  # type: ignore[attr-defined]
    assert seen(site).number == "0901 234 567"
    assert noted(site, ticket="A002", number="0907 000 000") == 303, "on a list to come"
    assert site.post("/contacts/withdraw", WHO, number="0901234567").status_code == 303


def test_each_look_is_written_down_and_one_that_may_not_be_is_too(site: Site) -> None:
    noted(site)
    seen(site)
    for why, day, reason in ((" ", TODAY, "no_reason"), ("late", date(2027, 2, 1), "ended")):
        with pytest.raises(AccessError) as refused:
            seen(site, why, day)
        assert refused.value.reason == reason
    held = [(row.actor, row.visit, row.why, row.refused) for row in ContactLook.select()]
    assert held == [
        (LAN, VISIT, "interview", None), (LAN, VISIT, "", "no_reason"),
        (LAN, VISIT, "late", "ended"),
    ]  # fmt: skip
    words = text_of(in_english(site, "/contacts/looks", "auditor"))
    assert "P1-01-1 interview yes" in words
    assert "P1-01-1 – ▲ no: no reason was given" in words
    assert site.get("/contacts/looks", WHO).status_code == 403


def test_an_auditor_of_a_branch_sees_its_looks(site: Site) -> None:
    noted(site)
    seen(site)
    with writing():
        close_all("2026-W46", NOW)
    confine(PEOPLE["auditor"], "auditor", "UBND-Q3")
    words = text_of(in_english(site, "/contacts/looks", "auditor"))
    assert "Nobody has looked yet." in words
    assert "contact data is held 0" in words
    found = Grant("auditor", Unit.get(Unit.code == "UBND-P1").id)
    with writing():
        users.give(User.get(User.email == PEOPLE["auditor"]).id, found)
    assert "P1-01-1 interview yes" in text_of(in_english(site, "/contacts/looks", "auditor"))
    assert contacts.looks(1, before=1) == []


def test_whose_data_was_looked_at_is_told_in_a_branch_once_their_draw_is_open(
    site: Site,
) -> None:
    noted(site)
    seen(site)
    assert DrawLine.update(visit=VISIT).where(DrawLine.id == 2).execute() == 1
    unit = Unit.get(Unit.code == "UBND-P1").id
    assert VISIT in site.get("/contacts/looks", "auditor").text
    confine(PEOPLE["auditor"], "auditor", "UBND-P1")
    words = text_of(in_english(site, "/contacts/looks", "auditor"))
    assert "are listed when the draw is open to everybody" in words
    assert VISIT not in words
    assert "first call" not in words
    with writing():
        close_all("2026-W46", NOW)
    assert VISIT in site.get("/contacts/looks", "auditor").text
    with writing():
        users.give(User.get(User.email == PEOPLE["auditor"]).id, Grant("unit_head", unit))
    assert "Nobody has looked yet." in text_of(site.get("/contacts/looks", "auditor").text)


def test_whose_data_was_looked_at_is_told_when_a_draw_opens_by_itself(site: Site) -> None:
    noted(site)
    seen(site)
    assert DrawLine.update(visit=VISIT).where(DrawLine.id == 2).execute() == 1
    began = date.fromisoformat(draws.row("2026-W46").day)
    assert VISIT in draws.not_to_be_known(began + timedelta(days=180))
    assert draws.not_to_be_known(began + timedelta(days=181)) == set()


def test_at_its_end_it_is_erased_once_and_the_log_outlives_it(site: Site) -> None:
    noted(site)
    seen(site)
    jobs.erase(NOW + 60 * DAY_MS, VIETNAM)
    assert Contact.get().sealed is not None
    jobs.erase(NOW + 61 * DAY_MS, VIETNAM)
    jobs.erase(NOW + 61 * DAY_MS, VIETNAM)
    [row] = Contact.select()
    assert (row.sealed, row.citizen, row.ended) == (None, None, "time")
    assert ContactLook.select().count() == 1
    erased = [one for one in audit_log.newest(9) if one.action == "contact.erase"]
    assert [one.details for one in erased] == ['{"rows":{"time":1}}']


def test_much_is_erased_in_steps(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for ticket in ("A001", "A002", "A003"):
        noted(site, ticket=ticket)
    monkeypatch.setattr(contacts, "STEP", 2)
    jobs.erase(NOW + 61 * DAY_MS, VIETNAM)
    assert contacts.held() == 0


def test_who_no_longer_agrees_is_erased_at_once_for_all_their_visits(site: Site) -> None:
    noted(site)
    noted(site, ticket="A002", number="+84 901 234 567")
    noted(site, ticket="A003", number="0907 000 000")
    answer = site.post("/contacts/withdraw", WHO, number="0901234567")
    assert answer.status_code == 303
    assert [row.ended for row in Contact.select().order_by(Contact.visit)] == [
        "withdrawn", "withdrawn", None,
    ]  # fmt: skip
    assert site.post("/contacts/withdraw", WHO, number=" ").status_code == 422


def test_taking_consent_back_does_not_tell_whether_anything_was_held(site: Site) -> None:
    noted(site)
    said = []
    for number in ("0901234567", "0901234567", "0999999999"):
        assert site.post("/contacts/withdraw", WHO, number=number).status_code == 303
        said.append(text_of(site.get("/contacts", WHO).text))
    assert "Whatever was held of this number is erased." in said[0]
    assert len(set(said)) == 1


def test_the_audit_log_says_of_how_many_visits_it_was_and_never_of_which(site: Site) -> None:
    noted(site)
    noted(site, ticket="A002")
    site.post("/contacts/withdraw", WHO, number="0901234567")
    site.post("/contacts/withdraw", WHO, number="0901234567")
    held = [one for one in audit_log.newest(9) if one.action == "contact.withdraw"]
    assert [(one.subject, one.details) for one in held] == [
        ("contact", '{"rows":0}'), ("contact", '{"rows":2}'),
    ]  # fmt: skip


def test_nobody_tries_more_than_five_numbers_a_minute(site: Site) -> None:
    statuses = [
        site.post("/contacts/withdraw", WHO, number=f"090100000{n}").status_code for n in range(6)
    ]
    assert statuses == [303] * 5 + [429]
    assert site.post("/contacts/withdraw", "quality_officer", number="0901").status_code == 303
    assert site.get("/contacts", WHO).status_code == 200


def test_what_has_ended_is_not_taken_again(site: Site) -> None:
    noted(site)
    site.post("/contacts/withdraw", WHO, number="0901234567")
    assert noted(site) == 422
    assert "it is not taken again" in site.answer.text  # type: ignore[attr-defined]
    noted(site, ticket="A002")
    given = Given("P1-01-2", Reach("Lan", "123"), NOW, date(2027, 3, 1), 60, LAN)
    with pytest.raises(EndedError):
        contacts.take(given, site.app.extensions[KEYS].contact)


def test_an_interview_that_is_over_ends_it_the_day_after(site: Site) -> None:
    noted(site)
    with writing():
        contacts.interviewed(VISIT, TODAY)
        contacts.interviewed("nothing", TODAY)
    assert seen(site).name == "bà Lan"
    jobs.erase(NOW + DAY_MS, VIETNAM)
    assert Contact.get().ended == "interviewed"
    terms = contacts.terms_of(VISIT)
    assert terms is not None
    assert terms.interviewed == TODAY
    assert contacts.terms_of("nothing") is None
    with pytest.raises(AccessError):
        seen(site)
