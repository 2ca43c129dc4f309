"""The pages of people and roles."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pyotp
import pytest
from werkzeug.test import TestResponse

from fleet_server.core.roles import Grant
from fleet_server.store import audit_log, links, people, places, users
from fleet_server.store.accounts import OneTimeLink, Passkey, User, UserRole
from fleet_server.store.database import writing
from fleet_server.store.models import Unit
from fleet_server.store.users import AccessEndedError
from fleet_server.web import signin
from tests.fakes.changes import person, set_up_app
from tests.fakes.office import NOW
from tests.fakes.reading import token
from tests.unit.fleet_server.web.conftest import PASSWORD, PEOPLE, Site, sign_in

NEW = "bốn từ không hợp nhau"
ADMINISTRATOR = PEOPLE["administrator"]


def user(email: str) -> User:
    return User.get(User.email == email)


def held(email: str) -> set[tuple[str, int | None]]:
    return {(one.role, one.unit) for one in users.grants_of(user(email).id)}


@pytest.fixture
def branch(site: Site) -> Site:
    """The administrator's role holds in the second office only."""
    with writing():
        mine = user(ADMINISTRATOR).id
        users.take(mine, Grant("administrator", None))
        users.give(mine, Grant("administrator", unit("UBND-Q3")))
        # Somebody must be left who may do everything.
        users.give(user(PEOPLE["auditor"]).id, Grant("administrator", None))
    return site


def unit(code: str) -> int:
    return int(Unit.get(Unit.code == code).id)


def test_somebody_is_invited_and_signs_in_with_the_password_they_chose(site: Site) -> None:
    form = {"email": " Lan@hailong.example", "name": "Lan", "role": "viewer", "where": "UBND-P1"}
    page = site.post("/people/invite", "administrator", **form)
    assert page.headers["Cache-Control"] == "no-store"
    link = re.search(r'id="link">[^<]*(/link/[^<]+)<', page.text)[1]
    assert sign_in(site.app.test_client(), "lan@hailong.example", "").status_code == 200
    client = site.app.test_client()
    assert "Lan@hailong.example" in client.get(link).text
    typed = {"new_password": NEW, "once_more": NEW, "csrf_token": token(client, link)}
    assert client.post(link, data=typed).headers["Location"] == "/login"
    assert sign_in(client, "lan@hailong.example", NEW).status_code == 302
    assert held("Lan@hailong.example") == {("viewer", unit("UBND-P1"))}
    assert client.get(link).status_code == 404


def test_a_link_works_once_and_not_for_ever(site: Site) -> None:
    lan = person(site)
    with writing():
        former = links.make(lan.id, "reset", "server", NOW)
        code = links.make(lan.id, "reset", "server", NOW)
    client = site.client("nobody")
    assert client.get(f"/link/{former}").status_code == 404
    assert client.get(f"/link/{code}").status_code == 200
    site.now += links.LIFE_MS["reset"] - 1
    assert client.get(f"/link/{code}").status_code == 200
    site.now += 1
    assert client.get(f"/link/{code}").status_code == 404
    assert client.get(f"/link/{'x' * 500}").status_code == 404


def test_a_bad_password_leaves_the_link_as_it_is(site: Site) -> None:
    with writing():
        code = links.make(person(site).id, "reset", "server", NOW)
    client = site.client("nobody")
    path = f"/link/{code}"
    for first, second in (("short", "short"), ("passwordpassword", "passwordpassword"), (NEW, "x")):
        typed = {"new_password": first, "once_more": second, "csrf_token": token(client, path)}
        answer = client.post(path, data=typed)
        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.text
        assert first not in answer.text
    assert client.get(path).status_code == 200


def test_the_link_of_somebody_who_was_switched_off_works_no_more(site: Site) -> None:
    lan = person(site)
    with writing():
        code = links.make(lan.id, "reset", "server", NOW)
    site.post(f"/people/{lan.id}/switch", "administrator", active="")
    assert site.client("nobody").get(f"/link/{code}").status_code == 404


def test_a_link_does_not_outlive_a_new_role_of_its_person(site: Site) -> None:
    lan = person(site)
    with writing():
        code = links.make(lan.id, "reset", "person:quan@hailong.example", NOW)
    form = {"role": "quality_officer", "where": "*", "version": str(lan.version)}
    assert site.post(f"/people/{lan.id}/give", "administrator", **form).status_code == 303
    assert site.client("nobody").get(f"/link/{code}").status_code == 404


def planted(email: str) -> User:
    """Let somebody who got hold of an account set up all that it can sign in with."""
    held = user(email)
    User.update(
        tf_primary_method="authenticator", tf_totp_secret="x", mf_recovery_codes=["y"]
    ).where(User.id == held.id).execute()
    Passkey.insert(
        user=held.id,
        credential_id=b"key",
        public_key=b"key",
        name="Planted",
        lastuse_datetime=datetime(2026, 11, 22, tzinfo=UTC),
        usage="first",
    ).execute()
    return held


def raise_(site: Site, who: User, where: str = "*") -> TestResponse:
    form = {"role": "administrator", "where": where, "version": str(who.version)}
    return site.post(f"/people/{who.id}/give", "administrator", **form)


def test_what_was_planted_before_does_not_sign_in_as_the_administrator_of_now(site: Site) -> None:
    assert site.get("/").status_code == 200
    viewer = planted(PEOPLE["viewer"])
    page = raise_(site, viewer)
    found = re.search(r"/link/[\w-]+", page.text)
    assert found
    assert "bắt đầu lại" in page.text
    assert site.get("/").status_code == 302
    assert sign_in(site.app.test_client(), viewer.email).status_code == 200
    now = user(viewer.email)
    assert (now.password, now.tf_totp_secret, now.mf_recovery_codes) == (None, None, None)
    assert (now.tf_primary_method, now.webauthn) == (None, [])
    renewed = next(one for one in audit_log.newest(5) if one.action == "person.renew")
    assert json.loads(renewed.details) == {
        "forgotten": ["password", "app", "codes", "passkeys"],
        "link": True,
    }
    client = site.app.test_client()
    typed = {"new_password": NEW, "once_more": NEW, "csrf_token": token(client, found[0])}
    assert client.post(found[0], data=typed).status_code == 303
    assert sign_in(client, viewer.email, NEW).status_code == 302


@pytest.fixture
def promoted(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[[], User]:
    """Make the viewer an administrator while their next change waits for its turn to write."""
    viewer = user(PEOPLE["viewer"])

    @contextmanager
    def later() -> Iterator[None]:
        grants = [Grant("administrator", None)]
        people.change_grants(viewer.id, None, grants, [], people.By.command("server"), NOW)
        with writing():
            yield

    def begin() -> User:
        monkeypatch.setattr(signin, "writing", later)
        return viewer

    return begin


def assert_nothing_to_sign_in_with(who: User) -> None:
    now = user(who.email)
    assert (now.password, now.tf_totp_secret, now.mf_recovery_codes) == (None, None, None)
    assert (now.tf_primary_method, now.webauthn) == (None, [])


def test_a_password_on_its_way_does_not_outlive_a_new_beginning(
    site: Site, promoted: Callable[[], User]
) -> None:
    site.get("/")
    viewer = promoted()
    form = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    answer = site.post("/account/password", **form)
    assert answer.status_code == 403
    assert "Bạn không còn đăng nhập" in answer.text
    assert_nothing_to_sign_in_with(viewer)
    assert site.get("/").status_code == 302
    assert sign_in(site.app.test_client(), viewer.email, NEW).status_code == 200
    assert "password.change" not in {one.action for one in audit_log.newest(5)}


def test_an_authenticator_app_on_its_way_does_not_either(
    site: Site, promoted: Callable[[], User]
) -> None:
    page = site.post("/account/app", setup="authenticator").text
    app = pyotp.TOTP(re.search(r'id="key">([^<]+)<', page)[1].replace("-", ""))
    action = re.search(r'action="(/account/app/[^"]+)"', page)[1]
    viewer = promoted()
    assert site.post(action, code=app.now()).status_code == 403
    assert_nothing_to_sign_in_with(viewer)


def test_recovery_codes_on_their_way_do_not_either(
    site: Site, promoted: Callable[[], User]
) -> None:
    set_up_app(site, "viewer")
    viewer = promoted()
    assert site.post("/account/codes", generate_new_codes="yes").status_code == 403
    assert_nothing_to_sign_in_with(viewer)


def test_a_passkey_on_its_way_does_not_either(site: Site, promoted: Callable[[], User]) -> None:
    planted(PEOPLE["viewer"])
    viewer = promoted()
    used = Passkey.get()
    with signin.writing():
        pass
    used.sign_count = 7
    new = Passkey(
        user=viewer,
        credential_id=b"other",
        public_key=b"key",
        name="Planted",
        lastuse_datetime=datetime(2026, 11, 22, tzinfo=UTC),
        usage="first",
    )
    for key in (used, new):
        with pytest.raises(AccessEndedError):
            users.datastore().put(key)
    assert_nothing_to_sign_in_with(viewer)


def test_a_key_that_was_planted_before_enrols_no_terminals_now(site: Site) -> None:
    viewer = planted(PEOPLE["viewer"])
    form = {"role": "technician", "where": "UBND-P1", "version": str(viewer.version)}
    assert "/link/" in site.post(f"/people/{viewer.id}/give", "administrator", **form).text
    assert_nothing_to_sign_in_with(viewer)


def test_an_administrator_who_gets_a_wider_branch_begins_anew_and_within_it_does_not(
    site: Site,
) -> None:
    auditor = user(PEOPLE["auditor"])
    with writing():
        users.give(auditor.id, Grant("administrator", unit("UBND-Q3")))
    assert raise_(site, auditor).status_code == 200
    assert user(auditor.email).password is None
    with writing():
        User.update(password="hash").where(User.id == auditor.id).execute()
    assert raise_(site, user(auditor.email), "UBND-P1").status_code == 303
    assert user(auditor.email).password == "hash"


@pytest.mark.parametrize("elsewhere", ["administrator UBND-P1", "technician *"])
def test_nobody_comes_by_a_role_in_their_branch_to_what_a_person_holds_elsewhere(
    branch: Site, elsewhere: str
) -> None:
    role, _, code = elsewhere.partition(" ")
    lan = person(branch)
    with writing():
        users.take(lan.id, Grant("viewer", None))
        users.give(lan.id, Grant(role, None if code == "*" else unit(code)))
        users.give(lan.id, Grant("viewer", unit("UBND-Q3")))
    assert (
        "có thẩm quyền đối với mọi vai trò" in branch.get(f"/people/{lan.id}", "administrator").text
    )
    before, newest = held(lan.email), audit_log.newest(1)
    answer = raise_(branch, lan, "UBND-Q3")
    assert answer.status_code == 409
    assert "/link/" not in answer.text
    assert "có thẩm quyền đối với mọi vai trò" in answer.text
    assert held(lan.email) == before
    assert user(lan.email).password == "hash"
    assert user(lan.email).version == lan.version
    assert OneTimeLink.select().count() == 0
    assert audit_log.newest(1) == newest


def test_who_answers_for_all_roles_of_a_person_lets_them_begin_anew_in_the_branch(
    branch: Site,
) -> None:
    lan = person(branch)
    with writing():
        users.take(lan.id, Grant("viewer", None))
        users.give(lan.id, Grant("viewer", unit("UBND-Q3")))
    assert "/link/" in raise_(branch, lan, "UBND-Q3").text


def test_the_form_says_before_that_an_administrator_begins_anew(branch: Site) -> None:
    lan = person(branch)
    with writing():
        users.take(lan.id, Grant("viewer", None))
        users.give(lan.id, Grant("viewer", unit("UBND-Q3")))
    text = branch.get(f"/people/{lan.id}", "administrator").text
    assert "quản trị viên hoặc kỹ thuật viên phải bắt đầu lại" in text


def test_who_comes_by_single_sign_on_needs_no_link_to_begin_anew(site: Site) -> None:
    site.get("/")
    viewer = planted(PEOPLE["viewer"])
    User.update(oidc_subject="https://login.example 42").where(User.id == viewer.id).execute()
    page = site.get(f"/people/{viewer.id}", "administrator").text
    assert "bằng hệ thống đăng nhập một lần" in page
    assert raise_(site, viewer).status_code == 303
    assert site.get("/").status_code == 302
    now = user(viewer.email)
    assert (now.password, now.webauthn, now.tf_totp_secret) == (None, [], None)
    assert OneTimeLink.select().count() == 0


def test_who_is_switched_off_gets_the_link_once_they_are_on_again(site: Site) -> None:
    viewer = user(PEOPLE["viewer"])
    site.post(f"/people/{viewer.id}/switch", "administrator", active="")
    assert raise_(site, user(viewer.email)).status_code == 303
    assert user(viewer.email).password is None
    assert OneTimeLink.select().count() == 0
    assert "liên kết dùng một lần" in site.get(f"/people/{viewer.id}", "administrator").text


def test_an_e_mail_that_is_taken_is_said_beside_the_field_and_stays_typed_in(site: Site) -> None:
    form = {"email": PEOPLE["viewer"].upper(), "role": "viewer", "where": "*"}
    text = site.post("/people/invite", "administrator", **form).text
    assert 'aria-describedby="email-hint email-error"' in text
    assert PEOPLE["viewer"].upper() in text


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nam"), ("email", ""), ("role", "emperor"), ("where", "nowhere"), ("where", "")],
)
def test_nobody_is_invited_with_something_wrong(site: Site, field: str, value: str) -> None:
    form = {"email": "lan@hailong.example", "role": "viewer", "where": "*"} | {field: value}
    before = User.select().count()
    assert site.post("/people/invite", "administrator", **form).status_code == 200
    assert User.select().count() == before


def test_a_role_is_given_and_taken_and_the_sessions_of_the_person_end(site: Site) -> None:
    viewer = user(PEOPLE["viewer"])
    assert site.get("/").status_code == 200
    form = {"role": "unit_head", "where": "UBND-P1", "version": str(viewer.version)}
    assert site.post(f"/people/{viewer.id}/give", "administrator", **form).status_code == 303
    assert ("unit_head", unit("UBND-P1")) in held(viewer.email)
    assert site.get("/").status_code == 302
    form = {"grant": "unit_head UBND-P1", "version": str(viewer.version + 1)}
    assert site.post(f"/people/{viewer.id}/take", "administrator", **form).status_code == 303
    assert held(viewer.email) == {("viewer", None)}
    assert [one.action for one in audit_log.newest(2)] == ["person.revoke", "person.grant"]


def test_the_second_of_two_edits_is_told(site: Site) -> None:
    viewer = user(PEOPLE["viewer"])
    form = {"role": "technician", "where": "UBND-P1", "version": str(viewer.version)}
    site.post(f"/people/{viewer.id}/give", "administrator", **form)
    form = {"role": "interviewer", "where": "UBND-Q3", "version": str(viewer.version)}
    answer = site.post(f"/people/{viewer.id}/give", "administrator", **form)
    assert answer.status_code == 409
    assert '<option selected value="interviewer"' in answer.text
    assert ("interviewer", unit("UBND-Q3")) not in held(viewer.email)


def test_nobody_raises_or_switches_off_themselves(site: Site) -> None:
    mine = user(ADMINISTRATOR)
    form = {"role": "auditor", "where": "*", "version": str(mine.version)}
    assert site.post(f"/people/{mine.id}/give", "administrator", **form).status_code == 409
    assert site.post(f"/people/{mine.id}/switch", "administrator").status_code == 409
    assert site.post(f"/people/{mine.id}/reset", "administrator").status_code == 409
    taken = {"grant": "administrator *", "version": str(mine.version)}
    assert site.post(f"/people/{mine.id}/take", "administrator", **taken).status_code == 409
    assert held(ADMINISTRATOR) == {("administrator", None)}


def test_an_administrator_of_a_branch_sees_the_people_of_it_and_no_others(branch: Site) -> None:
    lan = person(branch)
    assert "moi@hailong.example" not in branch.get("/people", "administrator").text
    assert branch.get(f"/people/{lan.id}", "administrator").status_code == 404
    with writing():
        users.give(lan.id, Grant("viewer", unit("UBND-Q3")))
    page = branch.get(f"/people/{lan.id}", "administrator").text
    assert "UBND-P1" not in page
    assert "/take" in page
    assert "/reset" not in page  # they view the whole fleet too, which is beyond a branch


def test_an_administrator_of_a_branch_gives_nothing_outside_of_it(branch: Site) -> None:
    lan = person(branch)
    with writing():
        users.take(lan.id, Grant("viewer", None))
        users.give(lan.id, Grant("viewer", unit("UBND-Q3")))
    for where in ("*", "UBND-P1"):
        form = {"role": "viewer", "where": where, "version": str(lan.version)}
        answer = branch.post(f"/people/{lan.id}/give", "administrator", **form)
        assert answer.status_code == 422
    form = {"role": "unit_head", "where": "UBND-Q3", "version": str(lan.version)}
    assert branch.post(f"/people/{lan.id}/give", "administrator", **form).status_code == 303


def test_an_administrator_of_a_branch_does_not_take_over_a_whole_fleet_administrator(
    branch: Site,
) -> None:
    auditor = user(PEOPLE["auditor"])
    with writing():
        users.give(auditor.id, Grant("viewer", unit("UBND-Q3")))
    for action in ("reset", "switch"):
        assert branch.post(f"/people/{auditor.id}/{action}", "administrator").status_code == 409
    assert user(PEOPLE["auditor"]).active


def test_a_branch_holds_what_was_moved_into_it(branch: Site) -> None:
    with writing():
        places.move_unit(unit("UBND-P1"), unit("UBND-Q3"), "2026-11-22")
    assert "UBND-P1" in branch.get("/people/invite", "administrator").text


def test_a_reset_with_second_factors_ends_sessions_and_the_password_until_then_works(
    site: Site,
) -> None:
    viewer = user(PEOPLE["viewer"])
    User.update(tf_primary_method="authenticator", tf_totp_secret="x").where(
        User.id == viewer.id
    ).execute()
    page = site.post(f"/people/{viewer.id}/reset", "administrator", second_factors="y")
    assert "/link/" in page.text
    assert user(PEOPLE["viewer"]).tf_totp_secret is None
    assert sign_in(site.app.test_client(), PEOPLE["viewer"]).status_code == 302


def test_who_is_switched_off_is_out_at_once_and_can_be_switched_on_again(site: Site) -> None:
    viewer = user(PEOPLE["viewer"])
    site.get("/")
    site.post(f"/people/{viewer.id}/switch", "administrator", active="")
    assert site.get("/").status_code == 302
    assert site.post(f"/people/{viewer.id}/reset", "administrator").status_code == 409
    site.post(f"/people/{viewer.id}/switch", "administrator", active="yes")
    assert sign_in(site.app.test_client(), PEOPLE["viewer"]).status_code == 302


def test_people_who_may_only_look_see_no_forms(site: Site) -> None:
    viewer = user(PEOPLE["viewer"])
    page = site.get(f"/people/{viewer.id}", "auditor").text
    assert f"/people/{viewer.id}/" not in page
    assert "/people/invite" not in site.get("/people", "auditor").text


def test_a_list_of_people_is_searched_by_e_mail_and_name(site: Site) -> None:
    text = site.get("/people?q=TECHN", "auditor").text
    assert PEOPLE["technician"] in text
    assert f">{PEOPLE['viewer']}<" not in text
    assert "<table" not in site.get("/people?q=zzz", "auditor").text


def test_a_role_that_there_is_no_more_is_shown_as_it_is(site: Site) -> None:
    lan = person(site)
    with writing():
        users.give(lan.id, Grant("janitor", None))
    assert "janitor" in site.get(f"/people/{lan.id}", "administrator").text
    assert UserRole.select().where(UserRole.user == lan.id).count() == 2
