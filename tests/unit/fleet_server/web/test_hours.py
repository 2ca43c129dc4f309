"""The pages of the opening hours."""

import pytest

from fleet_server.core.opening import FLEET
from fleet_server.store import audit_log, opening, places
from fleet_server.store.database import writing
from fleet_server.store.models import CaseFile
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site, in_english

ADMIN = "administrator"
DAY_MS = 86_400_000
ONE = "/settings/hours/one"
UNIT = f"{ONE}?unit=UBND-P1"
WEEK = {"what": "week", "own": "y", "since": "2026-11-23", "mon": "8-12", "version": "0"}
DAY = {"what": "day", "first": "2026-12-24", "last": "2026-12-25", "name": "Lễ", "version": "0"}


def test_the_list_says_what_is_inherited_from_where(site: Site) -> None:
    with writing():
        opening.set_week(
            ("counter", 1), opening.NEW, "2026-11-22", opening.plans()[FLEET].weeks["0001-01-01"]
        )
    words = text_of(in_english(site, "/settings/hours", ADMIN))
    assert "The whole fleet Mon – Sun 7:00–17:00 its own" in words
    assert "UBND phường Bến Nghé Mon – Sun 7:00–17:00 from The whole fleet" in words
    assert "Quầy 1 – Hộ tịch Mon – Sun 7:00–17:00 its own" in words


def test_a_counter_is_found_by_its_code(site: Site) -> None:
    found = site.get("/settings/hours?counter=P1-02", ADMIN)
    assert found.headers["Location"] == f"{ONE}?counter=P1-02"
    assert "No counter has the code XX" in in_english(site, "/settings/hours?counter=XX", ADMIN)
    assert site.get(f"{ONE}?counter=XX", ADMIN).status_code == 404
    assert site.get(f"{ONE}?unit=XX", ADMIN).status_code == 404


def test_hours_are_saved_from_a_day_on_and_written_down(site: Site) -> None:
    assert site.post(UNIT, ADMIN, **WEEK).status_code == 303
    words = text_of(in_english(site, UNIT, ADMIN))
    assert "Mon – Sun 7:00–17:00" in words, "they begin tomorrow"
    assert "23 Nov 2026 Mon 8:00–12:00 Tue – Sun office closed" in words
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("hours.week", "unit:UBND-P1")
    site.post(UNIT, ADMIN, **{**WEEK, "own": "", "version": "1", "since": "2026-11-24"})
    assert "24 Nov 2026 nothing; inherited" in text_of(site.get(UNIT, ADMIN).text)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({**WEEK, "mon": "morning"}, "Please write spans such as"),
        ({**WEEK, "mon": "12-8"}, "Each span must end after it begins"),
        ({**WEEK, "since": "2026-11-21"}, "Not before today"),
        ({**WEEK, "since": ""}, "Please give a day."),
        ({**DAY, "last": "2026-12-01"}, "The last day must be the first or later"),
        ({**DAY, "name": ""}, "Please give it a name."),
        ({**DAY, "hours": "x"}, "Please write spans such as"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(
    site: Site, form: dict[str, str], said: str
) -> None:
    site.post("/language", ADMIN, language="en")
    answer = site.post(UNIT, ADMIN, **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert opening.version(("unit", 1)) == opening.NEW
    typed = form.get("mon") or form.get("name") or "2026-12-24"
    assert f'value="{typed}"' in answer.text


def test_of_two_people_the_second_sees_both(site: Site) -> None:
    site.post("/language", ADMIN, language="en")
    site.post(UNIT, ADMIN, **WEEK)
    second = site.post(UNIT, ADMIN, **{**WEEK, "mon": "9-11"})
    assert second.status_code == 409
    assert "Monday 8:00–12:00 9-11" in text_of(second.text)
    assert site.post(UNIT, ADMIN, **{**WEEK, "mon": "9-11", "version": "1"}).status_code == 303
    assert site.post(UNIT, ADMIN, **DAY).status_code == 409
    dropped = {"what": "drop", "day": "2026-12-24", "version": "0"}
    assert site.post(UNIT, ADMIN, **dropped).status_code == 409


def after(site: Site, form: dict[str, str]) -> str:
    site.post("/language", ADMIN, language="en")
    assert site.post(ONE, ADMIN, **{**form, "version": "1"}).status_code == 303
    return text_of(site.get(ONE, ADMIN).text)


def test_a_day_that_is_closed_tells_of_deadlines_that_stay(site: Site) -> None:
    with writing():
        waiting = CaseFile.due.is_null(False)
        many = CaseFile.update(due=site.now + 40 * DAY_MS).where(waiting).execute()
    told = after(site, DAY)
    assert f"{many} open case" in told
    assert "may give more time" in told


@pytest.mark.parametrize(
    "form",
    [
        {"hours": "8-12"},
        {"first": "2027-12-24", "last": "2027-12-25"},
        {"first": "2026-11-18", "last": "2026-11-19"},
    ],
)
def test_a_day_that_shortens_no_deadline_tells_of_none(site: Site, form: dict[str, str]) -> None:
    told = after(site, {**DAY, **form})
    assert "2 days are saved." in told
    assert "may give more time" not in told


def test_closed_days_are_added_shown_copied_and_taken_away(site: Site) -> None:
    assert site.post(ONE, ADMIN, **{**DAY, "version": "1"}).status_code == 303
    above = text_of(in_english(site, f"{UNIT}&year=2026", ADMIN))
    assert "24 Dec 2026 Thursday Lễ office closed The whole fleet" in above
    copied = site.post(f"{ONE}?year=2027", ADMIN, what="copy", version="2")
    assert copied.headers["Location"] == f"{ONE}?year=2027"
    assert set(opening.plans()[FLEET].specials) == {
        "2026-12-24", "2026-12-25", "2027-12-24", "2027-12-25",
    }  # fmt: skip
    site.post(ONE, ADMIN, what="drop", day="2026-12-24", version="3")
    assert "2026-12-24" not in opening.plans()[FLEET].specials
    assert audit_log.newest(1)[0].action == "hours.day.drop"


@pytest.mark.parametrize(
    "form", [{"what": "dance"}, {"what": "drop", "day": "x"}, {"what": "copy"}, {}]
)
def test_what_asks_for_nothing_changes_nothing(site: Site, form: dict[str, str]) -> None:
    site.post("/language", ADMIN, language="en")
    assert site.post(ONE, ADMIN, **form).status_code == 303
    assert "Nothing was changed." in site.get(ONE, ADMIN).text
    assert opening.version(FLEET) == 1


def test_who_may_only_read_gets_no_form_and_changes_nothing(site: Site) -> None:
    assert "Save the hours" not in in_english(site, UNIT, "auditor")
    assert site.post(UNIT, "auditor", **WEEK).status_code == 403


def test_a_unit_goes_by_the_hours_of_the_one_above(site: Site) -> None:
    with writing():
        city = places.add_unit("TP", "Thành phố", "city")
        places.move_unit(1, city.id, "2026-11-22")
    site.post(f"{ONE}?unit=TP", ADMIN, **{**WEEK, "since": "2026-11-22"})
    assert "It goes by the hours of Thành phố" in text_of(in_english(site, UNIT, ADMIN))
