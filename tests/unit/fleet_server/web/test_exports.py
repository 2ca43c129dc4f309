"""What is seen can be taken away: the same lines, what they rest on, and no formulas."""

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from fleet_server.core.days import day_on
from fleet_server.store import audit_log
from fleet_server.store.database import writing
from fleet_server.store.models import Counter
from fleet_server.web.exports.sheets import Sheet, safe, to_csv, to_xlsx
from tests.fakes.office import VIETNAM
from tests.unit.fleet_server.web.conftest import Site


def rows_of(site: Site, path: str, who: str = "administrator") -> list[list[str]]:
    site.post("/language", who, language="en")
    answer = site.get(path, who)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def facts_of(rows: list[list[str]]) -> dict[str, str]:
    return dict(row for row in rows[rows.index([]) + 1 :])  # type: ignore[misc]


def test_counters_are_exported_as_they_are_filtered_and_sorted(site: Site) -> None:
    rows = rows_of(site, "/export/counters?format=csv&period=2026-11&show=under&sort=participation")
    assert rows[0][:6] == ["Code", "Counter", "Code of the unit", "Unit", "Served", "Rated"]
    assert [row[0] for row in rows[1 : rows.index([])]] == ["P1-03", "Q3-02"]
    assert dict(zip(rows[0], rows[2], strict=True))["Days missing"] == "1"


def test_an_export_says_what_it_rests_on_and_is_noted(site: Site) -> None:
    facts = facts_of(rows_of(site, "/export/units?format=csv&period=2026-11"))
    number, head = audit_log.head(day_on(date(2026, 11, 22), VIETNAM).start)
    assert number < audit_log.head()[0], "whoever exports may not read the log"
    assert facts["Audit log, last entry before today"] == str(number)
    assert facts["Audit log, hash of it"] == head
    assert facts["Period"] == "Month 11 of 2026 (1 Nov 2026 – 30 Nov 2026)"
    assert "participation 40%, satisfaction 80%" in facts["Targets of the whole fleet"]
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("export.units", "fleet")
    assert entry.actor == "person:administrator@hailong.example"


def test_a_workbook_has_the_table_and_the_facts(site: Site) -> None:
    answer = site.get("/export/services?period=30", "administrator")
    book = load_workbook(BytesIO(answer.data))
    assert len(book.sheetnames) == 2
    assert "attachment" in answer.headers["Content-Disposition"]
    assert [cell.value for cell in book.worksheets[0]["A"]][-2:] == ["Khai tử", "không rõ dịch vụ"]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\tx", "\r=1"])
def test_a_name_is_never_a_formula(name: str) -> None:
    assert safe(name) == f"'{name}"
    sheet = Sheet("T", ["Name"], [[name]], [(name, 1)])
    assert f"'{name}" in to_csv(sheet).decode("utf-8-sig")
    cell = load_workbook(BytesIO(to_xlsx(sheet))).worksheets[0]["A2"]
    assert cell.data_type == "s"


def test_a_counter_named_like_a_formula_is_exported_as_text(site: Site) -> None:
    with writing():
        Counter.update(name="=cmd|' /C calc'!A0").where(Counter.code == "P1-01").execute()
    rows = rows_of(site, "/export/counters?format=csv&q=P1-01")
    assert rows[1][1] == "'=cmd|' /C calc'!A0"


def test_who_may_not_take_away_gets_nothing_and_sees_no_link(site: Site) -> None:
    assert site.get("/export/counters", "viewer").status_code == 403
    assert "/export/" not in site.get("/counters", "viewer").text
    assert "/export/" in site.get("/counters", "auditor").text


def test_who_may_not_see_figures_takes_none_away(site: Site) -> None:
    rows = rows_of(site, "/export/counters?format=csv", "technician")
    assert rows.index([]) == 1


@pytest.mark.parametrize("query", ["format=pdf", "period=nonsense", "sort=color", "show=x"])
def test_what_is_not_there_can_not_be_exported(site: Site, query: str) -> None:
    assert site.get(f"/export/counters?{query}", "administrator").status_code == 404


def test_days_that_are_no_days_are_refused(site: Site) -> None:
    answer = site.get("/export/counters?from=2026-11-20&to=2026-11-01", "administrator")
    assert answer.status_code == 400
