"""Reports: the same figures as the pages, in every format, with all that has to be said of them."""

import csv
import subprocess
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from flask import g
from openpyxl import load_workbook

from fleet_server.cli import main
from fleet_server.core.report import Report, cells
from fleet_server.core.roles import EVERYTHING, Grant
from fleet_server.core.spans import read
from fleet_server.reports import keeping
from fleet_server.reports.digest import digest
from fleet_server.reports.gathering import gather
from fleet_server.reports.written import write
from fleet_server.settings import load
from fleet_server.store import audit_log, database, places, targets, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import Counter, Rating, Record, TerminalStatus, Unit
from fleet_server.store.pages.cases import Sight
from fleet_server.web import measured
from fleet_server.web.figures import Figures
from fleet_server.web.pieces import Asked
from tests.fakes import databases
from tests.fakes.grants import confine
from tests.fakes.office import HOUR_MS, NOW
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

TODAY = date(2026, 11, 22)
DAY_MS = 24 * HOUR_MS


ALL = Sight(EVERYTHING, EVERYTHING)


def gathered(
    site: Site, code: str | None = None, period: str = "2026-11", sight: Sight = ALL
) -> Report[Figures]:
    with site.app.test_request_context():
        g.now = site.now
        tree = places.tree()
        unit = tree.by_code(code) if code else None
        asked = Asked(read(period), TODAY, unit=unit)
        names = tuple(n.name for n in tree.path(unit.id)) if unit else ()
        return gather(asked, names, sight, "x:me", NOW)


def kinds(report: Report[Figures]) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {note.kind: (note.count, note.which) for note in report.notes}


def test_a_report_says_when_it_was_made_as_pages_do(site: Site) -> None:
    page = in_english(site, "/reports?period=2026-11", "viewer")
    assert "<dt>Made</dt><dd>22 Nov 2026 " in page
    assert "T1" not in page.partition("<dt>Made</dt>")[2].partition("</dd>")[0]


def test_who_may_see_one_unit_alone_is_offered_no_choice_of_units(site: Site) -> None:
    choice = 'class="filter" aria-label="Filter"'
    before = in_english(site, "/reports?period=2026-11", "viewer").count(choice)
    confine(PEOPLE["viewer"], "viewer", "UBND-P1")
    assert in_english(site, "/reports?period=2026-11", "viewer").count(choice) == before - 1


def test_a_branch_with_parts_has_a_row_for_each_and_a_unit_without_for_each_counter(
    site: Site,
) -> None:
    assert [row.code for row in gathered(site).rows] == ["UBND-Q3", "UBND-P1"]
    assert [row.code for row in gathered(site, "UBND-P1").rows] == ["P1-01", "P1-02", "P1-03"]


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026-11-10..2026-11-20", "2026-11-22"])
@pytest.mark.parametrize("code", [None, "UBND-P1", "UBND-Q3"])
def test_the_total_is_what_the_pages_say(site: Site, code: str | None, period: str) -> None:
    report = gathered(site, code, period)
    with site.app.test_request_context():
        unit = places.tree().by_code(code) if code else None
        assert report.total == measured.whole(Asked(read(period), TODAY, unit=unit))
    assert report.total.sums.served == sum(row.figures.sums.served for row in report.rows) > 0


def test_a_counter_that_moved_is_in_both_units_for_its_days(site: Site) -> None:
    with writing():
        to = Unit.get(Unit.code == "UBND-Q3").id
        places.move_counter(Counter.get(Counter.code == "P1-01").id, to, "2026-11-21")
    assert "P1-01" in [row.code for row in gathered(site, "UBND-P1").rows]
    assert "P1-01" in [row.code for row in gathered(site, "UBND-Q3").rows]
    assert "P1-01" not in [row.code for row in gathered(site, "UBND-P1", "2026-11-22").rows]


def test_what_has_to_be_said_is_said(site: Site) -> None:
    rating = Rating.select().where(Rating.standing, Rating.counter == 1).order_by(Rating.at)[0]
    with writing():
        Record.update(received_at=rating.at + 3 * DAY_MS).where(
            Record.id == rating.record_id
        ).execute()
        TerminalStatus.update(last_seen=NOW - 3 * DAY_MS).where(
            TerminalStatus.terminal == "p1-02-t1"
        ).execute()
        seen, goal = targets.newest(None), targets.targets().fleet("2026-11-22")
        targets.add(None, seen, "2026-11-22", goal, "2026-11-22", actor="x", now=NOW)
    said = kinds(gathered(site, "UBND-P1"))
    assert said["running"] == (8, ())
    assert said["late"] == (1, ())
    assert "p1-02-t1" in said["waiting"][1]
    assert said["targets_changed"] == (1, ("2026-11-22",))
    assert said["unbound"][0] > 0
    assert "late" not in kinds(gathered(site, "UBND-Q3"))


def test_a_rating_of_the_evening_that_came_next_morning_is_not_late(site: Site) -> None:
    rating = Rating.select().where(Rating.standing, Rating.counter == 1).order_by(Rating.at)[0]
    with writing():
        Record.update(received_at=rating.at + DAY_MS + 60_000).where(
            Record.id == rating.record_id
        ).execute()
    assert "late" not in kinds(gathered(site, "UBND-P1"))


def test_made_again_of_the_same_figures_the_contents_are_the_same(site: Site) -> None:
    first, again = gathered(site), gathered(site)
    assert digest(first) == digest(again)
    assert digest(first) != digest(gathered(site, period="2026-10"))


def table_of(site: Site, path: str) -> list[list[str]]:
    in_english(site, "/reports", "administrator")
    answer = site.get(path, "administrator")
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def sheet_of(site: Site, path: str) -> list[list[Any]]:
    book = load_workbook(BytesIO(site.get(path, "administrator").data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    return rows[next(n for n, row in enumerate(rows) if row[0] == "Code") :]


def test_csv_and_workbook_say_the_same(site: Site) -> None:
    query = "period=2026-11&unit=UBND-Q3"
    lines = table_of(site, f"/reports/file.csv?{query}")
    assert lines[0] == ["Signed ratings"]
    table = lines[1 : lines.index([])]
    book = sheet_of(site, f"/reports/file.xlsx?{query}")
    assert book[0] == table[0]
    for ours, theirs in zip(book[1:], table[1:], strict=True):
        assert [one if isinstance(one, str) else one and round(one, 1) for one in ours] == [
            one if place < 2 else float(one) if one else None for place, one in enumerate(theirs)
        ] or ours[0] is None
    report = gathered(site, "UBND-Q3")
    assert book[-1][2] == cells(report.total)["served"]
    assert book[-1][4] == pytest.approx(report.total.participation)


def test_document_and_pdf_say_it_too(site: Site) -> None:
    in_english(site, "/reports", "administrator")
    query = "period=2026-11&unit=UBND-Q3"
    lines = table_of(site, f"/reports/file.csv?{query}")
    served = [row[2] for row in lines[2 : lines.index([])]]
    made = Document(BytesIO(site.get(f"/reports/file.docx?{query}", "administrator").data))
    rows = [[cell.text for cell in row.cells] for row in made.tables[1].rows]
    assert [row[1].replace(",", "") for row in rows[1:]] == served
    pdf = site.get(f"/reports/file.pdf?{query}", "administrator").data
    assert pdf.startswith(b"%PDF-")
    for number in served:
        assert f"{int(number):,}" in text_of(pdf)


def text_of(pdf: bytes) -> str:
    """Return what a reader finds in a PDF."""
    found = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    )
    return found.stdout.decode()


def test_a_name_like_a_formula_stays_a_name(site: Site) -> None:
    with writing():
        Counter.update(name="=1+1").where(Counter.code == "P1-01").execute()
    lines = table_of(site, "/reports/file.csv?period=2026-11&unit=UBND-P1")
    assert lines[2][1] == "'=1+1"
    book = load_workbook(
        BytesIO(site.get("/reports/file.xlsx?period=2026-11&unit=UBND-P1", "administrator").data)
    )
    cell = next(one for row in book.worksheets[0].iter_rows() for one in row if one.value == "=1+1")
    assert cell.data_type == "s"


def test_the_page_shows_the_report_and_leads_to_its_files(site: Site) -> None:
    page = in_english(site, "/reports?period=2026-Q4&unit=UBND-P1", "administrator")
    assert "Signed ratings" in page
    assert "/reports/file.xlsx?period=2026-Q4&amp;unit=UBND-P1" in page
    assert "Second half of 2026" in page
    assert "Year 2026" in page
    assert "/reports/file" not in site.get("/reports", "viewer").text


def test_the_month_before_is_what_one_sees_first(site: Site) -> None:
    assert "Month 10 of 2026" in in_english(site, "/reports", "administrator")


def test_taking_a_report_away_is_noted(site: Site) -> None:
    site.get("/reports/file.csv?period=2026-11&unit=UBND-P1", "administrator")
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("report.take", "unit:UBND-P1")


def test_a_large_one_is_not_made_while_somebody_waits(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    in_english(site, "/reports", "administrator")
    before = audit_log.head()
    answer = site.get("/reports/file.pdf?period=2026-11&unit=UBND-P1", "administrator")
    assert answer.headers["Location"] == "/reports?period=2026-11&unit=UBND-P1"
    assert "This report is large. Order it below" in site.get("/reports", "administrator").text
    assert audit_log.head() == before


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports?period=2030-01", 200),
        ("/reports?from=2026-11-20&to=2026-11-01", 400),
        ("/reports?unit=NOWHERE", 404),
        ("/reports/file.exe", 404),
        ("/reports/file.csv?period=2030-01", 404),
        ("/reports/file.csv?from=2026-11-20&to=2026-11-01", 400),
    ],
)
def test_what_can_not_be_reported_is_said(site: Site, path: str, status: int) -> None:
    assert site.get(path, "administrator").status_code == status


def test_who_looks_after_a_branch_gets_that_branch_and_no_other(site: Site) -> None:
    with writing():
        person = User.get(User.email == PEOPLE["unit_head"])
        users.take(person.id, Grant("unit_head", None))
        users.give(person.id, Grant("unit_head", Unit.get(Unit.code == "UBND-P1").id))
    page = site.get("/reports?period=2026-11", "unit_head").text
    assert "P1-01" in page
    assert "Q3-01" not in page
    assert site.get("/reports?unit=UBND-Q3", "unit_head").status_code == 404
    assert site.get("/reports/file.csv?unit=UBND-Q3", "unit_head").status_code == 404
    assert site.get("/reports/file.csv", "unit_head").status_code == 200


def test_who_may_take_away_but_see_no_figures_takes_none_away(site: Site) -> None:
    text = site.get("/reports/file.csv?period=2026-11", "technician").data.decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows.index([]) == 3
    assert rows[2][2:4] == ["0", "0"]


def test_words_of_a_report_are_of_the_reader(site: Site) -> None:
    report = gathered(site)
    with site.app.test_request_context():
        assert write(report).title == "Báo cáo mức độ hài lòng của người dân"


@pytest.fixture
def config(office_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of a fleet with an office, in which it is the office's day."""
    databases.copied_fleet(office_template, tmp_path / "fleet")
    monkeypatch.setattr("fleet_server.clock.now_ms", lambda: NOW)
    return tmp_path / "fleet" / "fleet.toml"


def command(config: Path, to: Path, *more: str, period: str = "2026-11") -> int:
    words = ["--period", period, "--to", str(to), "--config", str(config), *more]
    return main(["report", "make", *words])


def test_a_report_is_made_on_the_server(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    assert command(config, file, "--branch", "UBND-P1", "--language", "en") == 0
    lines = list(csv.reader(StringIO(file.read_bytes().decode("utf-8-sig"))))
    assert [row[0] for row in lines[2:5]] == ["P1-01", "P1-02", "P1-03"]
    assert ["Period", "Month 11 of 2026 (1 Nov 2026 – 30 Nov 2026)"] in lines
    database.open_database(load(config).database.url)
    assert audit_log.newest(1)[0].action == "report.take"


@pytest.mark.parametrize(
    ("name", "more", "period", "said"),
    [
        ("report.csv", ("--branch", "NOWHERE"), "2026-11", "no unit NOWHERE"),
        ("report.csv", (), "soon", "no period such as"),
        ("report.csv", (), "2030", "has not begun"),
        ("report.exe", (), "2026-11", "name it by its format"),
    ],
)
def test_what_the_command_can_not_make_it_says(
    config: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    more: tuple[str, ...],
    period: str,
    said: str,
) -> None:
    assert command(config, tmp_path / name, *more, period=period) > 0
    assert said in capsys.readouterr().err
    assert not (tmp_path / name).exists()
