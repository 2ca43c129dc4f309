"""Who may call what, and in which part of the fleet."""

import io
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask

from fleet_server.core.roles import MAY, ROLES, Role
from fleet_server.store import places
from fleet_server.store.database import writing
from fleet_server.web.access import CAPABILITIES, enforce, rule_of
from tests.fakes.cases import ATTACHED
from tests.fakes.grants import confine
from tests.unit.fleet_server.web.conftest import PEOPLE, Site

EXAMPLES = {
    "terminal_id": "p1-01-t1",
    "code": "P1-01",
    "matter_id": "2",
    "filename": "icon.svg",
    "unit": "UBND-P1",
    "unit_code": "UBND-P1",
    "subject": "units",
    "person_id": "2",
    "number": "2",
    "token": "x",
    "delivery": "2",
    "kind": "invalid",
    "alarm": "complaint",
    "link_id": "2",
    "deed": "resume",
    "step": "assign",
    "digest": ATTACHED,
    "week": "2026-W46",
    "ending": "csv",
    "version": "0",
    "key": "online",
    "line": "4",
    "report": "1",
}

ALSO = {"/reports/kept/1": "figures", "/reports/kept/1/csv": "figures"}
"""What an address asks for beside its rule: to whoever lacks it, what it holds is not there."""

SENDS_BACK = {"/other/2/withdraw"}
"""Of what can't be done any more, since its day is told: a word, and the list."""

Route = tuple[str, str, str]


def routes(app: Flask) -> list[Route]:
    """Return every route as method, an example of its path, and endpoint."""
    found = []
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: EXAMPLES[name] for name in rule.arguments})
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(method, path, rule.endpoint) for method in sorted(methods)]
    return found


def guarded(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield method, path and capability of the routes for people who have one."""
    for method, path, endpoint in routes(app):
        rule = rule_of(app, endpoint)
        if rule in CAPABILITIES:
            yield method, path, str(rule)


def test_every_route_has_a_rule(site: Site) -> None:
    without = [one for one in routes(site.app) if rule_of(site.app, one[2]) is None]
    assert without == []


def test_nobody_sees_anything_that_is_not_public_without_signing_in(site: Site) -> None:
    for method, path, endpoint in routes(site.app):
        rule = rule_of(site.app, endpoint)
        if rule in (*CAPABILITIES, "person") and method == "GET":
            answer = site.client("nobody").get(path)
            assert answer.status_code in (302, 401), path
            assert answer.status_code == 401 or "/login" in answer.headers["Location"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_the_pages_of_its_capabilities_and_no_others(site: Site, role: Role) -> None:
    for method, path, capability in guarded(site.app):
        if method == "GET":
            status = site.get(path, role).status_code
            there = 200 if ALSO.get(path, capability) in MAY[role] else 404
            there = 303 if path in SENDS_BACK else there
            assert status == (there if capability in MAY[role] else 403), (path, status)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_changes_nothing_beyond_its_capabilities(site: Site, role: Role) -> None:
    for method, path, capability in guarded(site.app):
        if method == "POST" and capability not in MAY[role]:
            assert site.post(path, role, note="x").status_code == 403, path


@pytest.mark.parametrize("role", ROLES)
def test_a_role_in_another_branch_sees_and_changes_nothing_of_this_one(
    site: Site, role: Role
) -> None:
    confine(PEOPLE[role], role, "UBND-Q3")
    for method, path, capability in guarded(site.app):
        about_one = any(example in path for example in ("p1-01-t1", "P1-01", "/2", "UBND-P1"))
        if about_one and capability in MAY[role]:
            answer = site.get(path, role) if method == "GET" else site.post(path, role, note="x")
            assert answer.status_code == 404, path


@pytest.mark.parametrize("role", ROLES)
def test_a_role_in_a_branch_sees_nothing_of_another_in_any_list(site: Site, role: Role) -> None:
    confine(PEOPLE[role], role, "UBND-Q3")
    for method, path, _capability in guarded(site.app):
        if method == "GET":
            answer = site.get(path, role)
            if answer.status_code == 200:
                assert b"p1-0" not in unpacked(answer.data).lower(), path


def unpacked(content: bytes) -> bytes:
    """Return what an answer holds; a workbook is a zip."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


def test_a_unit_outside_the_branch_can_not_be_asked_for(site: Site) -> None:
    confine(PEOPLE["viewer"], "viewer", "UBND-Q3")
    for path in ("/counters", "/terminals"):
        assert site.get(f"{path}?unit=UBND-Q3").status_code == 200
        assert site.get(f"{path}?unit=UBND-P1").status_code == 404
        assert site.get(f"{path}?unit=nowhere").status_code == 404


def test_a_branch_holds_the_units_below_it(site: Site) -> None:
    with writing():
        city = places.add_unit("TP", "Thành phố", "city")
        for unit in (1, 2):
            places.move_unit(unit, city.id, "2026-11-22")
    confine(PEOPLE["viewer"], "viewer", "TP")
    assert "P1-01" in site.get("/counters").text
    assert "Q3-01" in site.get("/counters?unit=TP").text


def test_a_route_without_a_rule_is_refused(site: Site) -> None:
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for who in ("nobody", "viewer", "administrator"):
        assert site.get("/forgotten", who).status_code == 403


def test_a_request_that_fits_no_route_is_left_to_the_error_page(site: Site) -> None:
    with site.app.test_request_context("/nowhere"):
        assert enforce() is None


@pytest.mark.parametrize("path", ["/terminals", "/counters/P1-01?day=2026-11-21"])
def test_who_must_sign_in_first_comes_back_to_the_page_asked_for(site: Site, path: str) -> None:
    client = site.client("nobody")
    page = client.get(path, follow_redirects=True)
    assert page.status_code == 200
    found = page.request.args["next"]
    assert found == path
