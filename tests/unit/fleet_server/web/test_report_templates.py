"""The template of documents: sent, examined, in use, given back; every version is kept."""

from io import BytesIO
from typing import Any

import pytest
from docx import Document
from werkzeug.test import TestResponse

from fleet_server.store import audit_log, report_templates
from tests.fakes.reading import token
from tests.unit.fleet_server.reports.test_examining import document
from tests.unit.fleet_server.web.conftest import Site, in_english

PAGE = "/settings/templates"
REPORT = "/reports/file.docx?period=2026-11&unit=UBND-P1"


def send(site: Site, data: bytes, seen: str = "0", who: str = "administrator") -> TestResponse:
    form: dict[str, Any] = {
        "csrf_token": token(site.client(who)),
        "seen": seen,
        "file": (BytesIO(data), "mẫu.docx"),
    }
    return site.client(who).post(PAGE, data=form)


def texts(site: Site) -> list[str]:
    made = Document(BytesIO(site.get(REPORT, "administrator").data))
    return [one.text for one in made.paragraphs]


def test_without_a_template_of_its_own_an_office_writes_by_the_standard_one(site: Site) -> None:
    assert "BÁO CÁO" in texts(site)
    in_english(site, "/", "administrator")
    assert "REPORT" in texts(site)


def test_a_template_that_is_sent_holds_from_then_on_and_is_noted(site: Site) -> None:
    assert send(site, document("Phường: {{ branch }}")).status_code == 303
    assert texts(site)[0].endswith("phường 1") or "Phường: " in texts(site)[0]
    entry = next(one for one in audit_log.newest(5) if one.action == "report.template")
    assert '"version":1' in entry.details
    assert "mẫu.docx" in site.get(PAGE, "administrator").text
    assert site.get("/settings/templates/1.docx", "auditor").status_code == 200


def test_all_unknown_fields_are_named_and_nothing_is_taken(site: Site) -> None:
    in_english(site, "/", "administrator")
    answer = send(site, document("{{ colour }} {{ total.sered }}"))
    assert answer.status_code == 422
    assert "There is no such field: colour" in answer.text
    assert "There is no such field: total.sered" in answer.text
    assert report_templates.history() == []


def test_the_second_of_two_who_send_is_told(site: Site) -> None:
    assert send(site, document("1")).status_code == 303
    assert send(site, document("2"), seen="0").status_code == 409
    assert send(site, document("2"), seen="nonsense").status_code == 409
    assert texts(site)[0] == "1"


def test_the_standard_one_holds_again_when_an_office_gives_its_own_back(site: Site) -> None:
    send(site, document("own"))
    assert site.post(f"{PAGE}/standard", "administrator", seen="1").status_code == 303
    assert "BÁO CÁO" in texts(site)
    assert report_templates.file(1) is not None
    assert site.get("/settings/templates/2.docx", "administrator").status_code == 404


@pytest.mark.parametrize("who", ["viewer", "auditor", "unit_head"])
def test_only_who_holds_the_settings_changes_it(site: Site, who: str) -> None:
    assert send(site, document("x"), who=who).status_code == 403


def test_the_standard_one_can_be_taken_away_to_be_changed(site: Site) -> None:
    data = site.get("/settings/templates/0.docx", "administrator").data
    assert send(site, data).status_code == 303


def test_without_a_file_the_form_says_so(site: Site) -> None:
    assert site.post(PAGE, "administrator", seen="0").status_code == 422
