"""Sessions of people: seen, ended, and ending by themselves."""

import re

import pyotp
import pytest

from fleet_server.store import audit_log, sessions
from fleet_server.store.accounts import User, WebSession
from fleet_server.web.sessions import browser_name
from tests.fakes.changes import set_up_app
from tests.fakes.reading import token
from tests.unit.fleet_server.web.conftest import PASSWORD, PEOPLE, Site, sign_in

MINUTE_MS = 60_000
VIEWER = PEOPLE["viewer"]


def test_a_session_ends_after_an_hour_without_a_click(site: Site) -> None:
    site.get("/")
    site.now += 60 * MINUTE_MS - 1
    assert site.get("/").status_code == 200
    site.now += 60 * MINUTE_MS
    assert site.get("/").status_code == 302


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(site: Site) -> None:
    site.get("/")
    for _ in range(4):
        site.now += 15 * MINUTE_MS - 1
        assert site.get("/", headers={"X-Live": "1"}).status_code == 200
    site.now += 4
    assert site.get("/", headers={"X-Live": "1"}).status_code == 401


def test_a_session_is_begun_anew_at_each_sign_in(site: Site) -> None:
    client = site.client("viewer")
    with client.session_transaction() as cookie:
        former = cookie["session"]
    client.post("/logout", data={"csrf_token": token(client)})
    sign_in(client, VIEWER)
    with client.session_transaction() as cookie:
        assert cookie["session"] != former
    assert sessions.find(former) is None


@pytest.mark.parametrize("path", ["/static/styles/base.css", "/counters", "/account"])
def test_an_answer_that_is_late_brings_no_former_cookie_back(site: Site, path: str) -> None:
    site.get(path).close()
    with site.get(path) as late:
        assert late.status_code == 200
        assert not late.headers.getlist("Set-Cookie")


def test_a_cookie_that_was_copied_is_worth_nothing_after_the_sign_out(site: Site) -> None:
    client, thief = site.client("viewer"), site.app.test_client()
    thief.set_cookie("hailong", client.get_cookie("hailong").value)
    assert thief.get("/account").status_code == 200
    client.post("/logout", data={"csrf_token": token(client)})
    assert thief.get("/account").status_code == 302


def test_people_see_where_they_are_signed_in_and_end_it(site: Site) -> None:
    site.get("/")
    other = site.app.test_client()
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/140.0"
    other.environ_base["HTTP_USER_AGENT"] = agent
    sign_in(other, VIEWER)
    text = site.get("/account").text
    assert "Firefox, Windows" in text
    row = text[text.index("Firefox, Windows") :]
    number = re.search(r"/account/sessions/(\d+)/end", row)[1]
    assert site.post(f"/account/sessions/{number}/end").status_code == 303
    assert other.get("/account").status_code == 302
    assert site.get("/account").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(site: Site) -> None:
    site.client("administrator")
    theirs = WebSession.select().order_by(WebSession.id.desc()).get().id
    assert site.post(f"/account/sessions/{theirs}/end").status_code == 404
    assert site.get("/", "administrator").status_code == 200


def test_signing_out_everywhere_ends_all_of_them(site: Site) -> None:
    other = site.app.test_client()
    sign_in(other, VIEWER)
    site.post("/account/sessions/end")
    assert other.get("/").status_code == 302
    assert site.get("/").status_code == 302


def test_a_new_password_ends_all_sessions_but_this_one(site: Site) -> None:
    other = site.app.test_client()
    sign_in(other, VIEWER)
    new = "bốn từ không hợp nhau"
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert site.post("/account/password", **form).headers["Location"] == "/account"
    assert other.get("/").status_code == 302
    assert site.get("/account").status_code == 200
    assert sign_in(site.app.test_client(), VIEWER).status_code == 200
    assert sign_in(site.app.test_client(), VIEWER, new).status_code == 302


@pytest.mark.parametrize(
    "new", ["short", "passwordpassword", "viewer@hailong.example", PASSWORD, "x" * 129]
)
def test_a_bad_new_password_is_refused_beside_its_field(site: Site, new: str) -> None:
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    answer = site.post("/account/password", **form)
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert sign_in(site.app.test_client(), VIEWER).status_code == 302


def test_what_is_dangerous_is_asked_of_who_has_just_shown_who_they_are(site: Site) -> None:
    client = site.client("administrator")
    with client.session_transaction() as cookie:
        cookie["fs_paa"] -= 31 * 60
        cookie.pop("fs_gexp", None)
    asked = client.get("/people/invite")
    assert asked.headers["Location"] == "/verify?next=/people/invite"
    form = {"csrf_token": token(client), "role": "viewer", "where": "*", "email": "lan@x.vn"}
    assert "/verify" in client.post("/people/invite", data=form).headers["Location"]
    confirmed = {"csrf_token": token(client), "password": PASSWORD, "next": "/people/invite"}
    answer = client.post("/verify?next=/people/invite", data=confirmed)
    assert answer.headers["Location"] == "/people/invite"
    assert client.get("/people/invite").status_code == 200


def test_wrong_tries_are_counted_and_told_at_the_next_sign_in(site: Site) -> None:
    client = site.app.test_client()
    for _ in range(5):
        sign_in(client, VIEWER, "wrong horse battery")
    sign_in(client, "somebody@else.example", "wrong horse battery")
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.subject) == ("session.failing", f"person:{VIEWER}")
    assert "wrong horse" not in entry.details
    site.now += 2 * MINUTE_MS
    User.update(failed_sign_ins=3).where(User.email == VIEWER).execute()
    sign_in(site.app.test_client(), PEOPLE["auditor"])
    assert '"failed_before":0' in audit_log.newest(1)[0].details


def test_a_code_of_the_app_works_once_and_guessing_is_braked(site: Site) -> None:
    app = set_up_app(site, "viewer")
    client = half_signed_in(site)
    assert code(client, app.now()).status_code == 302
    assert client.get("/account").status_code == 200
    again = half_signed_in(site)
    assert code(again, app.now()).status_code == 200
    answers = [code(again, "000000").status_code for _ in range(5)]
    assert answers[-1] == 429
    assert again.get("/account").status_code == 302


def test_a_link_to_the_second_step_signs_nobody_out(site: Site) -> None:
    assert site.get("/login/code").headers["Location"] == "/account"
    assert site.get("/account").status_code == 200


def half_signed_in(site: Site) -> object:
    client = site.app.test_client()
    assert sign_in(client, VIEWER).headers["Location"].startswith("/login/code")
    return client


def code(client: object, digits: str) -> object:
    form = {"code": digits, "csrf_token": token(client, "/login/code")}  # type: ignore[arg-type]
    return client.post("/login/code", data=form)  # type: ignore[attr-defined]


def test_the_secret_of_the_app_is_held_encrypted(site: Site) -> None:
    app = set_up_app(site, "viewer")
    assert isinstance(app, pyotp.TOTP)
    held = User.get(User.email == VIEWER).tf_totp_secret
    assert app.secret not in held
    assert '"enckey"' in held


def test_a_role_that_needs_a_second_factor_is_given_days_and_then_stopped(site: Site) -> None:
    assert "yếu tố thứ hai" in site.get("/account", "auditor").text
    assert site.get("/counters", "auditor").status_code == 200
    User.update(second_factor_due=site.now).where(User.email == PEOPLE["auditor"]).execute()
    stopped = site.get("/counters", "auditor")
    assert (stopped.status_code, stopped.headers["Location"]) == (302, "/account")
    set_up_app(site, "auditor")
    assert site.get("/counters", "auditor").status_code == 200
    assert site.get("/counters", "viewer").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604", "Safari, iPhone"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_a_browser_has_the_name_that_people_know(agent: str, name: str) -> None:
    assert browser_name(agent) == name
