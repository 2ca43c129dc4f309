"""The form that puts another terminal in the place of a broken one."""

import json
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fleet_server.core.roles import Grant
from fleet_server.store import audit_log, downlink, enrolment, policies, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.edits import terminals
from fleet_server.store.models import Terminal, TerminalKey, Unit
from fleet_server.web.tree import replacing
from provisioning.enrol import tokens
from tests.fakes.office import NOW
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english, opened, sent
from wire.enrolment import load_toml

OLD = "p1-03-t1"
PATH = f"/tree/terminals/{OLD}/replace"
ADMIN = "administrator"


@pytest.fixture(autouse=True)
def _in_english(site: Site) -> None:
    """Let the pages speak English; the catalogue has its own test."""
    in_english(site, "/", ADMIN)


def asked(site: Site, new: str = "p1-03-t2", former: str = "here") -> TestResponse:
    """Fill in the first page."""
    return sent(site, PATH, terminal=new, former=former)


def answered(site: Site, page: TestResponse) -> TestResponse:
    """Press the button of the second page."""
    assert page.status_code == 200, page.text
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text[page.text.index("<main") :]))
    form.pop("csrf_token")
    return site.post(PATH, ADMIN, **form)


def refused(page: TestResponse) -> str:
    """Return what a page says that took nothing."""
    assert page.status_code == 422
    assert Terminal.get_by_id(OLD).retired_at is None
    return text_of(page.text)


def test_nothing_happens_before_it_was_asked_again(site: Site) -> None:
    before = audit_log.newest(1)[0].id
    said = text_of(asked(site).text)
    assert "Replace p1-03-t1 by p1-03-t2?" in said
    assert "The counter keeps its figures and its history" in said
    assert "It still holds 23 records that have not arrived." in said
    assert "hailong-fleet import PATH" in said
    assert Terminal.get_by_id(OLD).retired_at is None
    assert audit_log.newest(1)[0].id == before


def test_the_new_one_takes_the_counter_and_its_file_is_given_out_once(site: Site) -> None:
    counter = Terminal.get_by_id(OLD).counter.code
    answer = answered(site, asked(site))
    assert (answer.status_code, answer.location) == (303, "/tree/terminals/p1-03-t2/enrolment")
    old, new = Terminal.get_by_id(OLD), Terminal.get_by_id("p1-03-t2")
    assert (old.counter, old.retired_reason) == (None, "replaced by p1-03-t2")
    assert (new.counter.code, new.note) == (counter, f"in the place of {OLD}")
    page = site.get(answer.location, ADMIN)
    assert f"p1-03-t2 has taken the place of {OLD}." in text_of(page.text)
    file = sent(site, answer.location, days="7")
    assert file.headers["Cache-Control"] == "no-store"
    read = load_toml(file.text)
    assert (read.terminal, read.counter) == ("p1-03-t2", counter)
    assert tokens.matches(read.token or "", enrolment.tokens_of("p1-03-t2")[0].sha256)
    assert all(read.token not in one.details for one in audit_log.newest(20))


def test_every_step_stands_in_the_log_under_who_did_it(site: Site) -> None:
    answered(site, asked(site))
    new = [one for one in audit_log.newest(10) if one.subject.startswith("terminal:p1-03")]
    assert {one.actor for one in new} == {f"person:{PEOPLE[ADMIN]}"}
    assert [one.action for one in new][::-1] == [
        "terminal.replace", "terminal.retire", "terminal.add",
    ]  # fmt: skip
    assert json.loads(new[-1].details) == {"terminal": "p1-03-t2", "counter": "P1-03"}
    assert "Replaced a terminal" in text_of(site.get("/audit", ADMIN).text)


def test_what_is_broken_keeps_its_key_and_what_is_lost_loses_it(site: Site) -> None:
    said = text_of(asked(site, former="lost").text)
    assert "Its keys and its certificate are revoked." in said
    assert "hailong-fleet import" not in said
    mine = TerminalKey.select().where(TerminalKey.terminal == OLD, TerminalKey.revoked_at.is_null())
    assert mine.count() == 1
    answered(site, asked(site, former="lost"))
    assert mine.count() == 0


def test_the_key_of_a_broken_one_vouches_for_what_is_on_its_card(site: Site) -> None:
    answered(site, asked(site))
    assert TerminalKey.get(TerminalKey.terminal == OLD).revoked_at is None
    page = site.get(f"/tree/terminals/{OLD}", ADMIN).text
    assert "hailong-fleet import PATH" in text_of(page)
    assert PATH not in page
    assert site.get(PATH, ADMIN).status_code == 404


def test_one_from_a_store_takes_the_place_with_the_configuration_of_the_old_one(
    site: Site,
) -> None:
    policies.configure(OLD, {"look": {"letters": "large"}}, NOW, actor="server")
    page = asked(site, "kho-01")
    assert "kho-01 comes from the store of" in text_of(page.text)
    assert answered(site, page).status_code == 303
    assert Terminal.get_by_id("kho-01").counter.code == "P1-03"
    wished = downlink.configuration("kho-01")
    assert wished
    assert wished.settings == {"look": {"letters": "large"}}


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", "Please fill this in."),
        ("P1", "A terminal's id is 1 to 40 of a-z"),
        (OLD, "This is the terminal itself."),
        ("p1-01-t1", "It stands at the counter"),
    ],
)
def test_what_cannot_take_the_place_is_said_beside_the_field(
    site: Site, new: str, said: str
) -> None:
    assert said in refused(asked(site, new))


def test_one_that_is_out_of_use_and_one_of_another_branch_are_refused(site: Site) -> None:
    terminals.add("gone", None, None, "", NOW, "x")
    terminals.retire("gone", None, "", NOW, "x")
    assert "This terminal is out of use for good." in refused(asked(site, "gone"))
    with writing():
        person = User.get(User.email == PEOPLE[ADMIN])
        users.take(person.id, Grant(ADMIN, None))
        users.give(person.id, Grant(ADMIN, Unit.get(Unit.code == "UBND-P1").id))
    assert "where you may not change it" in refused(asked(site, "kho-01"))


def test_one_that_somebody_adds_elsewhere_meanwhile_is_refused(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, looked = asked(site), []
    look = replacing._in_the_way

    def slowly(*given: Any) -> str:
        why = look(*given)
        if not looked:
            terminals.add("p1-03-t2", None, None, "", NOW, "person:another")
        looked.append(why)
        return why

    with writing():
        person = User.get(User.email == PEOPLE[ADMIN])
        users.take(person.id, Grant(ADMIN, None))
        users.give(person.id, Grant(ADMIN, Unit.get(Unit.code == "UBND-P1").id))
    monkeypatch.setattr(replacing, "_in_the_way", slowly)
    assert "This is in use already" in refused(answered(site, page))
    assert looked[0] == ""
    assert Terminal.get_by_id("p1-03-t2").counter is None


def test_it_must_be_said_what_became_of_the_old_one(site: Site) -> None:
    assert "Please choose one of the list." in refused(asked(site, former=""))
    assert "Please choose one of the list." in refused(asked(site, former="eaten"))


def test_of_two_people_the_second_is_told(site: Site) -> None:
    page = asked(site)
    terminals.write_note(OLD, None, "anders", NOW, "person:x")
    answer = answered(site, page)
    assert answer.status_code == 409
    assert Terminal.get_by_id(OLD).retired_at is None


def test_a_place_can_not_be_taken_twice(site: Site) -> None:
    page = asked(site)
    assert answered(site, page).status_code == 303
    assert answered(site, page).status_code == 404


def test_a_terminal_in_a_store_has_no_place_to_give(site: Site) -> None:
    assert site.get("/tree/terminals/kho-01/replace", ADMIN).status_code == 404
    assert "/replace" not in site.get("/tree/terminals/kho-01", ADMIN).text


def test_who_may_not_enrol_is_neither_led_there_nor_let_in(site: Site) -> None:
    opened(site, PATH, "technician")
    assert site.get(PATH, "viewer").status_code == 403
    for page in (f"/terminals/{OLD}", f"/tree/terminals/{OLD}"):
        assert "/replace" not in site.get(page, "viewer").text
