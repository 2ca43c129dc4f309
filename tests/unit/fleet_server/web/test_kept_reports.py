"""Reports that are kept: made at once or by jobs, with their files, for whom they are."""

import hashlib
import json
from pathlib import Path

import pytest
from peewee import PeeweeException

from fleet_server.core.report import ReportError
from fleet_server.core.report_making import PAUSES_MS
from fleet_server.core.roles import Grant
from fleet_server.reports import keeping
from fleet_server.reports.keeping import making
from fleet_server.settings import load
from fleet_server.store import audit_log, kept_reports, places, users
from fleet_server.store.accounts import User
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Kept, Order
from fleet_server.store.models import Counter, KeptReport, Unit, Webhook, WebhookEvent
from tests.fakes.office import NOW, VIETNAM
from tests.unit.fleet_server.web.conftest import PEOPLE, Site, in_english

ORDER = {"period": "2026-11", "unit": "UBND-P1", "formats": "csv"}


def newest() -> Kept:
    return kept_reports.listed()[0]


@pytest.fixture
def round_of_jobs(tmp_path: Path) -> None:
    """Nothing waits but what a test orders."""
    with writing():
        KeptReport.update(state="failed").where(KeptReport.state == "waiting").execute()


def run_jobs(tmp_path: Path, now: int = NOW) -> None:
    making(load(tmp_path / "fleet" / "fleet.toml"))(now, VIETNAM)


def test_a_small_report_is_there_when_the_page_comes(site: Site) -> None:
    answer = site.post("/reports/kept", "administrator", **ORDER)
    held = newest()
    assert answer.headers["Location"] == f"/reports/kept/{held.id}"
    assert (held.state, held.done, held.steps, held.code) == ("ready", 2, 2, "UBND-P1")
    data = kept_reports.file(held.id, "csv")
    assert data is not None
    assert kept_reports.digests(held.id) == {"csv": hashlib.sha256(data).hexdigest()}
    assert site.get(f"/reports/kept/{held.id}/csv", "administrator").data == data
    shown = site.get("/reports/file.csv?period=2026-11&unit=UBND-P1", "administrator").data
    assert shown.splitlines()[:6] == data.splitlines()[:6]


def test_nobody_orders_more_than_jobs_can_make_soon(
    site: Site, monkeypatch: pytest.MonkeyPatch, round_of_jobs: None
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    site.post("/language", "administrator", language="en")
    for _ in range(5):
        assert site.post("/reports/kept", "administrator", **ORDER).status_code == 303
    answer = site.post("/reports/kept", "administrator", **ORDER)
    assert answer.status_code == 422
    assert "5 reports that you ordered are still to be made" in answer.text
    assert len(kept_reports.waiting()) == 5


def test_a_large_one_is_made_by_jobs_and_its_page_says_how_far_it_is(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, round_of_jobs: None
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    site.post("/reports/kept", "administrator", **ORDER)
    number = newest().id
    page = in_english(site, f"/reports/kept/{number}", "administrator")
    assert "It is being made: 0 of 2 steps" in page
    run_jobs(tmp_path)
    assert newest().state == "ready"
    assert "being made" not in site.get(f"/reports/kept/{number}", "administrator").text


def test_the_same_figures_again_have_the_same_contents(site: Site) -> None:
    site.post("/reports/kept", "administrator", **ORDER)
    first = newest()
    site.now += 3_600_000
    site.post("/reports/kept", "auditor", **ORDER)
    again = newest()
    assert first.id != again.id
    assert first.digest == again.digest != ""


@pytest.mark.parametrize("fault", [ReportError("don't add up"), RuntimeError("torn")])
def test_one_that_can_not_be_made_does_not_stop_the_next(
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    round_of_jobs: None,
    fault: Exception,
) -> None:
    def torn(*_args: object) -> None:
        raise fault

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "gather", torn)
        site.post("/reports/kept", "administrator", **ORDER)
    assert newest().state == "failed"
    assert "could not be made" in in_english(site, f"/reports/kept/{newest().id}", "administrator")
    site.post("/reports/kept", "administrator", **ORDER)
    assert newest().state == "ready"


def test_of_two_who_make_the_same_report_one_keeps_it(site: Site) -> None:
    with writing():
        wanted = Order(1, "UBND-P1", "2026-11", ("csv",), "vi")
        number = kept_reports.order(wanted, actor="server", now=NOW)
    held = kept_reports.one(number)
    assert held is not None
    with writing():
        assert kept_reports.keep(held, {"csv": b"1"}, "d", NOW)
        assert not kept_reports.keep(held, {"csv": b"2"}, "d", NOW)
    assert kept_reports.file(number, "csv") == b"1"


def test_who_subscribed_hears_that_a_report_is_ready(site: Site) -> None:
    with writing():
        Webhook.update(events="report.ready").execute()
    site.post("/reports/kept", "administrator", **ORDER)
    [body] = [one.body for one in WebhookEvent.select() if one.type == "report.ready"]
    told = json.loads(body)["data"]
    assert told == {
        "report": newest().id, "unit": "UBND-P1", "period": "2026-11", "formats": ["csv"],
    }  # fmt: skip


def test_of_many_that_wait_one_is_made_a_round(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, round_of_jobs: None
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    for _ in range(2):
        site.post("/reports/kept", "administrator", **ORDER)
    waited = len(kept_reports.waiting())
    run_jobs(tmp_path)
    assert len(kept_reports.waiting()) == waited - 1


def test_people_who_order_take_turns(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, round_of_jobs: None
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    for who in ("administrator", "administrator", "auditor"):
        site.post("/reports/kept", who, **ORDER)
    first, second, other = sorted(one.id for one in kept_reports.waiting())
    run_jobs(tmp_path)
    run_jobs(tmp_path, NOW + 60_000)
    assert [one.id for one in kept_reports.waiting()] == [second]
    assert {kept_reports.one(number).state for number in (first, other)} == {"ready"}  # type: ignore[union-attr]  # they are there


def test_one_that_the_database_refuses_holds_up_nobody_and_is_given_up_at_last(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, round_of_jobs: None
) -> None:
    def refused(*_args: object) -> None:
        raise PeeweeException("out of memory")

    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    site.post("/reports/kept", "administrator", **ORDER)
    poison = newest().id
    now = NOW
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "gather", refused)
        with pytest.raises(PeeweeException):
            run_jobs(tmp_path, now)
    site.post("/reports/kept", "administrator", **ORDER)
    run_jobs(tmp_path, now + 1)
    assert newest().state == "ready"
    with monkeypatch.context() as patched:
        patched.setattr(keeping, "gather", refused)
        for pause in PAUSES_MS[1:-1]:
            now += pause
            with pytest.raises(PeeweeException):
                run_jobs(tmp_path, now)
        run_jobs(tmp_path, now + PAUSES_MS[-1])
    assert kept_reports.waiting() == []
    assert kept_reports.listed()[1].id == poison
    assert kept_reports.listed()[1].state == "failed"


def test_who_sees_no_figures_sees_no_report(site: Site) -> None:
    site.post("/reports/kept", "administrator", **ORDER)
    path = f"/reports/kept/{newest().id}"
    assert site.get(path, "technician").status_code == 404
    assert site.get(f"{path}/csv", "technician").status_code == 404
    assert path not in site.get("/reports/kept", "technician").text


def test_ordering_and_taking_away_are_noted(site: Site) -> None:
    site.post("/reports/kept", "administrator", **ORDER)
    site.get(f"/reports/kept/{newest().id}/csv", "administrator")
    assert [one.action for one in audit_log.newest(2)] == ["report.take", "report.order"]


def test_a_report_of_another_branch_is_not_there(site: Site) -> None:
    site.post("/reports/kept", "administrator", **(ORDER | {"unit": "UBND-Q3"}))
    number = newest().id
    with writing():
        person = User.get(User.email == PEOPLE["unit_head"])
        users.take(person.id, Grant("unit_head", None))
        users.give(person.id, Grant("unit_head", Unit.get(Unit.code == "UBND-P1").id))
    assert site.get(f"/reports/kept/{number}", "unit_head").status_code == 404
    assert site.get(f"/reports/kept/{number}/csv", "unit_head").status_code == 404
    assert f"/reports/kept/{number}" not in site.get("/reports/kept", "unit_head").text
    for unit in ("UBND-Q3", "", "NOWHERE"):
        answer = site.post("/reports/kept", "unit_head", **(ORDER | {"unit": unit}))
        assert answer.status_code == 404


def test_it_tells_of_units_that_left_the_branch_no_more_than_their_pages(site: Site) -> None:
    with writing():
        to = Unit.get(Unit.code == "UBND-Q3").id
        places.move_counter(Counter.get(Counter.code == "P1-01").id, to, "2026-11-21")
    site.post("/reports/kept", "administrator", **(ORDER | {"unit": "UBND-Q3"}))
    kept = kept_reports.file(newest().id, "csv")
    with writing():
        person = User.get(User.email == PEOPLE["unit_head"])
        users.take(person.id, Grant("unit_head", None))
        users.give(person.id, Grant("unit_head", to))
    own = site.get("/reports/file.csv?period=2026-11&unit=UBND-Q3", "unit_head").data
    assert kept is not None
    assert own.splitlines()[:9] == kept.splitlines()[:9]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        (ORDER | {"formats": ""}, 422),
        (ORDER | {"formats": "exe"}, 422),
        (ORDER | {"period": "soon"}, 404),
        (ORDER | {"period": "2030-01"}, 404),
        (ORDER | {"unit": "NOWHERE"}, 404),
    ],
)
def test_what_can_not_be_ordered_is_refused(site: Site, form: dict[str, str], status: int) -> None:
    before = newest().id
    assert site.post("/reports/kept", "administrator", **form).status_code == status
    assert newest().id == before


def test_what_is_not_kept_is_not_there(site: Site) -> None:
    for path in ("/reports/kept/99", "/reports/kept/99/csv", "/reports/kept/1/pdf"):
        assert site.get(path, "administrator").status_code == 404
    assert site.get("/reports/kept", "viewer").status_code == 403


def test_the_list_goes_on_page_by_page(site: Site) -> None:
    with writing():
        for _number in range(60):
            wanted = Order(1, "UBND-P1", "2026-11", ("csv",), "vi")
            kept_reports.order(wanted, actor="server", now=NOW)
    assert "/reports/kept?cursor=" in site.get("/reports/kept", "administrator").text
    last = kept_reports.listed(limit=50)[-1].id
    assert (
        f"/reports/kept/{last - 1}"
        in site.get(f"/reports/kept?cursor={last}", "administrator").text
    )
