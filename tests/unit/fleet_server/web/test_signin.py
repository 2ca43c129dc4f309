"""Signing in and out, sessions, forms, and the brake on guessing."""

import importlib.util
import threading
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from pathlib import Path

import pytest

from fleet_server.store.accounts import User
from fleet_server.store.users import UserExistsError, add_user
from fleet_server.web import brake, signin
from fleet_server.web.signin import SignInForm, normalised_email
from tests.fakes.reading import token
from tests.fakes.wait import eventually
from tests.unit.fleet_server.web.conftest import PASSWORD, PEOPLE, Site, sign_in

HOUR_MS = 3_600_000


def test_the_right_password_signs_in(site: Site) -> None:
    answer = sign_in(site.client("nobody"), PEOPLE["viewer"])
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert site.client("nobody").get("/").status_code == 200


def test_capitals_and_spaces_in_the_e_mail_do_not_matter(site: Site) -> None:
    assert sign_in(site.client("nobody"), " Viewer@Hailong.example ").status_code == 302


def wrong_words(site: Site, email: str, password: str) -> str:
    answer = sign_in(site.app.test_client(), email, password)
    assert answer.status_code == 200
    text = answer.text
    return text[text.index('id="wrong"') : text.index("</p>", text.index('id="wrong"'))]


def test_a_wrong_password_and_an_unknown_person_are_told_in_the_same_words(site: Site) -> None:
    wrong = wrong_words(site, PEOPLE["viewer"], "wrong horse battery")
    assert wrong == wrong_words(site, "somebody@hailong.example", PASSWORD)
    assert wrong == wrong_words(site, "not an address", PASSWORD)
    assert wrong == wrong_words(site, "", "")


def test_a_burst_of_guesses_is_not_hashed_all_at_once(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashing, go_on = [], threading.Event()

    def slowly(_form: SignInForm, **_more: object) -> bool:
        hashing.append(1)
        return not go_on.wait(10)

    monkeypatch.setattr(SignInForm, "validate", slowly)
    monkeypatch.setattr(brake, "PATIENCE_S", 0.05)
    with ThreadPoolExecutor(6) as pool:
        tries = [
            pool.submit(sign_in, site.app.test_client(), f"person-{number}@hailong.example")
            for number in range(6)
        ]
        eventually(lambda: sum(one.done() for one in tries) == 4, 10, "the others sent away")
        assert len(hashing) == brake.AT_ONCE
        go_on.set()
    assert sorted(one.result().status_code for one in tries) == [200, 200, 503, 503, 503, 503]


def test_the_password_is_never_sent_back(site: Site) -> None:
    answer = sign_in(site.client("nobody"), PEOPLE["viewer"], "a secret that is wrong")
    assert "a secret that is wrong" not in answer.text


def test_somebody_who_was_switched_off_cannot_sign_in(site: Site) -> None:
    User.update(active=False).where(User.email == PEOPLE["viewer"]).execute()
    assert sign_in(site.client("nobody"), PEOPLE["viewer"]).status_code == 200


def test_passwords_are_held_under_argon2_only(site: Site) -> None:
    held = User.get(User.email == PEOPLE["viewer"]).password
    assert held.startswith("$argon2id$")
    assert PASSWORD not in held


def test_a_hash_costs_what_it_should() -> None:
    strong = importlib.util.module_from_spec(importlib.util.find_spec(signin.__name__))
    strong.__spec__.loader.exec_module(strong)
    assert strong.HASHING["argon2__memory_cost"] >= 19 * 1024
    assert strong.HASHING["argon2__rounds"] >= 2


def test_two_people_cannot_have_the_same_e_mail(site: Site) -> None:
    with pytest.raises(UserExistsError):
        add_user(PEOPLE["viewer"].upper(), "hash", "viewer", 0, actor="server")


def test_signing_out_ends_the_session(site: Site) -> None:
    assert site.post("/logout").status_code == 302
    assert site.get("/").status_code == 302


def test_signing_out_needs_the_form_of_the_page(site: Site) -> None:
    site.client("viewer").post("/logout")
    assert site.get("/").status_code == 200


def test_a_session_ends_a_working_day_after_the_sign_in(site: Site) -> None:
    assert site.get("/").status_code == 200
    for _ in range(23):
        site.now += HOUR_MS // 2
        assert site.get("/").status_code == 200
    site.now += HOUR_MS // 2 - 1
    assert site.get("/").status_code == 200
    site.now += 1
    assert site.get("/").status_code == 302
    assert sign_in(site.client("viewer"), PEOPLE["viewer"]).status_code == 302
    assert site.get("/").status_code == 200


def test_a_session_from_the_future_is_not_believed(site: Site) -> None:
    assert site.get("/").status_code == 200
    site.now -= HOUR_MS
    assert site.get("/").status_code == 302


def test_a_page_that_refreshes_itself_hears_401_instead_of_a_sign_in_page(site: Site) -> None:
    assert site.client("nobody").get("/", headers={"X-Live": "1"}).status_code == 401
    assert site.client("nobody").get("/live").status_code == 401


def test_cookies_are_for_this_server_and_not_for_scripts(site: Site) -> None:
    answer = sign_in(site.client("nobody"), PEOPLE["viewer"])
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["hailong"]
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", "")


def test_cookies_demand_https_where_people_use_it() -> None:
    settings = signin.config("s", "s", secure=True)
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["REMEMBER_COOKIE_SECURE"] is True


def test_a_sign_in_cannot_be_sent_on_to_another_server(site: Site) -> None:
    client = site.client("nobody")
    form = {"email": PEOPLE["viewer"], "password": PASSWORD, "next": "https://evil.example/"}
    answer = client.post("/login", data={**form, "csrf_token": token(client, "/login")})
    assert "evil" not in answer.headers.get("Location", "")


def test_guessing_a_password_is_braked_and_the_page_says_so(site: Site) -> None:
    client = site.client("nobody")
    answers = [sign_in(client, PEOPLE["viewer"], "wrong horse").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]
    braked = sign_in(client, PEOPLE["viewer"])
    assert braked.status_code == 429
    assert braked.headers["Retry-After"] == "60"
    assert "một phút" in braked.text


def test_guessing_at_one_account_does_not_lock_another(site: Site) -> None:
    client = site.client("nobody")
    for _ in range(6):
        sign_in(client, PEOPLE["viewer"], "wrong horse")
    assert sign_in(client, PEOPLE["administrator"]).status_code == 302


def test_guessing_at_many_accounts_from_one_address_is_braked(site: Site) -> None:
    client = site.client("nobody")
    answers = {sign_in(client, f"p{n}@hailong.example", "x").status_code for n in range(32)}
    assert 429 in answers


@pytest.mark.parametrize("path", ["/login", "/language", "/matters/1/close"])
def test_a_form_without_its_token_changes_nothing(site: Site, path: str) -> None:
    form = {"email": PEOPLE["viewer"], "password": PASSWORD, "language": "en", "note": "x"}
    answer = site.client("administrator").post(path, data=form)
    assert answer.status_code == 400
    assert "Chưa có gì thay đổi" in answer.text


def test_an_e_mail_is_an_e_mail() -> None:
    assert normalised_email(" Nam@office.local ") == "Nam@office.local"
    assert normalised_email("nam") is None
    assert normalised_email("nam,lan@x.vn") is None
    assert normalised_email("=?utf-8?q?=0a?=@x.vn") is None
    assert normalised_email("a" * 300 + "@x.vn") is None


def test_a_missing_secret_is_named(tmp_path: Path, office_template: Path) -> None:
    import shutil

    from fleet_server import settings
    from fleet_server.app import create_app
    from fleet_server.errors import FleetError

    shutil.copytree(office_template, tmp_path / "fleet")
    fleet = settings.load(tmp_path / "fleet" / "fleet.toml")
    fleet.layout.flask_secret.unlink()
    with pytest.raises(FleetError, match=r"flask\.secret"):
        create_app(fleet)
