"""Links that open a wall screen without anybody's session."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from fleet_server.core.roles import Grant
from fleet_server.store import audit_log, database, users, walls
from fleet_server.store.accounts import User
from fleet_server.store.models import WallLink
from tests.fakes.office import NOW
from tests.fakes.reading import text_of, token
from tests.unit.fleet_server.web.conftest import PEOPLE, Site

DAY_MS = 86_400_000


def make(site: Site, **form: str) -> str:
    """Make a link by the form, and return the path of its address."""
    given = {"name": "Sảnh tầng trệt", "unit": "", "days": "30"} | form
    html = site.post("/wall/links", "administrator", **given).text
    found = re.search(r"<code>https?://[^/]+(/wall/open/[^<]+)</code>", unescape(html))
    assert found, text_of(html)
    return found[1]


def opened(site: Site, path: str) -> FlaskClient:
    """Open a link in a browser in which nobody is signed in."""
    client = site.app.test_client()
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/wall/screen"
    return client


def test_a_link_opens_the_wall_screen_where_nobody_is_signed_in(site: Site) -> None:
    client = opened(site, make(site))
    answer = client.get("/wall/screen")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cần người xử lý" in text_of(answer.text)
    assert "<a " not in answer.text
    assert "data-stream" not in answer.text


def test_it_opens_nothing_else(site: Site) -> None:
    client = opened(site, make(site))
    for path in ("/", "/wall", "/counters", "/wall/links", "/live"):
        assert client.get(path).status_code in (302, 401), path


def test_the_cookie_goes_to_the_screen_alone_and_no_script_can_read_it(site: Site) -> None:
    cookie = site.app.test_client().get(make(site)).headers["Set-Cookie"]
    assert "Path=/wall/screen" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={30 * 86_400}" in cookie


def test_a_link_of_a_branch_shows_that_branch(site: Site) -> None:
    words = text_of(opened(site, make(site, unit="UBND-Q3")).get("/wall/screen").text)
    assert "Trung tâm hành chính công Quận 3" in words
    assert "Đất đai" not in words


def test_a_link_ends_by_itself(site: Site) -> None:
    path = make(site)
    client = opened(site, path)
    site.now += 30 * DAY_MS
    assert client.get("/wall/screen").status_code == 403
    answer = site.app.test_client().get(path)
    assert answer.status_code == 403
    assert "không mở được gì" in text_of(answer.text)


def test_a_link_can_be_ended_and_its_screen_says_so(site: Site) -> None:
    client = opened(site, make(site))
    site.post("/wall/links/1/end", "administrator")
    assert client.get("/wall/screen").status_code == 403
    assert "○ đã kết thúc" in text_of(site.get("/wall/links", "administrator").text)
    admin = site.client("administrator")
    form = {"csrf_token": token(admin, "/wall/links")}
    again = admin.post("/wall/links/1/end", data=form, follow_redirects=True)
    assert "đã kết thúc từ trước" in text_of(again.text)


def test_making_and_ending_are_in_the_audit_log_and_the_token_is_nowhere(site: Site) -> None:
    token = make(site).rpartition("/")[2]
    site.post("/wall/links/1/end", "administrator")
    ended, made = audit_log.newest(2)
    assert (made.action, made.actor) == ("wall.add", f"person:{PEOPLE['administrator']}")
    assert (ended.action, ended.subject) == ("wall.end", "wall:1")
    assert token not in made.details
    assert WallLink.get().token_sha256 != token
    assert token not in site.get("/wall/links", "administrator").text


def test_a_bad_form_makes_nothing_and_keeps_what_was_typed(site: Site) -> None:
    answer = site.post("/wall/links", "administrator", name=" ", unit="", days="90")
    assert answer.status_code == 422
    assert "Mục này bắt buộc phải có." in text_of(answer.text)
    assert '<option selected value="90">' in answer.text
    assert walls.listed(NOW) == []


@pytest.mark.parametrize("change", [{"unit": "99"}, {"days": "9999"}, {"name": "x" * 61}])
def test_what_cannot_be_chosen_is_refused(site: Site, change: dict[str, str]) -> None:
    form = {"name": "Sảnh", "unit": "", "days": "30"} | change
    assert site.post("/wall/links", "administrator", **form).status_code == 422
    assert walls.listed(NOW) == []


def test_an_administrator_of_a_branch_opens_and_ends_only_what_is_theirs(site: Site) -> None:
    make(site)
    with database.writing():
        user = User.get(User.email == PEOPLE["viewer"])
        users.give(user.id, Grant("administrator", 2))
    whole = site.post("/wall/links", "viewer", name="Sảnh", unit="", days="30")
    assert whole.status_code == 422
    assert "Sảnh tầng trệt" not in site.get("/wall/links", "viewer").text
    assert site.post("/wall/links/1/end", "viewer").status_code == 404
    own = site.post("/wall/links", "viewer", name="Sảnh Quận 3", unit="UBND-Q3", days="30")
    assert own.status_code == 200
    assert [link.unit for link in walls.listed(NOW)] == [2, None]


@pytest.mark.parametrize("path", ["/wall/open/nothing", "/wall/open/" + "x" * 500])
def test_a_token_that_nobody_made_opens_nothing(site: Site, path: str) -> None:
    answer = site.app.test_client().get(path)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers or "hailong_wall" not in answer.headers["Set-Cookie"]


def test_a_browser_without_a_link_sees_no_screen(site: Site) -> None:
    assert site.app.test_client().get("/wall/screen").status_code == 403


def test_a_link_that_is_not_there_cannot_be_ended(site: Site) -> None:
    assert site.post("/wall/links/9/end", "administrator").status_code == 404
