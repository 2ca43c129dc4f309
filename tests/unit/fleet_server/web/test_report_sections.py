"""What stands in a report beside its signed figures: cases, interviews, other channels, scores."""

import csv
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from docx import Document

from fleet_server.cli import main
from fleet_server.core.national_scale import NATIONAL
from fleet_server.core.roles import Grant
from fleet_server.store import kept_reports, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import CaseFile, InterviewSheet, Unit, UnsignedRating
from tests.fakes.draws import answered
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

P1 = "period=2026-11&unit=UBND-P1"
QUARTER = "period=2026-Q4&unit=UBND-P1"
CASES = "Cases of unsatisfied ratings and complaints"
CONFINED = "Cases of which no figure tells are among them; they count in no index score."
UNCONFINED = "Cases of which no figure tells are not among them."


def report(site: Site, query: str = P1, role: str = "administrator") -> list[list[str]]:
    in_english(site, "/", role)
    answer = site.get(f"/reports/file.csv?{query}", role)
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def section(lines: list[list[str]], title: str) -> list[list[str]]:
    """Return the rows below a table's heads; nothing where there is no such table."""
    begin = next((n for n, row in enumerate(lines) if row and row[0].startswith(title)), None)
    return [] if begin is None else lines[begin + 2 : lines.index([], begin)]


def notes(lines: list[list[str]]) -> list[str]:
    begin = lines.index(["Notes"])
    return [row[0] for row in lines[begin + 1 : lines.index([], begin)]]


def fact(lines: list[list[str]], name: str) -> str:
    return next(row[1] for row in lines if row and row[0] == name)


# ---- cases ----


def test_cases_are_counted_by_the_parts_of_the_branch_and_add_up(site: Site) -> None:
    assert section(report(site, "period=2026-11"), CASES) == [
        ["UBND-P1", "UBND phường Bến Nghé", "1", "0", "1", "1", "0", "0", "1"],
        ["UBND-Q3", "Trung tâm hành chính công Quận 3", "1", "1", "0", "0", "0", "0", "0"],
        ["", "Together", "2", "1", "1", "1", "0", "0", "1"],
    ]
    assert section(report(site), CASES)[0][:3] == ["", "Right in the unit", "1"]


def test_cases_of_other_days_are_not_in_it(site: Site) -> None:
    found = section(report(site, "period=2026-11-15..2026-11-22&unit=UBND-P1"), CASES)
    assert found[-1][2:] == ["1", "0", "1", "0", "0", "0", "0"]
    assert section(report(site, "period=2026-08&unit=UBND-P1"), CASES) == []


def test_a_report_says_why_cases_are_others_than_on_other_pages(site: Site) -> None:
    found = notes(report(site))
    assert any("counts in the period of its rating" in one and "all days" in one for one in found)
    assert any("more or fewer cases than unsatisfied ratings" in one for one in found)
    without = notes(report(site, "period=2026-08&unit=UBND-P1"))
    assert not any("unsatisfied ratings" in one for one in without)


def test_what_was_withdrawn_is_only_that(site: Site) -> None:
    with writing():
        CaseFile.update(state="withdrawn", citizens_side=None).where(
            CaseFile.unit == 1, CaseFile.state == "closed"
        ).execute()
    assert section(report(site), CASES)[-1][2:] == ["1", "0", "1", "0", "0", "1", "0"]


def test_confined_cases_are_counted_for_who_has_evidence_in_all_of_the_branch(site: Site) -> None:
    query = "period=2026-10&unit=UBND-Q3"
    found = report(site, query)
    assert section(found, CASES)[-1][2:4] == ["2", "1"]
    assert CONFINED in notes(found)
    without = report(site, query, "unit_head")
    assert section(without, CASES) == []
    assert fact(found, "SHA-256 of the contents") != fact(without, "SHA-256 of the contents")
    mixed = report(site, "period=2026-Q4&unit=UBND-Q3", "unit_head")
    assert section(mixed, CASES)[-1][2:4] == ["1", "1"]
    assert UNCONFINED in notes(mixed)


def test_who_has_evidence_in_a_part_alone_is_told_of_no_confined_case(site: Site) -> None:
    with writing():
        person = User.get(User.email == PEOPLE["unit_head"])
        users.give(person.id, Grant("auditor", Unit.get(Unit.code == "UBND-Q3").id))
    assert section(report(site, "period=2026-10", "unit_head"), CASES) == []
    assert section(report(site, "period=2026-10&unit=UBND-Q3", "unit_head"), CASES) != []


def test_a_kept_report_tells_of_none_and_one_of_the_command_of_all(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fleet_server.clock.now_ms", lambda: site.now)
    in_english(site, "/", "administrator")
    form = {"period": "2026-10", "unit": "UBND-Q3", "formats": "csv"}
    site.post("/reports/kept", "administrator", **form)
    kept = kept_reports.file(kept_reports.listed()[0].id, "csv")
    assert kept is not None
    assert section(list(csv.reader(StringIO(kept.decode("utf-8-sig")))), CASES) == []
    file = tmp_path / "report.csv"
    words = ["--period", "2026-10", "--branch", "UBND-Q3", "--language", "en"]
    config = str(tmp_path / "fleet" / "fleet.toml")
    assert main(["report", "make", *words, "--to", str(file), "--config", config]) == 0
    made = list(csv.reader(StringIO(file.read_bytes().decode("utf-8-sig"))))
    assert section(made, CASES)[-1][2] == "2"


def test_who_sees_no_cases_is_told_of_none(site: Site) -> None:
    page = in_english(site, f"/reports?{P1}", "interviewer")
    assert "Signed ratings" in page
    assert CASES not in page
    assert CASES in in_english(site, f"/reports?{P1}", "viewer")


def test_both_figures_of_satisfaction_stand_side_by_side(site: Site) -> None:
    found = report(site)
    made, without = section(found, "Satisfaction with and without")
    assert [made[2:4], int(made[4]) - 1] == [without[2:4], int(without[4])]
    assert float(without[5]) >= float(made[5])
    assert made[2:5] == section(found, "Signed ratings")[-1][6:9]
    assert any("A review put 1 rating down to the citizen's side" in one for one in notes(found))
    assert section(report(site, "period=2026-11&unit=UBND-Q3"), "Satisfaction with and") == []


# ---- interviews ----


def test_five_answers_stand_beside_the_terminals(site: Site) -> None:
    answered(1, 1, 4, attitude="satisfied")
    answered(1, 1, 1, attitude="unsatisfied", intake="satisfied")
    found = report(site, QUARTER)
    rows = {row[1]: row[2:] for row in section(found, "Interviews beside")}
    assert rows["Attitude of the staff"][:2] == ["5", "80.0"]
    assert rows["Attitude of the staff"][3].endswith("points, within chance")
    assert rows["Taking the dossier in"][:2] == ["", ""]
    assert rows["Taking the dossier in"][3] == "–"
    assert "Interviews: interviewed: 5." in notes(found)
    assert any("count in the period in which they were closed" in one for one in notes(found))


def test_four_answers_wait_and_so_does_what_came_of_asking(site: Site) -> None:
    answered(2, 1, 4, attitude="unsatisfied")
    found = report(site, QUARTER)
    assert section(found, "Interviews beside") == []
    assert [one for one in notes(found) if one.startswith("Interviews")] == [
        "Interviews: nothing can be told yet. Answers at a counter are told from five of different "
        "citizens in a quarter on, all others of a unit when the quarter is over."
    ]


def test_a_month_says_that_interviews_are_told_by_quarters(site: Site) -> None:
    answered(1, 1, 9, attitude="unsatisfied")
    found = report(site)
    assert section(found, "Interviews beside") == []
    assert [one for one in notes(found) if one.startswith("Interviews")] == [
        "Interviews are told by whole quarters: choose one."
    ]


def test_where_nobody_was_asked_nothing_is_said_of_it(site: Site) -> None:
    with writing():
        InterviewSheet.delete().execute()
    assert not any("Interviews" in one for one in notes(report(site, QUARTER)))


# ---- other channels ----


def test_other_channels_stand_apart_and_in_no_sum(site: Site) -> None:
    before = section(report(site), "Signed ratings")
    rows = {row[1]: row[2:] for row in section(report(site), "Ratings by other channels")}
    assert rows["Paper"] == ["7", "4", "0", "3", "57.1", "0", "0"]
    assert rows["Phone"] == ["2", "", "", "", "", "0", "0"]
    assert rows["At the terminal, signed"][1:4] == before[-1][6:9]
    with writing():
        UnsignedRating.delete().execute()
    found = report(site)
    assert section(found, "Ratings by other channels") == []
    assert section(found, "Signed ratings") == before


# ---- index scores ----


@pytest.fixture
def scored(site: Site) -> Site:
    """The office, where people entered two points for whatever is entered."""
    for index in NATIONAL.indexes:
        if index.source == "entered":
            form = {"two": "1", "one": "0", "none": "0", "reason": "Register"}
            path = f"/reports/scores/{index.key}?{QUARTER}"
            assert site.post(path, "quality_officer", **form).status_code == 303
    return site


def test_the_first_scale_gives_a_class_once_citizens_were_asked(scored: Site) -> None:
    assert fact(report(scored, QUARTER), "Class") == "none: 1 indexes are not scored"
    answered(1, 1, 9, attitude="satisfied")
    answered(1, 1, 1, attitude="unsatisfied")
    found = report(scored, QUARTER)
    rows = {row[1]: row[2:] for row in section(found, "Index scores by version 1")}
    assert rows["Attitude of the officials"] == ["90.0% (9 / 10)", "1.0"]
    assert rows["Complaints taken up and explained"] == ["100.0% (2 / 2)", "2.0"]
    assert rows["Together"][1] == "17.0"
    assert fact(found, "Class") == "excellent"


def test_a_case_that_is_overdue_costs_points_and_a_confined_one_none(scored: Site) -> None:
    with writing():
        CaseFile.update(due=scored.now - 1, state="assigned").where(
            CaseFile.unit == 1, CaseFile.state == "answered"
        ).execute()
        CaseFile.update(confined=True, due=scored.now - 1).where(
            CaseFile.unit == 1, CaseFile.grain == "day"
        ).execute()
    rows = {
        row[1]: row[2:] for row in section(report(scored, QUARTER), "Index scores by version 1")
    }
    assert rows["Complaints taken up and explained"] == ["50.0% (1 / 2)", "0.0"]


# ---- formats ----


def test_each_format_and_the_page_say_it_too(site: Site) -> None:
    answered(1, 1, 5, attitude="satisfied")
    page = in_english(site, f"/reports?{QUARTER}", "administrator")
    made = Document(BytesIO(site.get(f"/reports/file.docx?{QUARTER}", "administrator").data))
    texts = [paragraph.text for paragraph in made.paragraphs]
    for title in (
        CASES,
        "Satisfaction with and without the ratings that a review ruled out",
        "Interviews beside the terminals",
        "Ratings by other channels",
    ):
        assert title in page
        assert title in texts
