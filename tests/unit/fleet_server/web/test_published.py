"""Public figures: off unless switched on, without cookies, and nothing that viewers don't see."""

import csv
import io
import re

import pytest

from fleet_server.core.retention import DAY_MS
from fleet_server.settings.sections import PublicSection
from fleet_server.store import audit_log, places
from fleet_server.store.database import writing
from fleet_server.store.models import PublicUnit, Unit
from fleet_server.store.published import published
from tests.fakes.grants import confine
from tests.fakes.office import serve
from tests.fakes.reading import row, text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

ADMIN, NOBODY = "administrator", "nobody"
PAGE, CSV, JSON = "/public/UBND-P1", "/public/open-data.csv", "/public/open-data.json"
CHANNELS = "/public/open-data-channels.csv"
SWITCHES = "/settings/public"


@pytest.fixture
def site(site: Site) -> Site:
    """The office, none of whose units is public yet."""
    PublicUnit.delete().execute()
    return site


def switch(site: Site, wanted: str = "on", unit: str = "UBND-P1", who: str = ADMIN) -> int:
    return site.post(SWITCHES, who, unit=unit, public=wanted).status_code


def license_it(site: Site, licence: str = "CC BY 4.0") -> None:
    settings = site.app.extensions["hailong"].settings
    object.__setattr__(settings, "public", PublicSection(licence))


def numbers(html: str) -> list[str]:
    """Return all numbers of a part of a page, in order."""
    return re.findall(r"\d[\d,.]*", text_of(html))


# ---- switched ----


def test_nothing_is_public_before_somebody_switches_it_on(site: Site) -> None:
    license_it(site)
    assert site.get(PAGE, NOBODY).status_code == 404
    assert "No unit has made its figures public." in site.get("/public?lang=en", NOBODY).text
    assert list(csv.reader(io.StringIO(site.get(CSV, NOBODY).text)))[1:] == []
    assert site.get(JSON, NOBODY).json["rows"] == []


def test_switched_on_and_off_again_with_both_in_the_audit_log(site: Site) -> None:
    assert switch(site) == 303
    assert site.get(PAGE, NOBODY).status_code == 200
    assert PEOPLE[ADMIN] in row(site.get(SWITCHES, ADMIN).text, "unit-UBND-P1")
    assert switch(site, "off") == 303
    assert site.get(PAGE, NOBODY).status_code == 404
    entries = [(one.action, one.subject) for one in audit_log.newest(2)]
    assert entries == [("public.off", "unit:UBND-P1"), ("public.on", "unit:UBND-P1")]


def test_switched_on_twice_is_one_entry(site: Site) -> None:
    switch(site)
    number, _head = audit_log.head()
    site.post("/language", ADMIN, language="en")
    switch(site)
    assert audit_log.head()[0] == number
    assert "nothing was changed" in site.get(SWITCHES, ADMIN).text


@pytest.mark.parametrize(
    ("unit", "wanted", "status"), [("NOWHERE", "on", 404), ("", "on", 404), ("UBND-P1", "x", 400)]
)
def test_what_can_not_be_switched_changes_nothing(
    site: Site, unit: str, wanted: str, status: int
) -> None:
    assert (switch(site, wanted, unit), published()) == (status, {})


def test_only_who_may_change_settings_of_a_branch_switches_it(site: Site) -> None:
    assert switch(site, who="viewer") == 403
    assert site.get(SWITCHES, "auditor").status_code == 200
    assert "<button" not in site.get(SWITCHES, "auditor").text.partition("<main")[2]
    confine(PEOPLE[ADMIN], ADMIN, "UBND-Q3")
    assert switch(site) == 404
    assert "UBND-P1" not in site.get(SWITCHES, ADMIN).text
    assert (switch(site, unit="UBND-Q3"), set(published())) == (303, {2})


def test_a_unit_that_is_not_public_and_one_that_is_not_there_are_the_same(site: Site) -> None:
    switch(site)
    hidden, nowhere = (site.get(f"/public/{code}", NOBODY) for code in ("UBND-Q3", "NOWHERE"))
    assert (hidden.status_code, hidden.text) == (nowhere.status_code, nowhere.text)
    assert "UBND-Q3" not in site.get("/public", NOBODY).text


# ---- copies may be kept ----


@pytest.mark.parametrize("path", ["/public", PAGE, CSV, CHANNELS, JSON, "/public/NOWHERE"])
@pytest.mark.parametrize("who", [NOBODY, "viewer"])
def test_no_cookie_is_read_or_set(site: Site, path: str, who: str) -> None:
    license_it(site)
    switch(site)
    site.post("/language", who, language="en")
    answer = site.get(path, who)
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.text == site.app.test_client().get(path).text


@pytest.mark.parametrize("path", ["/public", PAGE, CSV, CHANNELS, JSON])
def test_an_answer_may_be_kept_for_an_hour_and_is_asked_for_by_its_tag(
    site: Site, path: str
) -> None:
    license_it(site)
    switch(site)
    answer = site.get(path, NOBODY)
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    again = site.get(path, NOBODY, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_language_stands_in_the_address(site: Site) -> None:
    switch(site)
    assert '<html lang="vi">' in site.get(PAGE, NOBODY).text
    english = site.get(f"{PAGE}?lang=en", NOBODY)
    assert "What these figures are not" in english.text
    assert english.headers["Content-Language"] == "en"
    assert '<html lang="vi">' in site.get(f"{PAGE}?lang=xx", NOBODY).text


def test_the_running_day_is_not_in_it(site: Site) -> None:
    switch(site)
    before = site.get(f"{PAGE}?lang=en", NOBODY).text
    assert "As of 21 Nov 2026" in before
    assert "up to 21 Nov 2026" in row(before, "month-2026-11")
    with writing():
        serve(1, site.now)
    assert site.get(f"{PAGE}?lang=en", NOBODY).text == before
    with writing():
        serve(1, site.now - DAY_MS)
    assert site.get(f"{PAGE}?lang=en", NOBODY).text != before


# ---- nothing that viewers don't see ----


def test_each_number_of_a_month_stands_on_the_page_that_viewers_have(site: Site) -> None:
    """Whoever scrapes the public page learns nothing beyond what a viewer may read."""
    switch(site)
    page = site.get(f"{PAGE}?lang=en", NOBODY).text
    for month, address in (
        ("2026-11", "/units/UBND-P1?from=2026-11-01&to=2026-11-21"),
        ("2026-10", "/units/UBND-P1?period=2026-10"),
    ):
        line = re.search(rf'<tr id="month-{month}">.*?</tr>', page, re.S)
        assert line
        cells = numbers(line[0][line[0].index("</th>") : line[0].rindex("<td")])
        seen = numbers(in_english(site, address))
        assert len(cells) > 5
        assert [number for number in cells if number not in seen] == []


def test_open_data_holds_the_same_numbers_as_the_page(site: Site) -> None:
    license_it(site)
    switch(site)
    page = site.get(f"{PAGE}?lang=en", NOBODY).text
    lines = list(csv.DictReader(io.StringIO(site.get(CSV, NOBODY).text)))
    assert [line["unit_code"] for line in lines] == ["UBND-P1"] * 2
    assert [line["month"] for line in lines] == ["2026-11", "2026-10"]
    assert [line["missing_days"] for line in lines] == ["0", "0"]
    shown = numbers(row(page, "month-2026-11"))
    for name in ("served", "rated", "very_satisfied", "satisfied", "unsatisfied"):
        assert f"{int(lines[0][name]):,}" in shown, name
    body = site.get(f"{JSON}?lang=en", NOBODY).json
    assert [str(one["served"]) for one in body["rows"]] == [one["served"] for one in lines]
    assert [one["name"] for one in body["fields"]] == list(lines[0])
    assert body["licence"] == "CC BY 4.0"
    assert body["audit_head"] in page


def test_open_data_has_no_formula_in_it(site: Site) -> None:
    license_it(site)
    switch(site)
    with writing():
        Unit.update(name="=HYPERLINK(1)").where(Unit.code == "UBND-P1").execute()
    lines = list(csv.DictReader(io.StringIO(site.get(CSV, NOBODY).text)))
    assert {line["unit_name"] for line in lines} == {"'=HYPERLINK(1)"}


def test_the_head_that_is_shown_is_of_before_today(site: Site) -> None:
    switch(site)
    shown = re.compile(r'<code class="long">(\d+:[0-9a-f]+)</code>')
    [before] = shown.findall(site.get(PAGE, NOBODY).text)
    site.post("/language", ADMIN, language="en")
    switch(site, "off", "UBND-Q3")
    assert shown.findall(site.get(PAGE, NOBODY).text) == [before]
    number, head = audit_log.head()
    site.now += DAY_MS
    assert shown.findall(site.get(PAGE, NOBODY).text) == [f"{number}:{head}"]


def test_without_a_licence_there_is_no_open_data(site: Site) -> None:
    switch(site)
    assert [site.get(path, NOBODY).status_code for path in (CSV, CHANNELS, JSON)] == [404] * 3
    assert "open-data" not in site.get("/public", NOBODY).text
    assert "no licence is set" in in_english(site, SWITCHES, ADMIN)


def test_other_channels_stand_apart_there_too(site: Site) -> None:
    switch(site)
    page = site.get(f"{PAGE}?lang=en", NOBODY).text
    assert re.search(r"very satisfied: 4 .*unsatisfied: 3", row(page, "way-paper"))
    assert 'id="way-box"' not in page


def test_open_data_has_them_in_a_file_of_their_own(site: Site) -> None:
    license_it(site)
    switch(site)
    lines = list(csv.DictReader(io.StringIO(site.get(CHANNELS, NOBODY).text)))
    assert [[*line.values()][4:] for line in lines] == [
        ["paper", "7", "4", "0", "3", "0", "0"], ["phone", "2", "", "", "", "0", "0"],
    ]  # fmt: skip
    assert {(line["unit_code"], line["month"], line["until"]) for line in lines} == {
        ("UBND-P1", "2026-11", "2026-11-21")
    }
    apart = site.get(f"{JSON}?lang=en", NOBODY).json["other_channels"]
    assert [one["name"] for one in apart["fields"]] == list(lines[0])
    assert [one["channel"] for one in apart["rows"]] == ["paper", "phone"]
    index = site.get("/public?lang=en", NOBODY).text
    assert CHANNELS in index
    assert "no terminal signed them" in text_of(index)


def test_a_unit_in_which_nothing_was_counted_says_so(empty_site: Site) -> None:
    places.add_unit("NEW", "Mới")
    switch(empty_site, unit="NEW")
    assert (
        "Nothing has been counted here yet." in empty_site.get("/public/NEW?lang=en", NOBODY).text
    )


def test_the_last_twelve_months_are_there_from_the_first_that_told_anything(site: Site) -> None:
    license_it(site)
    switch(site)
    for days, found in ((9, ["2026-11", "2026-10"]), (10, ["2026-12", "2026-11", "2026-10"])):
        now, site.now = site.now, site.now + days * DAY_MS
        lines = list(csv.DictReader(io.StringIO(site.get(CSV, NOBODY).text)))
        assert [line["month"] for line in lines] == found
        site.now = now
    site.now += 340 * DAY_MS
    lines = list(csv.DictReader(io.StringIO(site.get(CSV, NOBODY).text)))
    assert (lines[0]["month"], lines[-1]["month"], len(lines)) == ("2027-10", "2026-11", 12)
    assert (lines[0]["participation"], lines[0]["missing_days"]) == ("", "27")


def test_open_days_on_which_nothing_was_told_are_said_to_be_missing(site: Site) -> None:
    license_it(site)
    switch(site)
    site.now += 3 * DAY_MS
    lines = list(csv.DictReader(io.StringIO(site.get(CSV, NOBODY).text)))
    assert [line["missing_days"] for line in lines] == ["2", "0"]
