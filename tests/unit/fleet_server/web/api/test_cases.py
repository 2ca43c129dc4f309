"""Cases by REST: the newest first, one with its steps, and what is never told."""

import pytest

from fleet_server.store import places
from fleet_server.store.database import writing
from fleet_server.store.models import CaseFile
from tests.fakes import cases
from tests.fakes.desk import NINE, add_counter
from tests.unit.fleet_server.web.api.conftest import Rest


@pytest.fixture
def office(rest: Rest) -> Rest:
    """The cases of the office, at counters C1 to C6."""
    places.add_unit("U2", "Another")
    for number in range(3, 7):
        add_counter(f"C{number}")
    with writing():
        cases.add(NINE)
    return rest


def listed(rest: Rest, **query: object) -> list[int]:
    answer = rest.get("/cases", **query)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json["cases"]]


def test_cases_are_listed_the_newest_first_without_confined_ones(office: Rest) -> None:
    assert listed(office) == [4, 3, 2, 1]
    assert listed(office, state="closed") == [3]
    assert listed(office, overdue="true") == [1]
    assert listed(office, counter="C2") == [4]
    CaseFile.update(late=True).where(CaseFile.id == 3).execute()
    assert listed(office, late="true") == [3]
    assert office.get("/cases", state="gone").status_code == 422


def test_a_list_goes_on_where_its_page_ended(office: Rest) -> None:
    first = office.get("/cases", limit=3).json
    assert ([row["id"] for row in first["cases"]], first["next"]) == ([4, 3, 2], "2")
    assert listed(office, limit=3, cursor=first["next"]) == [1]


def test_one_case_has_its_steps_and_tells_neither_rating_nor_names(office: Rest) -> None:
    answer = office.get("/cases/2")
    assert [one["step"] for one in answer.json["steps"]] == [
        "open", "assign", "answer", "return", "assign", "answer",
    ]  # fmt: skip
    assert answer.json["steps"][3]["said"].startswith("Không nói vì sao")
    assert answer.json["steps"][5]["answer"]["attachments"] == 1
    assert (answer.json["state"], answer.json["overdue"]) == ("answered", False)
    for secret in ("2/7", "Thư xin lỗi", "person", "who"):
        assert secret not in answer.text
    assert office.get("/cases/1").json["items"] == ["parking", "attitude"]


@pytest.mark.parametrize("number", [1_000_000_001, 99])
def test_a_confined_case_and_none_are_the_same(office: Rest, number: int) -> None:
    assert office.get(f"/cases/{number}").status_code == 404


@pytest.mark.parametrize("path", ["/cases", "/cases/2"])
def test_who_holds_an_answer_is_told_that_nothing_has_changed(office: Rest, path: str) -> None:
    held = {"If-None-Match": office.get(path).headers["ETag"]}
    assert office.call("GET", f"/api/v1{path}", headers=held).status_code == 304


def test_a_counter_that_is_not_there_has_no_list(office: Rest) -> None:
    assert office.get("/cases", counter="none").status_code == 404
