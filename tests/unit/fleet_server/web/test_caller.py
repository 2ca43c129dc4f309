"""Who asks, as far as the brakes against guessing know it: behind proxies and without."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fleet_server import settings
from fleet_server.app import create_app
from fleet_server.store import database
from fleet_server.store.accounts import WebSession
from tests.fakes import databases
from tests.unit.fleet_server.web.conftest import PASSWORD, PEOPLE, Site, token

URL = "https://hailong.example"
Opened = Callable[[int], Site]


@pytest.fixture
def behind(office_template: Path, tmp_path: Path) -> Iterator[Opened]:
    """Open the pages with so many trusted proxies."""

    def open_(proxies: int) -> Site:
        file = databases.copied_fleet(office_template, tmp_path / "fleet").path
        text = file.read_text()
        assert "trusted_proxies = 0" in text
        text = text.replace("trusted_proxies = 0", f"trusted_proxies = {proxies}")
        file.write_text(re.sub('(?m)^url = "http:.*"', f'url = "{URL}"', text))
        site: Site
        site = Site(create_app(settings.load(file), lambda: site.now))
        return site

    yield open_
    database.close()


def sign_in(
    client: FlaskClient, who: str, password: str = PASSWORD, forwarded: str = "", peer: str = ""
) -> TestResponse:
    """Send the sign-in form with what proxies say of who asks, or from an address."""
    form = {"email": PEOPLE[who], "password": password, "csrf_token": token(client, "/login")}
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    there = {"REMOTE_ADDR": peer} if peer else {}
    return client.post("/login", data=form, headers=headers, environ_overrides=there)


def guess(client: FlaskClient, times: int, **where: str) -> list[int]:
    return [sign_in(client, "viewer", "wrong", **where).status_code for _ in range(times)]


def test_behind_a_proxy_who_guesses_locks_out_only_themselves(behind: Opened) -> None:
    client = behind(1).client("nobody")
    assert guess(client, 6, forwarded="203.0.113.1") == [200] * 5 + [429]
    assert sign_in(client, "viewer", forwarded="203.0.113.1").status_code == 429
    assert sign_in(client, "viewer", forwarded="203.0.113.2").status_code == 302
    assert [row.address for row in WebSession.select()] == ["203.0.113.2"]


def test_what_a_caller_writes_before_the_proxy_does_is_not_believed(behind: Opened) -> None:
    client = behind(1).client("nobody")
    answers = [
        guess(client, 1, forwarded=f"198.51.100.{number}, 203.0.113.1")[0] for number in range(6)
    ]
    assert answers == [200] * 5 + [429]


def test_with_two_proxies_the_last_but_one_says_who_asks(behind: Opened) -> None:
    client = behind(2).client("nobody")
    assert guess(client, 6, forwarded="203.0.113.1, 10.0.0.1")[-1] == 429
    assert sign_in(client, "viewer", forwarded="203.0.113.2, 10.0.0.1").status_code == 302


def test_behind_a_proxy_forms_come_from_the_address_that_people_type(behind: Opened) -> None:
    client = behind(1).client("nobody")

    def send(referrer: str, said: str = "") -> int:
        form = {"email": PEOPLE["viewer"], "password": PASSWORD}
        form["csrf_token"] = token(client, "/login")
        headers = {"X-Forwarded-Proto": "https", "Referer": referrer}
        if said:
            headers["X-Forwarded-Host"] = said
        return client.post("/login", data=form, headers=headers).status_code

    assert send("https://evil.example/", "evil.example") == 400
    assert send(f"{URL}/login") == 302


def test_behind_a_proxy_nobody_is_sent_on_to_a_host_that_the_caller_names(behind: Opened) -> None:
    client = behind(1).client("nobody")
    form = {"email": PEOPLE["viewer"], "password": PASSWORD, "next": "http://evil.example/"}
    form["csrf_token"] = token(client, "/login")
    answer = client.post("/login", data=form, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in answer.headers.get("Location", "")


def test_without_a_proxy_nobody_takes_another_address_by_a_header(behind: Opened) -> None:
    client = behind(0).client("nobody")
    answers = [guess(client, 1, forwarded=f"203.0.113.{number}")[0] for number in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_network_of_ipv6_is_one_caller_and_its_neighbour_another(site: Site) -> None:
    client = site.client("nobody")
    answers = [guess(client, 1, peer=f"2001:db8::{number}")[0] for number in range(1, 7)]
    assert answers == [200] * 5 + [429]
    assert sign_in(client, "viewer", peer="2001:db8:0:1::1").status_code == 302


def test_an_e_mail_in_another_form_does_not_give_each_guess_a_count_of_its_own(site: Site) -> None:
    client = site.client("viewer")
    answers = [
        client.post(
            "/account/password",
            data={
                "password": "wrong",
                "new_password": "six small green chairs",
                "new_password_confirm": "six small green chairs",
                "email": f"p{number}@hailong.example",
                "csrf_token": token(client, "/account/password"),
            },
        ).status_code
        for number in range(6)
    ]
    assert answers == [200] * 5 + [429]


def test_a_key_is_guessed_from_one_network_only_so_often(site: Site) -> None:
    def ask(address: str) -> int:
        headers = {"Authorization": "Bearer nonsense"}
        there = {"REMOTE_ADDR": address}
        return (
            site.app.test_client()
            .get("/api/v1/units", headers=headers, environ_overrides=there)
            .status_code
        )

    answers = [ask(f"2001:db8::{number}") for number in range(31)]
    assert answers == [401] * 30 + [429]
    assert ask("2001:db8:0:1::1") == 401
