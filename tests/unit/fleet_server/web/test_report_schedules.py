"""Reports that are made again and again: ordered when they are due, each once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fleet_server.core.report_schedule import READY
from fleet_server.core.roles import Grant
from fleet_server.notify.texts import Texts
from fleet_server.reports.keeping import making
from fleet_server.settings import load
from fleet_server.store import audit_log, kept_reports, letters, report_schedules, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.letters import Draft
from fleet_server.store.models import KeptReport, Letter, ReportReader, ReportSchedule, Unit
from tests.fakes.office import NOW, VIETNAM
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english, sign_in

PAGE = "/reports/schedules"
FORM = {"unit": "UBND-P1", "every": "month", "day": "5", "formats": "csv"}


@pytest.fixture
def site(site: Site) -> Site:
    """The office, without the reports and schedules that it has."""
    with writing():
        KeptReport.delete().execute()
        Letter.delete().execute()
        ReportSchedule.delete().execute()
    return site


def at(year: int, month: int, day: int) -> int:
    """Return the morning of a day in Vietnam."""
    return int(datetime(year, month, day, 2, tzinfo=UTC).timestamp() * 1_000)


def run_jobs(tmp_path: Path, now: int) -> None:
    making(load(tmp_path / "fleet" / "fleet.toml"))(now, VIETNAM)


def made() -> list[tuple[str, str, str]]:
    return [(one.period, one.state, one.ordered_by) for one in kept_reports.listed()[::-1]]


def test_a_report_is_made_when_it_is_due_and_once(site: Site, tmp_path: Path) -> None:
    assert site.post(PAGE, "administrator", **FORM).status_code == 303
    for now in (NOW, at(2026, 12, 4)):
        run_jobs(tmp_path, now)
        assert made() == []
    for _again in range(2):
        run_jobs(tmp_path, at(2026, 12, 5))
        assert made() == [("2026-11", "ready", "server")]


def test_what_was_due_while_nothing_ran_is_made_then(site: Site, tmp_path: Path) -> None:
    site.post(PAGE, "administrator", **FORM)
    run_jobs(tmp_path, at(2027, 2, 7))
    assert [one[0] for one in made()] == ["2026-11", "2026-12", "2027-01"]


def test_the_same_report_is_scheduled_once(site: Site) -> None:
    in_english(site, PAGE, "administrator")
    for form, status in (
        (FORM, 303), (FORM, 422), (FORM | {"every": "quarter"}, 303), (FORM | {"unit": ""}, 303),
        (FORM | {"unit": "", "day": "9"}, 422),
    ):  # fmt: skip
        answer = site.post(PAGE, "administrator", **form)
        assert answer.status_code == status
        assert ("is made already" in answer.text) == (status == 422)
    assert len(report_schedules.going_on()) == 3


def test_alarms_are_sent_before_any_number_of_reports(site: Site) -> None:
    to = account("auditor")
    with writing():
        for number, kind in enumerate((READY, READY, "complaint")):
            letters.post([Draft(str(number), kind, "raised", {}, "/", 0, person=to)], NOW + number)
    due = letters.claim(NOW + 9, 2, rooms=False)
    assert [one.kind for one in due] == ["complaint", READY]


def test_one_that_ended_is_made_no_more(site: Site, tmp_path: Path) -> None:
    site.post(PAGE, "administrator", **FORM)
    [held] = report_schedules.going_on()
    assert site.post(f"{PAGE}/{held.id}/end", "administrator").status_code == 303
    assert site.post(f"{PAGE}/{held.id}/end", "administrator").status_code == 404
    run_jobs(tmp_path, at(2026, 12, 5))
    assert made() == []
    assert [one.action for one in audit_log.newest(2)] == ["report.unschedule", "report.schedule"]


def test_the_page_shows_what_is_scheduled_where_one_may_see_it(site: Site) -> None:
    site.post(PAGE, "administrator", **FORM)
    site.post(PAGE, "administrator", **(FORM | {"unit": ""}))
    assert in_english(site, PAGE, "auditor").count("each month") == 2
    with writing():
        person = User.get(User.email == PEOPLE["unit_head"])
        users.take(person.id, Grant("unit_head", None))
        users.give(person.id, Grant("unit_head", Unit.get(Unit.code == "UBND-Q3").id))
    assert "each month" not in in_english(site, PAGE, "unit_head")


def test_a_schedule_of_another_branch_is_not_there(site: Site) -> None:
    site.post(PAGE, "administrator", **FORM)
    [held] = report_schedules.going_on()
    with writing():
        person = User.get(User.email == PEOPLE["auditor"])
        users.take(person.id, Grant("auditor", None))
        users.give(person.id, Grant("administrator", Unit.get(Unit.code == "UBND-Q3").id))
    other = site.app.test_client()
    site.clients["auditor"] = other
    sign_in(other, PEOPLE["auditor"])
    assert site.post(f"{PAGE}/{held.id}/end", "auditor").status_code == 404
    assert site.post(PAGE, "auditor", **FORM).status_code == 422
    assert [one.told_until for one in report_schedules.going_on()] == [date(2026, 10, 31)]


@pytest.mark.parametrize(
    "changes",
    [{"day": "29"}, {"day": "0"}, {"formats": ""}, {"every": "week"}, {"unit": "NOWHERE"}],
)
def test_what_can_not_be_scheduled_is_refused(site: Site, changes: dict[str, str]) -> None:
    assert site.post(PAGE, "administrator", **(FORM | changes)).status_code == 422
    assert report_schedules.going_on() == []


# ---- readers ----


def account(role: str) -> str:
    return str(User.get(User.email == PEOPLE[role]).id)


def move(role: str, unit: str) -> None:
    """Let somebody hold their role in one unit alone."""
    with writing():
        person = int(account(role))
        users.take(person, Grant(role, None))
        users.give(person, Grant(role, Unit.get(Unit.code == unit).id))


def posted() -> list[tuple[str, str]]:
    """Return to whom letters on reports were posted, and where they lead."""
    query = Letter.select().where(Letter.kind == READY).order_by(Letter.id)
    return [(User.get_by_id(one.person).email, one.path) for one in query]


def test_readers_get_a_letter_with_a_link_when_a_report_is_ready_and_once(
    site: Site, tmp_path: Path
) -> None:
    readers = [account("unit_head"), account("auditor")]
    assert site.post(PAGE, "administrator", **FORM, readers=readers).status_code == 303
    for _again in range(2):
        run_jobs(tmp_path, at(2026, 12, 5))
    path = f"/reports/kept/{kept_reports.listed()[0].id}"
    assert posted() == [(PEOPLE["unit_head"], path), (PEOPLE["auditor"], path)]
    assert site.get(path, "unit_head").status_code == 200


def test_a_report_that_a_person_ordered_is_told_to_nobody(site: Site) -> None:
    site.post(PAGE, "administrator", **FORM, readers=[account("auditor")])
    form = {"period": "2026-11", "unit": "UBND-P1", "formats": "csv"}
    site.post("/reports/kept", "administrator", **form)
    assert kept_reports.listed()[0].state == "ready"
    assert posted() == []


def test_who_may_not_read_it_any_more_gets_no_letter(site: Site, tmp_path: Path) -> None:
    readers = [account("unit_head"), account("auditor"), account("quality_officer")]
    site.post(PAGE, "administrator", **FORM, readers=readers)
    move("unit_head", "UBND-Q3")
    with writing():
        User.update(active=False).where(User.email == PEOPLE["auditor"]).execute()
    run_jobs(tmp_path, at(2026, 12, 5))
    assert [email for email, _path in posted()] == [PEOPLE["quality_officer"]]


def test_readers_are_named_to_who_sets_them_and_while_they_may_read(site: Site) -> None:
    readers = [account("auditor"), account("quality_officer")]
    site.post(PAGE, "administrator", **FORM, readers=readers)
    assert PEOPLE["auditor"] in site.get(PAGE, "administrator").text
    shown = text_of(in_english(site, PAGE, "unit_head"))
    assert PEOPLE["auditor"] not in shown
    assert "CSV 2" in shown
    with writing():
        User.update(active=False).where(User.email == PEOPLE["auditor"]).execute()
    assert PEOPLE["auditor"] not in site.get(PAGE, "administrator").text


def test_a_letter_says_what_is_ready_and_holds_no_figure(site: Site, tmp_path: Path) -> None:
    site.post(PAGE, "administrator", **FORM, readers=[account("auditor")])
    run_jobs(tmp_path, at(2026, 12, 5))
    now = at(2026, 12, 6)
    [due] = letters.claim(now, 9, rooms=False)
    text = Texts(load(tmp_path / "fleet" / "fleet.toml"), lambda: now).of(due)
    assert text.subject.endswith("Báo cáo: UBND phường Bến Nghé, Tháng 11/2026")
    assert f"/reports/kept/{kept_reports.listed()[0].id}\n" in text.body
    assert "báo cáo định kỳ" in text.body
    assert "%" not in text.body


@pytest.mark.parametrize("role", ["viewer", "technician", "interviewer"])
def test_who_may_not_take_figures_away_is_no_reader(site: Site, role: str) -> None:
    assert site.post(PAGE, "administrator", **FORM, readers=[account(role)]).status_code == 422
    assert report_schedules.going_on() == []


def test_who_may_not_read_this_branch_is_refused_by_name(site: Site) -> None:
    move("unit_head", "UBND-Q3")
    in_english(site, "/", "administrator")
    answer = site.post(PAGE, "administrator", **FORM, readers=[account("unit_head")])
    assert answer.status_code == 422
    assert f"may not take figures of this branch away: {PEOPLE['unit_head']}" in answer.text
    wanted = FORM | {"unit": "UBND-Q3"}
    answer = site.post(PAGE, "administrator", **wanted, readers=[account("unit_head")])
    assert answer.status_code == 303
    assert ReportReader.select().count() == 1


def test_who_looks_after_a_branch_chooses_among_its_people(site: Site) -> None:
    move("unit_head", "UBND-P1")
    with writing():
        person = User.get(User.email == PEOPLE["auditor"])
        users.take(person.id, Grant("auditor", None))
        users.give(person.id, Grant("administrator", Unit.get(Unit.code == "UBND-P1").id))
    other = site.app.test_client()
    site.clients["auditor"] = other
    sign_in(other, PEOPLE["auditor"])
    page = site.get(PAGE, "auditor").text
    assert PEOPLE["unit_head"] in page
    assert PEOPLE["quality_officer"] not in page
    answer = site.post(PAGE, "auditor", **FORM, readers=[account("quality_officer")])
    assert answer.status_code == 422


def test_the_page_and_the_audit_log_name_the_readers(site: Site) -> None:
    site.post(PAGE, "administrator", **FORM, readers=[account("quality_officer")])
    assert PEOPLE["quality_officer"] in in_english(site, PAGE, "administrator")
    [entry] = [one for one in audit_log.newest(9) if one.action == "report.schedule"]
    assert PEOPLE["quality_officer"] in entry.details
