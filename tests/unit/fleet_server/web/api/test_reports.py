"""Programs read reports that are kept: the list, one, its files."""

import base64
import hashlib

from fleet_server.store import audit_log, kept_reports, places
from fleet_server.store.database import writing
from fleet_server.store.kept_reports import Order
from tests.fakes.desk import NINE
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest

DATA = b"served,1"


def kept(*, ready: bool = True) -> int:
    with writing():
        wanted = Order(None, None, "2026-10", ("csv",), "vi")
        number = kept_reports.order(wanted, actor="server", now=NINE)
        held = kept_reports.one(number)
        assert held is not None
        if ready:
            kept_reports.keep(held, {"csv": DATA}, "ab" * 32, NINE)
    return number


def test_a_report_is_listed_and_its_file_is_what_was_made(rest: Rest) -> None:
    rest.key = new_key("all", {"reports:read"})
    number = kept()
    [listed] = rest.get("/reports").json["reports"]
    assert listed == rest.get(f"/reports/{number}").json
    assert (listed["unit"], listed["state"], listed["digest"]) == (None, "ready", "ab" * 32)
    file = rest.get(f"/reports/{number}/files/csv")
    assert (file.data, file.mimetype) == (DATA, "text/csv")
    digest = base64.b64encode(hashlib.sha256(DATA).digest()).decode()
    assert file.headers["Repr-Digest"] == f"sha-256=:{digest}:"
    assert "attachment" in file.headers["Content-Disposition"]
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.actor) == ("report.take", "key:all")


def test_one_that_waits_has_no_file_yet(rest: Rest) -> None:
    rest.key = new_key("all", {"reports:read"})
    number = kept(ready=False)
    assert rest.get(f"/reports/{number}").json["state"] == "waiting"
    assert rest.get(f"/reports/{number}/files/csv").status_code == 404
    assert rest.get(f"/reports/{number}/files/exe").status_code == 404
    assert rest.get("/reports/99").status_code == 404


def test_reports_are_read_page_by_page_the_newest_first(rest: Rest) -> None:
    rest.key = new_key("all", {"reports:read"})
    numbers = [kept() for _one in range(3)]
    first = rest.get("/reports", limit=2).json
    rest_of_them = rest.get("/reports", limit=2, cursor=first["next"]).json
    found = [one["id"] for one in (*first["reports"], *rest_of_them["reports"])]
    assert found == numbers[::-1]
    assert rest_of_them["next"] is None


def test_a_report_of_the_whole_fleet_is_not_there_for_a_branch(rest: Rest) -> None:
    with writing():
        places.add_unit("IN", "Unit IN")
    number = kept()
    rest.key = new_key("branch", {"reports:read"}, unit="IN")
    assert rest.get(f"/reports/{number}").status_code == 404
    assert rest.get("/reports").json["reports"] == []
