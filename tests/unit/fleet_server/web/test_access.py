"""Who may call what."""

import pytest
from flask import Flask

from fleet_server.web.access import ROLES, enforce, rule_of
from tests.unit.fleet_server.web.conftest import Site

EXAMPLES = {"terminal_id": "p1-01-t1", "code": "P1-01", "matter_id": "1", "filename": "icon.svg"}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """Return every route as method, an example of its path, and endpoint."""
    found = []
    for rule in app.url_map.iter_rules():
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **{name: EXAMPLES[name] for name in rule.arguments})
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(method, path, rule.endpoint) for method in sorted(methods)]
    return found


def test_every_route_has_a_rule(site: Site) -> None:
    without = [one for one in routes(site.app) if rule_of(site.app, one[2]) is None]
    assert without == []


def test_nobody_sees_anything_that_is_not_public_without_signing_in(site: Site) -> None:
    for method, path, endpoint in routes(site.app):
        rule = rule_of(site.app, endpoint)
        if rule in ROLES and method == "GET":
            answer = site.client("nobody").get(path)
            assert answer.status_code in (302, 401), path
            assert answer.status_code == 401 or "/login" in answer.headers["Location"]


def test_a_viewer_sees_all_pages(site: Site) -> None:
    for method, path, endpoint in routes(site.app):
        if rule_of(site.app, endpoint) == "viewer" and method == "GET" and path != "/live":
            assert site.get(path).status_code == 200, path


def test_a_viewer_may_not_do_what_is_for_admins(site: Site) -> None:
    for method, path, endpoint in routes(site.app):
        if rule_of(site.app, endpoint) == "admin":
            assert method == "POST"
            assert site.post(path, note="x").status_code == 403, path


def test_a_route_without_a_rule_is_refused(site: Site) -> None:
    site.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for who in ("nobody", "viewer", "admin"):
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
