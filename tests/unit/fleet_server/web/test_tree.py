"""The pages of the tree: forms that lose nothing, and lists that are looked at first."""

import io
import json
import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from fleet_server.core.roles import Grant
from fleet_server.sheets.reading import read_tables
from fleet_server.store import audit_log, enrolment, places, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.edits import counters, drafts, terminals, units
from fleet_server.store.models import Counter, CounterPlace, Terminal, Unit
from fleet_server.web import lists
from fleet_server.web.services import EXTENSION
from provisioning.enrol import tokens
from tests.fakes.office import NOW
from tests.fakes.reading import token, without_tokens
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, opened, sent
from wire.enrolment import load_toml

ADMIN = "administrator"
WHO = f"person:{PEOPLE['administrator']}"
TODAY = "2026-11-22"
LIST = "Mã quầy;Tên quầy;Mã đơn vị\n"


@pytest.fixture(autouse=True)
def in_english(request: pytest.FixtureRequest) -> None:
    """Let the pages speak English; Vietnamese has its own tests."""
    name = "empty_site" if "empty_site" in request.fixturenames else "site"
    site: Site = request.getfixturevalue(name)
    for who in (ADMIN, "technician", "auditor"):
        site.post("/language", who, language="en", back="/")


def text_of(answer: TestResponse) -> str:
    """Return what a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def actions() -> list[str]:
    """Return what the audit log says people did in the tree, oldest first."""
    assert not list(audit_log.wrong())
    mine = [one for one in audit_log.newest(50) if one.actor == WHO]
    found = [one for one in mine if not one.action.startswith("session.")]
    return [one.action for one in found][::-1]


def confine(role: str, unit: str) -> None:
    """Take a person's role in the whole fleet, and give it in a branch."""
    with writing():
        person = User.get(User.email == PEOPLE[role])
        users.take(person.id, Grant(role, None))
        users.give(person.id, Grant(role, Unit.get(Unit.code == unit).id))


def tomorrow(site: Site) -> None:
    """Let a day pass; people sign in again."""
    site.now += 86_400_000
    site.clients.clear()


def city() -> None:
    """Put both offices into a city."""
    with writing():
        place = places.add_unit("TP", "Thành phố", "city")
        for unit in (1, 2):
            places.move_unit(unit, place.id, TODAY)


# ---- what lies where ----


def test_the_tree_shows_what_each_branch_holds_and_leads_to_it(site: Site) -> None:
    city()
    page = site.get("/tree/", ADMIN)
    said = text_of(page)
    assert "Thành phố TP · City or province Counters 6 · Terminals 7" in said
    assert "UBND phường Bến Nghé UBND-P1 · Unit Counters 3 · Terminals 3" in said
    assert 'href="/counters?unit=TP"' in page.text
    assert "<details open>" in page.text


def test_a_search_finds_units_counters_and_terminals_with_or_without_accents(site: Site) -> None:
    said = text_of(site.get("/tree/?q=ho tich", ADMIN))
    assert "Quầy 1 – Hộ tịch Counter P1-01" in said
    assert "kho-01" in text_of(site.get("/tree/?q=KHO", ADMIN))
    assert "Nothing has that" in text_of(site.get("/tree/?q=zzz", ADMIN))
    assert site.get(f"/tree/?q={'x' * 65}", ADMIN).status_code == 404


def test_an_empty_fleet_says_how_to_begin(empty_site: Site) -> None:
    assert "No units yet." in text_of(empty_site.get("/tree/", ADMIN))


def test_a_unit_shows_its_counters_its_store_and_its_past(site: Site) -> None:
    city()
    said = text_of(site.get("/tree/units/UBND-Q3", ADMIN))
    assert "Quầy 1 – Đăng ký kinh doanh Q3-01 q3-01-t1" in said
    assert "kho-01" in said
    assert re.search(r"Thành phố TP 22 Nov 2026 today – at the top the beginning 22 Nov 2026", said)


def test_who_may_only_look_is_offered_nothing_to_change(site: Site) -> None:
    for path in ("/tree/", "/tree/units/UBND-P1", "/tree/counters/P1-01"):
        assert not re.search(
            r'href="/tree/[^"]*(new-|/move|/close|/change)', site.get(path, "auditor").text
        )
    assert "/move" not in site.get("/tree/terminals/p1-01-t1", "auditor").text


# ---- units ----


def test_a_unit_is_added_where_it_was_asked_for(site: Site) -> None:
    answer = sent(site, "/tree/new-unit?in=UBND-P1", code="P1-A", name="Tổ A", kind="unit")
    assert (answer.status_code, answer.location) == (303, "/tree/units/UBND-P1")
    assert Unit.get(Unit.code == "P1-A").parent.code == "UBND-P1"
    assert actions() == ["unit.add"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "ă"}, "A code is 1 to 32 letters"),
        ({"code": "UBND-Q3"}, "This is in use already, or was."),
        ({"code": ""}, "Please fill this in."),
        ({"name": " "}, "Please fill this in."),
        ({"name": "x" * 65}, "At most 64 characters."),
        ({"kind": "city"}, "A unit of this kind can't lie there"),
        ({"kind": "village"}, "Please choose one of the list."),
        ({"parent": "nowhere"}, "Please choose one of the list."),
    ],
)
def test_what_can_not_be_added_is_said_beside_its_field_and_the_rest_stays_typed_in(
    site: Site, typed: dict[str, str], said: str
) -> None:
    form = {"code": "NEW", "name": "Tổ mới", "kind": "unit", "parent": "UBND-P1", **typed}
    answer = site.post("/tree/new-unit", ADMIN, **form)
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert 'aria-invalid="true"' in answer.text
    if "name" not in typed:
        assert 'value="Tổ mới"' in answer.text
    assert Unit.select().count() == 2
    assert actions() == []


def test_the_second_of_two_people_sees_both_versions_and_may_save_over(site: Site) -> None:
    path = "/tree/units/UBND-P1/change"
    mine = opened(site, path) | {"name": "Của tôi"}
    units.change("UBND-P1", 1, to="UBND-P1", name="Của họ", kind="unit", now=1, actor="person:x")
    answer = site.post(path, ADMIN, **mine)
    assert answer.status_code == 409
    assert "Name Của họ Của tôi" in text_of(answer)
    assert 'value="Của tôi"' in answer.text
    assert Unit.get_by_id(1).name == "Của họ"
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version
    again = site.post(path, ADMIN, **(mine | {"version": version[1]}))
    assert again.status_code == 303
    assert Unit.get_by_id(1).name == "Của tôi"


def test_a_version_that_is_none_counts_as_old(site: Site) -> None:
    path = "/tree/units/UBND-P1/change"
    answer = site.post(path, ADMIN, **(opened(site, path) | {"name": "x", "version": "soon"}))
    assert answer.status_code == 409


def test_a_unit_with_another_code_is_found_there(site: Site) -> None:
    answer = sent(site, "/tree/units/UBND-P1/change", code="P1")
    assert answer.location == "/tree/units/P1"
    assert site.get("/tree/units/P1", ADMIN).status_code == 200


def test_a_unit_moves_today_and_not_below_itself(site: Site) -> None:
    city()
    units.move("UBND-Q3", None, "UBND-P1", TODAY, NOW, "x")
    assert "UBND-Q3" not in opened(site, "/tree/units/UBND-P1/move").values()
    refused = sent(site, "/tree/units/UBND-P1/move", parent="UBND-Q3")
    assert refused.status_code == 422
    assert sent(site, "/tree/units/UBND-Q3/move", parent="").status_code == 303
    assert Unit.get_by_id(2).parent_id is None


def test_a_unit_closes_when_nothing_open_is_in_it_and_opens_again(site: Site) -> None:
    assert "Something open still lies in it" in text_of(sent(site, "/tree/units/UBND-P1/close"))
    far = sent(site, "/tree/units/UBND-P1/close", day="2030-01-01")
    assert "Please choose a day within a year" in text_of(far)
    assert "This is no day" in text_of(sent(site, "/tree/units/UBND-P1/close", day="x"))
    assert "Please choose a day." in text_of(sent(site, "/tree/units/UBND-P1/close", day=""))
    for code in ("P1-01", "P1-02", "P1-03"):
        assert sent(site, f"/tree/counters/{code}/close", day="2026-11-23").status_code == 303
    assert sent(site, "/tree/units/UBND-P1/close", day="2026-11-23").status_code == 303
    page = site.get("/tree/units/UBND-P1", ADMIN)
    assert "closes on 23 Nov 2026" in text_of(page)
    assert "/new-counter" not in page.text
    version = str(Unit.get_by_id(1).version)
    site.post("/tree/units/UBND-P1/reopen", ADMIN, version=version)
    assert Unit.get_by_id(1).closed_day is None


def test_a_button_of_an_old_page_changes_nothing(site: Site) -> None:
    counters.close("P1-01", None, "2026-11-23", NOW, "x")
    answer = site.post("/tree/counters/P1-01/reopen", ADMIN, version="1")
    assert "Somebody else changed it meanwhile" in text_of(site.get(answer.location, ADMIN))
    assert Counter.get_by_id(1).closed_day == "2026-11-23"
    site.post("/tree/counters/P1-01/reopen", ADMIN, version="2")
    assert Counter.get_by_id(1).closed_day is None
    for code in ("P1-01", "P1-02", "P1-03"):
        counters.close(code, None, "2026-11-23", NOW, "x")
    units.close("UBND-P1", None, "2026-11-23", NOW, "x")
    version = str(Counter.get_by_id(1).version)
    answer = site.post("/tree/counters/P1-01/reopen", ADMIN, version=version)
    assert "open it again first" in text_of(site.get(answer.location, ADMIN))
    site.post("/tree/units/UBND-P1/reopen", ADMIN, version="1")
    assert Unit.get_by_id(1).closed_day == "2026-11-23"


# ---- counters ----


def test_a_counter_is_added_renamed_and_moved_from_a_day_on(site: Site) -> None:
    form = {"code": "P1-04", "name": "Quầy 4"}
    assert sent(site, "/tree/new-counter?in=UBND-P1", **form).status_code == 303
    assert sent(site, "/tree/counters/P1-04/change", name="Quầy bốn").status_code == 303
    moved = sent(site, "/tree/counters/P1-04/move", unit="UBND-Q3", day="2026-11-20")
    assert moved.status_code == 303
    row = Counter.get(Counter.code == "P1-04")
    assert (row.name, row.unit_id) == ("Quầy bốn", 2)
    last = CounterPlace.select().where(CounterPlace.counter == row.id).order_by(CounterPlace.id)
    assert [(one.since_day, one.actor) for one in last][-1] == ("2026-11-20", WHO)
    assert actions() == ["counter.add", "counter.change", "counter.move"]
    page = text_of(site.get("/tree/counters/P1-04", ADMIN))
    assert "No terminal was ever here." in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-11-23"}, "Please choose today, or a day before."),
        ({"day": "2026-11-19"}, "It last moved on 20/11/2026"),
        ({"unit": "nowhere"}, "Please choose one of the list."),
    ],
)
def test_a_move_that_can_not_be_is_said_beside_its_field(
    site: Site, typed: dict[str, str], said: str
) -> None:
    counters.move("P1-01", None, "UBND-Q3", "2026-11-20", NOW, "x")
    form = {"unit": "UBND-P1", "day": TODAY, **typed}
    answer = sent(site, "/tree/counters/P1-01/move", **form)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_counter_with_figures_of_today_closes_tomorrow(site: Site) -> None:
    assert opened(site, "/tree/counters/P1-01/close")["day"] == "2026-11-23"
    said = text_of(site.get("/tree/counters/P1-01/close", ADMIN))
    assert "Still there: p1-01-t1" in said
    refused = sent(site, "/tree/counters/P1-01/close", day=TODAY)
    assert "It has figures up to 22/11/2026" in text_of(refused)


def test_a_closed_counter_leaves_the_lists_from_that_day_on_and_its_past_stays(site: Site) -> None:
    counters.close("P1-01", None, "2026-11-23", NOW, "x")
    assert "P1-01" in text_of(site.get("/counters", ADMIN))
    tomorrow(site)
    said = text_of(site.get("/counters", ADMIN))
    assert "P1-01" not in said
    assert "P1-02" in said
    assert "P1-01" in text_of(site.get("/counters?period=7", ADMIN))
    assert site.get(f"/counters/P1-01?day={TODAY}", ADMIN).status_code == 200


def test_a_closed_unit_leaves_the_list_of_units(site: Site) -> None:
    for code in ("P1-01", "P1-02", "P1-03"):
        counters.close(code, None, "2026-11-23", NOW, "x")
    units.close("UBND-P1", None, "2026-11-23", NOW, "x")
    assert "UBND-P1" in text_of(site.get("/units", ADMIN))
    tomorrow(site)
    said = text_of(site.get("/units", ADMIN))
    assert "UBND-P1" not in said
    assert "UBND-Q3" in said


def test_a_code_in_use_is_said_beside_the_code(site: Site) -> None:
    answer = sent(site, "/tree/new-counter?in=UBND-P1", code="P1-01", name="x")
    assert "Code : This is in use already, or was." in text_of(answer)


# ---- terminals ----


def test_a_terminal_moves_and_the_page_says_what_it_must_be_told(site: Site) -> None:
    answer = sent(site, "/tree/terminals/kho-01/move", counter="P1-03", unit="")
    assert answer.status_code == 303
    page = site.get(answer.location, ADMIN)
    assert 'counter = "P1-03"\ncounter_name = "Quầy 3 – Đất đai"' in unescape(page.text)
    assert Terminal.get_by_id("kho-01").counter.code == "P1-03"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"counter": "", "unit": ""}, "one of both"),
        ({"counter": "P1-01", "unit": "UBND-P1"}, "one of both"),
        ({"counter": "nowhere", "unit": ""}, "There is no such place"),
        ({"counter": "ă", "unit": ""}, "A code is 1 to 32 letters"),
    ],
)
def test_a_terminal_is_at_one_place(site: Site, typed: dict[str, str], said: str) -> None:
    answer = sent(site, "/tree/terminals/kho-01/move", **typed)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_a_terminal_is_added_and_has_a_note(site: Site) -> None:
    form = {"terminal": "q3-09-t1", "counter": "Q3-01", "unit": "", "note": "dự phòng"}
    answer = site.post("/tree/new-terminal", "technician", **form)
    assert (answer.status_code, answer.location) == (303, "/tree/terminals/q3-09-t1")
    note = "/tree/terminals/q3-09-t1/note"
    assert f'href="{note}"' in site.get("/terminals/q3-09-t1", "technician").text
    assert f'href="{note}"' not in site.get("/terminals/q3-09-t1").text
    answer = site.post(note, "technician", version="1", note="khác")
    assert answer.location == "/terminals/q3-09-t1#note"
    assert Terminal.get_by_id("q3-09-t1").note == "khác"
    again = site.post("/tree/new-terminal", "technician", **form)
    assert "This is in use already" in text_of(again)
    bad = site.post("/tree/new-terminal", "technician", **(form | {"terminal": "fleet-x"}))
    assert "does not begin with '-' or 'fleet-'" in text_of(bad)


def test_of_two_notes_the_second_is_told_and_keeps_what_was_typed(site: Site) -> None:
    path = "/tree/terminals/kho-01/note"
    mine = opened(site, path) | {"note": "Của tôi"}
    terminals.write_note("kho-01", 1, "Của họ", 1, "person:x")
    answer = site.post(path, ADMIN, **mine)
    assert answer.status_code == 409
    assert "Của họ Của tôi" in text_of(answer)
    assert 'value="Của tôi"' in answer.text


def test_a_terminal_goes_out_of_use_only_after_it_was_asked_again(site: Site) -> None:
    path = "/tree/terminals/p1-03-t1/retire"
    assert sent(site, path, reason="").status_code == 422
    asked = sent(site, path, reason="vỡ màn hình")
    assert asked.status_code == 200
    assert "It still holds 23 records" in text_of(asked)
    assert Terminal.get_by_id("p1-03-t1").retired_at is None
    form = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text))
    form.pop("csrf_token")
    form.pop("back", None)
    assert site.post(path, ADMIN, **form).status_code == 303
    assert Terminal.get_by_id("p1-03-t1").retired_reason == "vỡ màn hình"
    page = site.get("/tree/terminals/p1-03-t1", ADMIN)
    assert "vỡ màn hình" in page.text
    assert "/move" not in page.text
    assert site.get(path, ADMIN).status_code == 404


def test_an_enrolment_file_is_given_out_once_and_the_log_has_no_secret(site: Site) -> None:
    path = "/tree/terminals/p1-01-t1/enrolment"
    answer = sent(site, path, "technician", days="7")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="p1-01-t1.toml"'
    assert answer.headers["Cache-Control"] == "no-store"
    read = load_toml(answer.text)
    assert (read.terminal, read.counter) == ("p1-01-t1", "P1-01")
    assert read.token
    [held, *_rest] = enrolment.tokens_of("p1-01-t1")
    assert tokens.matches(read.token, held.sha256)
    assert read.expires == held.expires_at == NOW + 7 * 86_400_000
    entry = audit_log.newest(1)[0]
    assert (entry.action, entry.subject) == ("terminal.invite", "terminal:p1-01-t1")
    assert read.token not in entry.details


def test_an_enrolment_file_that_can_not_be_made_ends_no_token(site: Site) -> None:
    before = enrolment.tokens_of("kho-01")
    answer = sent(site, "/tree/terminals/kho-01/enrolment")
    assert answer.status_code == 422
    assert "First put the terminal at a counter" in text_of(answer)
    assert sent(site, "/tree/terminals/p1-01-t1/enrolment", days="0").status_code == 422
    terminals.move("kho-01", None, "P1-01", None, NOW, "x")
    site.app.extensions[EXTENSION].settings.layout.root_certificate.unlink()
    answer = sent(site, "/tree/terminals/kho-01/enrolment")
    assert answer.status_code == 503
    assert "The server can't write it" in text_of(answer)
    assert enrolment.tokens_of("kho-01") == before


# ---- branches ----


def test_who_has_a_branch_moves_things_only_within_it(site: Site) -> None:
    city()
    confine(ADMIN, "UBND-Q3")
    assert site.get("/tree/units/UBND-P1", ADMIN).status_code == 404
    assert site.get("/tree/units/UBND-Q3/move", ADMIN).status_code == 404
    outside = site.post("/tree/counters/Q3-01/move", ADMIN, version="1", unit="UBND-P1", day=TODAY)
    assert outside.status_code == 422
    taken = site.post("/tree/terminals/kho-01/move", ADMIN, version="1", counter="P1-01", unit="")
    assert "There is no such place, or none that you may change." in text_of(taken)
    assert Terminal.get_by_id("kho-01").unit_id == 2
    found = text_of(site.get("/tree/?q=quay", ADMIN))
    assert "Q3-01" in found
    assert "P1-01" not in found


@pytest.mark.parametrize("form", ["new-unit", "new-counter", "new-terminal"])
def test_a_form_opened_for_a_unit_outside_the_branch_is_not_there(site: Site, form: str) -> None:
    confine(ADMIN, "UBND-Q3")
    assert site.get(f"/tree/{form}?in=UBND-Q3", ADMIN).status_code == 200
    outside, nowhere = (
        site.get(f"/tree/{form}?in={code}", ADMIN) for code in ("UBND-P1", "nowhere")
    )
    assert (outside.status_code, nowhere.status_code) == (404, 404)
    assert without_tokens(outside.text) == without_tokens(nowhere.text).replace(
        "nowhere", "UBND-P1"
    )
    assert site.get(f"/tree/{form}?in=", ADMIN).status_code == 200


def test_the_services_to_choose_from_are_those_of_the_branch(site: Site) -> None:
    whole = site.get("/counters", "viewer").text
    confine("viewer", "UBND-Q3")
    for path in ("/counters", "/units"):
        branch = site.get(path, "viewer").text
        assert '<option value="Hoàn công"' in branch
        assert '<option value="Khai sinh"' not in branch
    assert '<option value="Khai sinh"' in whole


def test_who_has_a_branch_puts_nothing_at_the_top_of_the_fleet(site: Site) -> None:
    city()
    units.move("UBND-Q3", None, "UBND-P1", TODAY, NOW, "x")
    confine(ADMIN, "UBND-P1")
    added = site.post("/tree/new-unit", ADMIN, code="NEW", name="Mới", kind="unit", parent="")
    moved = site.post("/tree/units/UBND-Q3/move", ADMIN, version="2", parent="")
    assert (added.status_code, moved.status_code) == (404, 404)
    assert Unit.get_or_none(Unit.code == "NEW") is None
    assert Unit.get_by_id(2).parent.code == "UBND-P1"


def test_a_list_changes_only_the_branch_of_who_sends_it(site: Site) -> None:
    city()
    confine(ADMIN, "UBND-Q3")
    preview = upload(site, LIST + "P1-01;Của tôi;UBND-Q3\nQ3-01;Được;UBND-Q3\n")
    said = text_of(preview)
    assert "outside the part of the fleet that you may change" in said
    assert "Hộ tịch" not in said


def test_who_may_only_put_up_terminals_sends_lists_of_terminals(site: Site) -> None:
    said = text_of(upload(site, LIST + "P1-01;Của tôi;UBND-P1\n", "technician"))
    assert "Your role does not allow changing this." in said
    good = upload(site, "Thiết bị;Mã quầy\nt-5;P1-01\n", "technician")
    assert apply(site, good, "technician").status_code == 303
    assert Terminal.get_by_id("t-5").counter.code == "P1-01"


# ---- lists ----


def upload(site: Site, content: str | bytes, who: str = ADMIN) -> TestResponse:
    """Send a list and follow to what it would do."""
    raw = content.encode() if isinstance(content, str) else content
    client = site.client(who)
    form = {"csrf_token": token(client), "file": (io.BytesIO(raw), "list.csv")}
    return client.post("/tree/import", data=form, follow_redirects=True)


def apply(site: Site, preview: TestResponse, who: str = ADMIN) -> TestResponse:
    """Send the form of a preview."""
    form = dict(re.findall(r'name="(list|plan)" value="([^"]*)"', preview.text))
    return site.post("/tree/import/apply", who, **form)


GOOD = LIST + "P1-01;Hộ tịch mới;UBND-P1\nP1-02;Quầy 2 – Chứng thực;UBND-Q3\nP1-09;Mới;UBND-P1\n"


def test_a_list_is_shown_before_anything_is_taken(site: Site) -> None:
    said = text_of(upload(site, GOOD))
    assert "Counter P1-01 2 ✎ changed Name: Quầy 1 – Hộ tịch → Hộ tịch mới" in said
    assert "Counter P1-02 3 → moved Unit: UBND-P1 → UBND-Q3" in said
    assert "Counter P1-09 4 + added Name: Mới Unit: UBND-P1" in said
    assert Counter.select().count() == 6
    assert actions() == []


def test_a_list_is_taken_whole_and_the_log_names_the_file(site: Site) -> None:
    answer = apply(site, upload(site, GOOD))
    assert "3 changes were made" in text_of(site.get(answer.location, ADMIN))
    assert Counter.get(Counter.code == "P1-09").unit_id == 1
    assert actions() == ["tree.import", "counter.change", "counter.move", "counter.add"]
    [entry] = [one for one in audit_log.newest(9) if one.action == "tree.import"]
    details = json.loads(entry.details)
    assert details["file"] == "list.csv"
    assert details["counts"]["counters"] == {"added": 1, "changed": 2, "unchanged": 0}
    assert "nothing to do" in text_of(upload(site, GOOD)).lower()


def test_a_list_with_a_wrong_row_says_which_and_can_not_be_taken(site: Site) -> None:
    preview = upload(site, LIST + "P1-01;Hộ tịch mới;UBND-P1\nP1-02;x;nowhere\n")
    said = text_of(preview)
    assert "list.csv 3 Mã đơn vị ✕ No unit has the code nowhere." in said
    assert 'name="plan"' not in preview.text
    kept = re.search(r"list=([\w-]+)", preview.request.url)
    assert kept
    forced = site.post("/tree/import/apply", ADMIN, list=kept[1], plan="x")
    assert forced.status_code == 303
    assert actions() == []


def test_what_changed_since_the_preview_is_shown_anew_and_nothing_is_done(site: Site) -> None:
    preview = upload(site, GOOD)
    counters.rename("P1-01", None, "Ai đó", NOW, "person:x")
    answer = apply(site, preview)
    said = text_of(site.get(answer.location, ADMIN))
    assert "Somebody changed the tree since you looked" in said
    assert "Ai đó → Hộ tịch mới" in said
    assert Counter.get_by_id(1).name == "Ai đó"
    assert apply(site, site.get(answer.location, ADMIN)).status_code == 303
    assert Counter.get_by_id(1).name == "Hộ tịch mới"


def test_a_list_is_nobody_elses_and_does_not_wait_for_ever(site: Site) -> None:
    preview = upload(site, GOOD)
    address = preview.request.full_path
    theirs = site.get(address, "technician", follow_redirects=True)
    assert "no longer kept here" in text_of(theirs)
    site.now += drafts.LIFE_MS
    site.clients.clear()  # the session has ended by then as well
    assert apply(site, preview).location == "/tree/import"
    assert actions() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"a,b\n1,2\n", "No sheet has headings that are known."),
        (b"PK\x03\x04xx", "The workbook is damaged"),
        ("Mã quầy;Tên".encode("cp1258", "ignore") + b"\xf5", "UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_one_error_beside_the_field(
    site: Site, content: bytes, said: str
) -> None:
    answer = upload(site, content)
    assert answer.status_code == 422
    assert said in text_of(answer)


def test_no_file_at_all_and_one_too_large_are_said_too(site: Site) -> None:
    assert "Please choose a file." in text_of(site.post("/tree/import", ADMIN))
    kind = "multipart/form-data; boundary=x"
    large = site.client(ADMIN).post("/tree/import", data=b"x" * 1_100_000, content_type=kind)
    assert large.status_code == 413
    assert "A page takes at most 1 MB" in text_of(large)
    assert "hailong-fleet import-tree" in text_of(large)


def test_one_list_is_read_at_a_time_and_the_other_is_told_when_to_come_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = upload(site, GOOD)
    monkeypatch.setattr(lists, "WAIT_S", 0)
    with lists.alone():
        refused = [upload(site, GOOD), apply(site, preview)]
        refused.append(site.get(preview.request.full_path, ADMIN))
    for answer in refused:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
        assert "Another list is being read just now" in text_of(answer)
        assert "Nothing was changed." in text_of(answer)
    assert actions() == []
    assert apply(site, preview).status_code == 303


def test_what_is_exported_is_what_is_imported_and_the_export_is_written_down(site: Site) -> None:
    workbook = site.get("/tree/list.xlsx", ADMIN).data
    assert [one.name for one in read_tables(workbook, "x")] == ["Units", "Counters", "Terminals"]
    assert "There is nothing to do." in text_of(upload(site, workbook))
    for subject in ("units", "counters", "terminals"):
        sheet = site.get(f"/tree/list/{subject}.csv", ADMIN).data
        assert "There is nothing to do." in text_of(upload(site, sheet))
    assert site.get("/tree/list/rooms.csv", ADMIN).status_code == 404
    assert actions() == ["export.tree"] * 4
    empty = site.get("/tree/pattern.xlsx", "technician").data
    assert all(len(one.rows) == 1 for one in read_tables(empty, "x"))
    assert site.get("/tree/import?start=x", ADMIN).status_code == 200


# ---- ways to and from the tree ----


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("/counters/P1-01", "/tree/counters/P1-01"),
        ("/tree/counters/P1-01", "/counters/P1-01"),
        ("/units/UBND-P1", "/tree/units/UBND-P1"),
        ("/tree/units/UBND-P1", "/units/UBND-P1"),
        ("/terminals/p1-01-t1", "/tree/terminals/p1-01-t1"),
        ("/tree/terminals/p1-01-t1", "/terminals/p1-01-t1"),
        ("/technician/p1-01-t1", "/tree/terminals/p1-01-t1/replace"),
        ("/terminals/p1-01-t1", "/tree/terminals/p1-01-t1/replace"),
        ("/tree/terminals/p1-01-t1", "/tree/terminals/p1-01-t1/replace"),
    ],
)
def test_what_something_is_and_where_it_lies_lead_to_each_other(
    site: Site, page: str, way: str
) -> None:
    assert f'href="{way}"' in site.get(page, ADMIN).text


def test_who_may_not_open_the_tree_is_not_led_there(site: Site) -> None:
    for page in ("/counters/P1-01", "/units/UBND-P1"):
        assert "/tree/" not in site.get(page, "viewer").text


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("/counters", "/tree/new-counter"),
        ("/units", "/tree/new-unit"),
        ("/terminals", "/tree/new-terminal"),
        ("/", "/tree/new-terminal"),
    ],
)
def test_an_empty_page_leads_to_where_the_first_is_added(
    empty_site: Site, page: str, way: str
) -> None:
    assert f'href="{way}"' in empty_site.get(page, ADMIN).text
    assert way not in empty_site.get(page, "viewer").text
