"""Single sign-on against a real provider, honest and lying."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fleet_server import settings
from fleet_server.app import create_app
from fleet_server.errors import FleetError
from fleet_server.store import audit_log, database
from fleet_server.store.accounts import User
from tests.fakes import databases
from tests.fakes.authenticator import Authenticator
from tests.fakes.provider import (
    CLIENT,
    SECRET,
    Provider,
    by_another_key,
    by_client_secret,
    by_public_key_as_secret,
    unsigned,
)
from tests.unit.fleet_server.web.conftest import PASSWORD, PEOPLE, Site, sign_in, token

VIEWER = PEOPLE["viewer"]


@pytest.fixture
def provider() -> Iterator[Provider]:
    person = {"sub": "42", "email": VIEWER, "email_verified": True, "name": "Nguyễn Văn Nam"}
    provider = Provider(lambda: int(time.time()), person)
    yield provider
    provider.stop()


def open_with(template: Path, target: Path, provider: Provider, more: str = "") -> Site:
    file = databases.copied_fleet(template, target).path
    section = f'\n[oidc]\nissuer = "{provider.issuer}"\nclient_id = "{CLIENT}"\n{more}\n'
    file.write_text(file.read_text() + section)
    (target / "secrets" / "oidc.secret").write_text(f"{SECRET}\n")
    site: Site
    site = Site(create_app(settings.load(file), lambda: site.now))
    return site


@pytest.fixture
def single(office_template: Path, tmp_path: Path, provider: Provider) -> Iterator[Site]:
    yield open_with(office_template, tmp_path / "fleet", provider)
    database.close()


def go(client: FlaskClient, next_page: str = "") -> str:
    """Go to the provider and return the address at which it sends the browser back."""
    there = client.get("/login/single", query_string={"next": next_page} if next_page else None)
    assert there.status_code == 302, there.text
    answer = requests.get(there.headers["Location"], allow_redirects=False, timeout=5)
    return answer.headers["Location"]


def come(client: FlaskClient, address: str) -> TestResponse:
    return client.get(address[address.index("/login") :])


def actions() -> list[str]:
    return [one.action for one in audit_log.newest(10)]


def test_somebody_who_was_invited_signs_in_and_comes_to_the_page_asked_for(
    single: Site, provider: Provider
) -> None:
    client = single.client("nobody")
    assert "/login/single?next=/counters" in client.get("/login?next=/counters").text
    answer = come(client, go(client, "/counters"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/counters")
    assert client.get("/counters").status_code == 200
    assert User.get(User.email == VIEWER).oidc_subject == f"{provider.issuer} 42"
    assert actions()[:2] == ["session.begin", "person.single"]


def test_the_way_there_carries_state_nonce_and_the_challenge_of_pkce(
    single: Site, provider: Provider
) -> None:
    go(single.client("nobody"))
    asked = provider.asked[0]
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 16
    assert len(asked["state"]) >= 16


def test_who_is_bound_is_known_by_the_subject_and_no_more_by_the_e_mail(
    single: Site, provider: Provider
) -> None:
    come(single.client("nobody"), go(single.client("nobody")))
    provider.person["email"] = PEOPLE["administrator"]
    client = single.app.test_client()
    assert come(client, go(client)).status_code == 302
    assert VIEWER in client.get("/account").text
    provider.person |= {"sub": "43", "email": VIEWER}
    other = single.app.test_client()
    assert come(other, go(other)).status_code == 403


def test_what_somebody_signed_in_with_before_is_forgotten_when_the_provider_takes_over(
    single: Site,
) -> None:
    before = single.client("viewer")
    User.update(tf_primary_method="authenticator", tf_totp_secret="x").where(
        User.email == VIEWER
    ).execute()
    client = single.app.test_client()
    assert come(client, go(client)).status_code == 302
    assert client.get("/counters").status_code == 200
    assert before.get("/counters").status_code == 302
    now = User.get(User.email == VIEWER)
    assert (now.password, now.tf_totp_secret, now.tf_primary_method) == (None, None, None)
    assert sign_in(single.app.test_client(), VIEWER).status_code == 200
    bound = next(one for one in audit_log.newest(5) if one.action == "person.single")
    assert json.loads(bound.details)["forgotten"] == ["password", "app"]


def swap(name: str, value: object) -> Any:
    return lambda claims: claims.update({name: value})


def drop(name: str) -> Any:
    return lambda claims: claims.pop(name)


@pytest.mark.parametrize(
    "bend",
    [
        swap("nonce", "another"),
        drop("nonce"),
        swap("aud", "somebody-else"),
        swap("aud", ["somebody-else", "x"]),
        drop("aud"),
        swap("iss", "http://127.0.0.1:1"),
        drop("iss"),
        swap("exp", 1),
        drop("exp"),
        swap("iat", "yesterday"),
        drop("sub"),
        swap("sub", ""),
        swap("sub", 42),
        swap("email_verified", False),
        swap("email_verified", "true"),
        drop("email_verified"),
        swap("email", "nobody@hailong.example"),
        swap("email", "no address"),
    ],
)
def test_a_token_that_says_something_wrong_signs_nobody_in(
    single: Site, provider: Provider, bend: Any
) -> None:
    provider.bend = bend
    client = single.client("nobody")
    assert come(client, go(client)).status_code == 403
    assert client.get("/").status_code == 302
    assert User.get(User.email == VIEWER).oidc_subject is None


@pytest.mark.parametrize(
    "sign", [by_another_key, by_public_key_as_secret, by_client_secret, unsigned]
)
def test_a_token_that_the_provider_has_not_signed_signs_nobody_in(
    single: Site, provider: Provider, sign: Any
) -> None:
    provider.sign = sign
    client = single.client("nobody")
    assert come(client, go(client)).status_code == 403
    assert client.get("/").status_code == 302


def test_an_answer_without_a_token_signs_nobody_in(single: Site, provider: Provider) -> None:
    provider.without_token = True
    assert come(single.client("nobody"), go(single.client("nobody"))).status_code == 403


def test_a_provider_that_names_another_issuer_is_not_asked(
    single: Site, provider: Provider
) -> None:
    provider.issuer_told = "http://127.0.0.1:1"
    assert single.client("nobody").get("/login/single").status_code == 503


def test_a_provider_that_is_not_there_is_said_in_one_sentence(
    single: Site, provider: Provider
) -> None:
    provider.server.shutdown()
    provider.server.server_close()
    answer = single.client("nobody").get("/login/single")
    assert answer.status_code == 503
    assert "Traceback" not in answer.text


def test_an_answer_works_once_and_only_where_it_was_asked_for(single: Site) -> None:
    client = single.client("nobody")
    address = go(client)
    thief = single.app.test_client()
    assert come(thief, address).status_code == 403
    assert come(client, address).status_code == 302
    client.get("/account")
    again = single.app.test_client()
    assert come(again, address).status_code == 403
    assert come(single.app.test_client(), "/login/single/back").status_code == 403


def test_somebody_who_was_switched_off_stays_outside(single: Site) -> None:
    User.update(active=False).where(User.email == VIEWER).execute()
    assert come(single.client("nobody"), go(single.client("nobody"))).status_code == 403


def test_nobody_is_made_unless_the_settings_say_so(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    site = open_with(office_template, tmp_path / "fleet", provider, "create = true")
    provider.person["email"] = "moi@hailong.example"
    client = site.client("nobody")
    assert come(client, go(client)).status_code == 302
    made = User.get(User.email == "moi@hailong.example")
    assert list(made.roles) == []
    assert client.get("/counters").status_code == 403
    database.close()


def test_passwords_can_be_left_to_one_person_for_the_day_when_the_provider_is_gone(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    only = f'only_local = "{PEOPLE["administrator"]}"'
    site = open_with(office_template, tmp_path / "fleet", provider, only)
    assert sign_in(site.app.test_client(), VIEWER).status_code == 200
    assert sign_in(site.app.test_client(), PEOPLE["administrator"]).status_code == 302
    database.close()


def by_passkey(site: Site, key: Authenticator) -> str:
    """Use a passkey to sign in, and return where that leads."""
    client = site.app.test_client()
    form = {"csrf_token": token(client, "/login/passkey")}
    action, answered = key.answer(client.post("/login/passkey", data=form).text)
    answer = client.post(action, data=form | answered)
    assert answer.status_code == 302
    assert (client.get("/counters").status_code == 200) == (answer.headers["Location"] == "/")
    return answer.headers["Location"]


def test_passkeys_are_left_to_that_person_too(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    only = f'only_local = "{PEOPLE["administrator"]}"'
    site = open_with(office_template, tmp_path / "fleet", provider, only)
    origin = site.app.extensions["hailong"].settings.web.url
    theirs = Authenticator(b"theirs", origin)
    theirs.register(User.get(User.email == VIEWER).id)
    own = Authenticator(b"own", origin)
    own.register(User.get(User.email == PEOPLE["administrator"]).id)
    assert by_passkey(site, own) == "/"
    assert by_passkey(site, theirs) == "/login/passkey"
    database.close()


def test_who_signs_in_elsewhere_confirms_elsewhere(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    only = f'only_local = "{PEOPLE["administrator"]}"'
    site = open_with(office_template, tmp_path / "fleet", provider, only)
    client = site.client("nobody")
    come(client, go(client))
    User.update(password=User.get(User.email == PEOPLE["auditor"]).password).where(
        User.email == VIEWER
    ).execute()
    page = client.get("/verify?next=/account").text
    assert "/login/single?next=/account" in page
    assert 'name="password"' not in page
    form = {"password": PASSWORD, "csrf_token": token(client, "/account")}
    assert client.post("/verify", data=form).status_code == 200
    database.close()


def test_who_keeps_a_password_for_that_day_keeps_it_when_they_come_from_the_provider(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    only = f'only_local = "{VIEWER}"'
    site = open_with(office_template, tmp_path / "fleet", provider, only)
    assert come(site.client("nobody"), go(site.client("nobody"))).status_code == 302
    assert User.get(User.email == VIEWER).oidc_subject
    assert sign_in(site.app.test_client(), VIEWER).status_code == 302
    database.close()


def test_that_person_gets_a_link_when_they_begin_anew_and_others_of_the_provider_do_not(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    only = f'only_local = "{VIEWER.upper()}"'
    site = open_with(office_template, tmp_path / "fleet", provider, only)
    provider.person["email"] = PEOPLE["administrator"]
    client = site.clients["administrator"] = site.app.test_client()
    assert come(client, go(client)).status_code == 302
    for who, link in ((VIEWER, True), (PEOPLE["auditor"], False)):
        User.update(oidc_subject=f"there {who}").where(User.email == who).execute()
        person = User.get(User.email == who)
        before = site.get(f"/people/{person.id}", "administrator").text
        assert ("Sau đó bạn nhận được một liên kết" in before) == link
        form = {"role": "administrator", "where": "*", "version": str(person.version)}
        answer = site.post(f"/people/{person.id}/give", "administrator", **form)
        assert User.get(User.email == who).password is None
        assert ("/link/" in answer.text) == link
    database.close()


def test_no_second_factor_is_asked_of_who_comes_from_the_provider(
    single: Site, provider: Provider
) -> None:
    provider.person["email"] = PEOPLE["administrator"]
    client = single.client("nobody")
    come(client, go(client))
    User.update(second_factor_due=1).where(User.email == PEOPLE["administrator"]).execute()
    assert client.get("/counters").status_code == 200


def test_who_is_signed_in_shows_anew_who_they_are(single: Site, provider: Provider) -> None:
    client = single.client("nobody")
    come(client, go(client))
    assert come(client, go(client, "/account")).headers["Location"] == "/account"
    assert (provider.asked[1]["prompt"], provider.asked[1]["max_age"]) == ("login", "0")
    provider.person["sub"] = "43"
    assert come(client, go(client)).status_code == 403


def fresh(client: FlaskClient) -> bool:
    """Tell whether a page that is dangerous opens without asking who is there."""
    return client.get("/account/password").status_code == 200 and (
        client.get("/account/passkeys").status_code == 200
    )


def go_quietly(client: FlaskClient) -> str:
    """Go to the provider without what has the person sign in there once more."""
    there = client.get("/login/single").headers["Location"]
    quiet = re.sub(r"&(prompt|max_age)=\w+", "", there)
    assert quiet != there
    answer = requests.get(quiet, allow_redirects=False, timeout=5)
    return answer.headers["Location"]


def test_who_was_still_signed_in_at_the_provider_has_shown_nothing(
    single: Site, provider: Provider
) -> None:
    provider.signed_in_at = int(time.time()) - 3 * 3600
    client = single.client("nobody")
    come(client, go(client))
    assert client.get("/account").status_code == 200
    assert not fresh(client)
    assert come(client, go_quietly(client)).status_code == 403
    assert not fresh(client)
    assert come(client, go(client)).status_code == 302
    assert fresh(client)


@pytest.mark.parametrize("bend", [drop("auth_time"), swap("auth_time", float("nan"))])
def test_a_provider_that_does_not_say_when_confirms_nobody(
    single: Site, provider: Provider, bend: Any
) -> None:
    provider.bend = bend
    client = single.client("nobody")
    assert come(client, go(client)).status_code == 302
    assert not fresh(client)
    refused = come(client, go(client))
    assert refused.status_code == 403
    assert "auth_time" in refused.text


def test_a_sign_in_of_just_now_is_fresh(single: Site) -> None:
    client = single.client("nobody")
    come(client, go(client))
    assert fresh(client)


def test_signing_out_there_too_is_offered(single: Site, provider: Provider) -> None:
    client = single.client("nobody")
    come(client, go(client))
    assert "/login/single/leave" in client.get("/account").text
    answer = client.get("/login/single/leave")
    assert answer.headers["Location"].startswith(f"{provider.issuer}/leave?")


def test_without_the_section_there_is_no_such_door(site: Site) -> None:
    assert "/login/single" not in site.client("nobody").get("/login").text
    assert site.client("nobody").get("/login/single").status_code == 404
    assert site.client("nobody").get("/login/single/back").status_code == 404


def test_a_missing_secret_of_the_provider_is_named(
    office_template: Path, tmp_path: Path, provider: Provider
) -> None:
    open_with(office_template, tmp_path / "fleet", provider)
    (tmp_path / "fleet" / "secrets" / "oidc.secret").unlink()
    with pytest.raises(FleetError, match=r"oidc\.secret"):
        create_app(settings.load(tmp_path / "fleet" / "fleet.toml"))
    database.close()
