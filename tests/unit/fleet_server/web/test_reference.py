"""The interface in words: made from the document, for everybody, in both languages."""

import pytest
from markupsafe import escape

from fleet_server.web.api.problems import TITLES
from fleet_server.web.api.reference.words import PROBLEMS
from tests.unit.fleet_server.web.conftest import Site


def test_every_route_of_the_document_is_on_the_page(site: Site) -> None:
    document = site.get("/api/v1/openapi.json", "nobody").json
    page = site.get("/api/v1/", "nobody").text
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            assert f"{method.upper()} {path}" in page
            assert told["summary"] in page
    for event in document["webhooks"]:
        assert f"<code>{event}</code>" in page


@pytest.mark.parametrize("kind", TITLES)
def test_the_type_of_each_problem_leads_to_its_page(site: Site, kind: str) -> None:
    status, title = TITLES[kind]
    page = site.get(f"/api/v1/problems/{kind}", "nobody")
    assert page.status_code == 200
    assert f"HTTP {status}" in page.text
    assert str(escape(title)) in page.text


def test_a_kind_that_is_not_there_is_not_found(site: Site) -> None:
    answer = site.get("/api/v1/problems/none", "nobody")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_every_kind_has_its_words() -> None:
    assert PROBLEMS.keys() == TITLES.keys()


def test_the_pages_speak_vietnamese(site: Site) -> None:
    assert "Giao diện REST" in site.get("/api/v1/", "nobody").text
    assert "Quá nhiều yêu cầu" in site.get("/api/v1/problems/rate-limited", "nobody").text
