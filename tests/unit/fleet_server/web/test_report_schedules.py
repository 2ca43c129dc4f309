"""Reports that are made again and again: ordered when they are due, each once."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from fleet_server.core.roles import Grant
from fleet_server.reports.keeping import making
from fleet_server.settings import load
from fleet_server.store import audit_log, kept_reports, report_schedules, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.models import KeptReport, ReportSchedule, Unit
from tests.fakes.office import NOW, VIETNAM
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english, sign_in

PAGE = "/reports/schedules"
FORM = {"unit": "UBND-P1", "every": "month", "day": "5", "formats": "csv"}


@pytest.fixture
def site(site: Site) -> Site:
    """The office, without the reports and schedules that it has."""
    with writing():
        KeptReport.delete().execute()
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
