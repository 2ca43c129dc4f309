"""The navigation: each subject once, and only what may be opened."""

import re
from itertools import groupby

import pytest

from fleet_server.web import navigation
from fleet_server.web.access import allow
from fleet_server.web.navigation import Entry, Subject
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site


def row(html: str) -> list[tuple[str, str]]:
    """Return address and mark of each link of the first row."""
    nav = re.search(r'<nav class="row".*?</nav>', html, re.S)
    assert nav
    return re.findall(r'<a href="([^"]*)"(?: aria-current="([a-z]*)")?', nav[0])


def second(html: str) -> str:
    found = re.search(r'<nav class="second".*?</nav>', html, re.S)
    return found[0] if found else ""


@pytest.fixture
def settings(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A subject of two pages, of which the second is for administrators."""
    for name, rule in (("one", "figures"), ("two", "people")):
        view = allow(rule)(lambda: "page")  # type: ignore[arg-type,type-var]  # known
        site.app.add_url_rule(f"/{name}", name, view)
    subject = Subject("Settings", (Entry("one", "First"), Entry("two", "Second")))  # type: ignore[arg-type]
    counters = Subject("Both", (Entry("counters.index", "All"), Entry("two", "Two")))  # type: ignore[arg-type]
    monkeypatch.setattr(navigation, "SUBJECTS", (*navigation.SUBJECTS[:2], counters, subject))
    return site


def test_the_page_that_is_read_is_marked(site: Site) -> None:
    assert dict(row(site.get("/counters").text))["/counters"] == "page"
    assert dict(row(site.get("/counters").text))["/matters"] == ""


def test_a_page_within_a_subject_marks_the_subject(site: Site) -> None:
    assert dict(row(site.get("/terminals/p1-03-t1").text))["/terminals"] == "true"


def test_who_is_not_signed_in_sees_no_navigation(site: Site) -> None:
    html = site.client("nobody").get("/login").text
    assert "<nav" not in html
    assert "<details" not in html


def test_an_error_page_has_the_navigation_with_nothing_marked(site: Site) -> None:
    marks = {mark for _address, mark in row(site.get("/nowhere").text)}
    assert marks == {""}


def test_a_subject_leads_to_the_first_page_that_may_be_opened(settings: Site) -> None:
    assert ("/one", "") in row(settings.get("/").text)


def test_several_pages_of_a_subject_stand_in_a_second_row(settings: Site) -> None:
    html = settings.get("/counters", "administrator").text
    assert text_of(second(html)).split() == ["All", "Two"]
    assert 'href="/counters" aria-current="page"' in second(html)
    assert ("/counters", "true") in row(html)
    assert second(settings.get("/", "administrator").text) == ""


def test_a_page_that_may_not_be_opened_is_not_shown(settings: Site) -> None:
    html = settings.get("/counters").text
    assert second(html) == ""
    assert "/two" not in html


def test_a_subject_without_a_page_that_may_be_opened_is_not_shown(
    settings: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    only = Subject("Only", (Entry("two", "Two"),))  # type: ignore[arg-type]
    monkeypatch.setattr(navigation, "SUBJECTS", (only,))
    assert "<nav" not in settings.get("/").text
    assert ("/two", "") in row(settings.get("/", "administrator").text)


def test_the_persons_own_pages_stand_in_their_menu(
    settings: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "ACCOUNT", (Entry("two", "Mine"),))
    assert '<a href="/two">Mine</a>' in settings.get("/", "administrator").text
    assert "Mine" not in settings.get("/").text


def test_many_pages_of_a_subject_stand_under_headings(site: Site) -> None:
    site.post("/language", "administrator", language="en")
    row_of_settings = second(site.get("/tree", "administrator").text)
    said = re.findall(
        r'<p id="(pages-\d)">([^<]+)</p>\s*<ul aria-labelledby="\1">', row_of_settings
    )
    assert [name for _id, name in said] == [
        "Places", "Figures", "Cases and alarms", "People and access",
    ]  # fmt: skip
    assert "<p" not in second(site.get("/terminals", "administrator").text)


def test_a_heading_is_said_once_in_a_subject() -> None:
    for subject in navigation.SUBJECTS:
        headings = [name for name, _links in groupby(subject.entries, lambda one: one.heading)]
        assert len(headings) == len(set(headings)), subject.label
        assert len(subject.entries) < 8 or None not in headings, subject.label


def test_other_channels_are_a_subject_of_their_own(site: Site) -> None:
    links = row(site.get("/other", "quality_officer").text)
    assert ("/other", "true") in links
    assert ("/interviews", "") in links
    assert "/other" not in dict(row(site.get("/").text))


def test_every_entry_names_a_page(site: Site) -> None:
    entries = [one for subject in navigation.SUBJECTS for one in subject.entries]
    for entry in (*entries, *navigation.ACCOUNT):
        assert entry.endpoint in site.app.view_functions
