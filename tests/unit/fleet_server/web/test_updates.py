"""Versions in use, rollouts, and what people do to them."""

import pytest

from fleet_server.store import rollouts
from fleet_server.store.models import Rollout, TerminalStatus
from tests.fakes.grants import confine
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

NEW = {"bundle": "4b" * 32, "unit": "UBND-Q3", "first": "", "percents": "10, 100", "soak_h": "24"}


def test_the_page_says_which_versions_are_in_use_and_how_rollouts_stand(site: Site) -> None:
    TerminalStatus.update(health={"image": "1.3.0"}).where(
        TerminalStatus.terminal == "p1-01-t1"
    ).execute()
    text = text_of(in_english(site, "/updates"))
    assert "1.3.0 1 " in text
    assert "✕ stopped 1 of 2 terminals could not be updated or went back" in text
    assert "1.4.0 155 MiB" in text
    assert "Begin a rollout" not in text, "a viewer only looks"


def test_a_rollout_shows_each_terminal_with_state_and_reason_the_failed_first(site: Site) -> None:
    text = text_of(in_english(site, "/updates/2", "technician"))
    failed = text.index("went back to the former image: the new image did not start")
    assert failed < text.index("waits for a quiet time")
    assert "Go on" in text
    assert "End for good" in text
    assert "Pause" not in text, "it is stopped"
    only = text_of(in_english(site, "/updates/2?state=failed", "technician"))
    assert "p1-02-t1" not in only


def test_a_reason_of_a_terminal_is_in_vietnamese_too(site: Site) -> None:
    assert "đã quay về ảnh cũ: ảnh mới không khởi động được" in text_of(site.get("/updates/2").text)


def test_somebody_begins_a_rollout_in_rings(site: Site) -> None:
    answer = site.post("/updates/new", "technician", **NEW | {"automatic": "y"})
    number = int(answer.headers["Location"].rpartition("/")[2])
    line = rollouts.find(number)
    assert line is not None
    assert (line.state, line.rings, line.automatic, line.soak_ms) == (
        "running", 2, True, 24 * 3_600_000,
    )  # fmt: skip
    assert sorted(one.terminal for one in rollouts.members(number)) == [
        "kho-01", "q3-01-t1", "q3-02-t1", "q3-03-t1",
    ]  # fmt: skip


def test_nobody_is_told_to_go_back_to_an_older_image(site: Site) -> None:
    there = TerminalStatus.terminal.in_(["q3-01-t1", "q3-02-t1"])
    TerminalStatus.update(health={"image": "1.10.0"}).where(there).execute()
    answer = site.post("/updates/new", "technician", **NEW)
    number = int(answer.headers["Location"].rpartition("/")[2])
    found = sorted(one.terminal for one in rollouts.members(number))
    assert found == ["kho-01", "q3-03-t1"], "the former never said what it runs"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("percents", "10, 5, 100", "growing whole numbers"),
        ("percents", "all", "growing whole numbers"),
        ("soak_h", "-1", "Hours to wait"),
        ("soak_h", "9" * 400, "Hours to wait"),
        ("percents", "1" * 5000, "growing whole numbers"),
        ("unit", "UBND-P1", "another rollout has some of them"),
        ("bundle", "ff" * 32, "Version"),
    ],
)
def test_what_makes_no_rollout_is_said(site: Site, field: str, value: str, said: str) -> None:
    site.post("/language", "technician", language="en")
    answer = site.post("/updates/new", "technician", **NEW | {field: value})
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert Rollout.select().count() == 2


def test_a_person_goes_on_with_a_stopped_rollout_and_another_finds_it_changed(site: Site) -> None:
    assert "asked once" not in site.get("/updates/2/resume", "technician").text
    assert site.post("/updates/2/resume", "technician", ring="1").status_code == 303
    line = rollouts.find(2)
    assert line is not None
    assert line.state == "running"
    site.post("/updates/2/resume", "technician", ring="1")
    site.post("/updates/2/next", "technician", ring="2")
    line = rollouts.find(2)
    assert line is not None
    assert (line.state, line.ring) == ("running", 1)


@pytest.mark.parametrize("path", ["/updates/2/burn", "/updates/1/end", "/updates/99"])
def test_what_there_is_not_is_not_found(site: Site, path: str) -> None:
    assert site.get(path, "technician").status_code == 404


def test_who_has_a_branch_sees_and_begins_only_its_own(site: Site) -> None:
    confine(PEOPLE["technician"], "technician", "UBND-Q3")
    html = site.get("/updates", "technician").text
    assert "/updates/1" in html
    assert "/updates/2" not in html
    assert site.get("/updates/2", "technician").status_code == 404
    assert site.post("/updates/2/end", "technician", ring="1").status_code == 404
    assert site.post("/updates/new", "technician", **NEW | {"unit": ""}).status_code == 422
