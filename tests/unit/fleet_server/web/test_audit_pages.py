"""The pages of the audit log."""

import csv
import io

import pytest

from fleet_server.store import audit_log
from fleet_server.store.database import writing
from tests.fakes.grants import confine
from tests.fakes.office import NOW
from tests.unit.fleet_server.web.conftest import PEOPLE, Site

DAY_MS = 86_400_000


def note(action: str, subject: str, at: int = NOW, actor: str = "person:lan@x.vn") -> None:
    with writing():
        audit_log.note(actor, action, subject, {"name": "=1+1"}, at=at)


def shown(text: str) -> list[int]:
    """Return the numbers of the entries on a page, as they stand there."""
    return [int(part.split('"')[0]) for part in text.split('id="entry-')[1:]]


def test_the_newest_entry_stands_first_and_in_plain_words(site: Site) -> None:
    note("matter.close", "matter:7")
    text = site.get("/audit", "auditor").text
    numbers = shown(text)
    assert numbers == sorted(numbers, reverse=True)
    assert "Đã đóng một việc" in text


def test_an_action_without_words_is_shown_as_it_is(site: Site) -> None:
    note("moon.eclipse", "moon:1", actor="somebody")
    text = site.get("/audit", "auditor").text
    assert "moon.eclipse" in text
    assert "moon:1" in text


def test_a_long_log_is_read_page_by_page(site: Site) -> None:
    for number in range(60):
        note("unit.add", f"unit:U{number}")
    first = site.get("/audit?what=unit.add", "auditor").text
    cursor = first.split("cursor=")[1].split('"')[0].split("&")[0]
    second = site.get(f"/audit?what=unit.add&cursor={cursor}", "auditor").text
    assert len(shown(first)) == 50
    assert shown(first)[-1] == shown(second)[0] + 1
    assert set(shown(first)).isdisjoint(shown(second))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=LAN", {"unit:A", "unit:B", "key:k"}),
        ("who=l%25n", set()),
        ("what=unit.add", {"unit:A", "unit:B"}),
        ("what=key.", {"key:k"}),
        ("subject=unit:a", {"unit:A"}),
        ("who=lan&from=2026-11-20&to=2026-11-21", {"unit:B"}),
        ("who=lan&from=2026-11-22", {"unit:A", "key:k"}),
    ],
)
def test_the_log_is_filtered_by_its_address(site: Site, query: str, found: set[str]) -> None:
    note("unit.add", "unit:A")
    note("unit.add", "unit:B", NOW - DAY_MS)
    note("key.add", "key:k")
    page = site.get(f"/audit?{query}", "auditor").text
    said = {one.subject for one in audit_log.newest(50) if one.id in shown(page)}
    assert said & {"unit:A", "unit:B", "key:k"} == found


@pytest.mark.parametrize(
    "query", ["from=yesterday", "to=9999-12-31", "from=2026-13-01", "who=" + "x" * 500]
)
def test_a_filter_that_makes_no_sense_is_said_and_breaks_nothing(site: Site, query: str) -> None:
    answer = site.get(f"/audit?{query}", "auditor")
    assert answer.status_code == 200
    assert "flash error" in answer.text
    assert site.get(f"/audit.csv?{query}", "auditor").status_code == 400


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 40, "٣"])
def test_a_cursor_that_is_none_begins_anew(site: Site, cursor: str) -> None:
    assert shown(site.get(f"/audit?cursor={cursor}", "auditor").text)


def test_one_entry_tells_its_details_and_its_place_in_the_chain(site: Site) -> None:
    note("person.grant", "person:nam@x.vn")
    entry = audit_log.newest(1)[0]
    text = site.get(f"/audit/{entry.id}", "auditor").text
    assert entry.hash in text
    assert entry.previous in text
    assert "Đã giao một vai trò" in text
    assert site.get("/audit/999999", "auditor").status_code == 404
    assert site.get(f"/audit/{'9' * 30}", "auditor").status_code == 404


def test_the_log_is_taken_away_as_a_table_that_no_spreadsheet_takes_for_formulas(
    site: Site,
) -> None:
    site.client("auditor")
    note("unit.add", "=cmd|x", actor="@lan")
    before = audit_log.head()
    answer = site.get("/audit.csv", "auditor")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert rows[-1][2:5] == ["'@lan", "unit.add", "'=cmd|x"]
    assert rows[-1][-1] == before[1]
    name = f"audit-log-{before[0]}-{before[1][:32]}.csv"
    assert name in answer.headers["Content-Disposition"], "so many digits that it binds"


def test_taking_it_away_is_noted(site: Site) -> None:
    site.get("/audit.csv?what=unit.add", "auditor")
    entry = audit_log.newest(1)[0]
    assert (entry.actor, entry.action) == (f"person:{PEOPLE['auditor']}", "audit.export")
    assert "what=unit.add" in entry.details


def test_the_newest_hash_is_shown_to_be_written_down(site: Site) -> None:
    site.client("auditor")
    number, newest = audit_log.head()
    text = site.get("/audit", "auditor").text
    assert f"<code>hailong-fleet verify --audit-head {number}:{newest}</code>" in text


def test_an_auditor_of_a_branch_reads_what_was_done_there(site: Site) -> None:
    confine(PEOPLE["auditor"], "auditor", "UBND-P1")
    for subject in ("unit:UBND-P1", "counter:P1-01", "terminal:p1-01-t1", "unit:UBND-Q3"):
        note("unit.change", subject)
    for subject in ("counter:Q3-01", "terminal:q3-02-t1", "person:lan@x.vn", "key:k"):
        note("unit.change", subject)
    text = site.get("/audit", "auditor").text
    assert len(shown(text)) == 3
    assert "Q3-" not in text
    assert "q3-" not in text
    assert 'id="head"' not in text
