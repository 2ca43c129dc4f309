"""An example of every form of the pages that changes something, over the office.

A new form adds one line to `CHANGES`: its endpoint, and how it is sent so that something changes.
A form without an example fails ``tests/unit/fleet_server/web/test_audit_walk.py``, and so does one
that leaves no entry in the audit log.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pyotp

from fleet_server.core.roles import Grant
from fleet_server.store import links, users
from fleet_server.store.accounts import Passkey, User
from fleet_server.store.database import writing
from tests.fakes.office import NOW

Before = Callable[[Any], dict[str, str]]
"""Prepares the site; what it returns goes into the path by name, and what is left into the form."""

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Change:
    """How a form is sent.

    Attributes:
        path: where to; ``{name}`` stands for what ``before`` returns.
        form: what is typed.
        who: who sends it, by role, or nobody.
        before: what must be there first.
        page: where its token is taken from.
    """

    path: str
    form: dict[str, str] = field(default_factory=dict)
    who: str = "administrator"
    before: Before = lambda _site: {}
    page: str = "/"


def person(site: Any, **values: Any) -> User:
    """Add somebody who views the whole fleet, and nothing else."""
    with writing():
        number = users.create("moi@hailong.example", "Mới", "hash", NOW)
        users.give(number, Grant("viewer", None))
        User.update(**{"active": True, **values}).where(User.id == number).execute()
    return User.get_by_id(number)


def _a_person(site: Any) -> dict[str, str]:
    found = person(site)
    return {"id": str(found.id), "version": str(found.version)}


def _a_link(site: Any) -> dict[str, str]:
    with writing():
        return {"code": links.make(person(site).id, "reset", "server", NOW)}


def _a_session(site: Any) -> dict[str, str]:
    page = site.get("/account", "administrator").text
    return {"number": re.search(r"/account/sessions/(\d+)/end", page)[1]}


def set_up_app(site: Any, who: str = "administrator") -> pyotp.TOTP:
    """Set up an authenticator app through the pages, and return it."""
    page = site.post("/account/app", who, setup="authenticator").text
    app = pyotp.TOTP(re.search(r'id="key">([^<]+)<', page)[1].replace("-", ""))
    action = re.search(r'action="(/account/app/[^"]+)"', page)[1]
    answer = site.post(action, who, code=app.now())
    assert answer.headers["Location"] == "/account", answer.text
    # As if it had been half a minute ago: a code works once.
    User.update(tf_last_counter=User.tf_last_counter - 1).execute()
    return app


def _app_begun(site: Any) -> dict[str, str]:
    page = site.post("/account/app", "administrator", setup="authenticator").text
    app = pyotp.TOTP(re.search(r'id="key">([^<]+)<', page)[1].replace("-", ""))
    return {"path": re.search(r'action="(/account/app/[^"]+)"', page)[1], "code": app.now()}


def _app_set_up(site: Any) -> dict[str, str]:
    set_up_app(site)
    return {}


def _half_signed_in(site: Any) -> dict[str, str]:
    app = set_up_app(site, "viewer")
    site.post("/logout", "viewer")
    _password(site)
    return {"code": app.now()}


def _code_in_hand(site: Any) -> dict[str, str]:
    set_up_app(site, "viewer")
    page = site.post("/account/codes", "viewer", generate_new_codes="yes").text
    site.post("/logout", "viewer")
    _password(site)
    return {"code": re.search(r"<li><code>([^<]+)</code>", page)[1]}


def _password(site: Any) -> None:
    site.post("/login", "viewer", email="viewer@hailong.example", password=PASSWORD)


def _a_passkey(site: Any) -> dict[str, str]:
    site.get("/account", "administrator")  # signed in before the key is asked for
    owner = User.get(User.email == "administrator@hailong.example")
    Passkey.create(
        user=owner,
        credential_id=b"id",
        public_key=b"key",
        name="Blue",
        usage="secondary",
        lastuse_datetime=datetime(2026, 11, 22, tzinfo=UTC).replace(tzinfo=None),
    )
    return {"name": "Blue"}


PEOPLE = "/people/{id}"

CHANGES: dict[str, Change] = {
    "account.show": Change("/account", {"name": "Nguyễn Văn Nam", "version": "1"}),
    "account.end_session": Change("/account/sessions/{number}/end", before=_a_session),
    "account.end_sessions": Change("/account/sessions/end"),
    "links.take": Change(
        "/link/{code}",
        {"new_password": "bốn từ không hợp nhau", "once_more": "bốn từ không hợp nhau"},
        "nobody",
        _a_link,
    ),
    "matters.close": Change("/matters/1/close", {"note": "Đã thay thẻ"}),
    "people.give": Change(
        f"{PEOPLE}/give", {"role": "auditor", "where": "UBND-P1"}, before=_a_person
    ),
    "people.take": Change(f"{PEOPLE}/take", {"grant": "viewer *"}, before=_a_person),
    "people.invite": Change(
        "/people/invite", {"email": "lan@hailong.example", "role": "viewer", "where": "*"}
    ),
    "people.reset": Change(f"{PEOPLE}/reset", {"second_factors": "y"}, before=_a_person),
    "people.switch": Change(f"{PEOPLE}/switch", {"active": ""}, before=_a_person),
    "security.change_password": Change(
        "/account/password",
        {
            "password": PASSWORD,
            "new_password": "bốn từ không hợp nhau",
            "new_password_confirm": "bốn từ không hợp nhau",
        },
    ),
    "security.login": Change(
        "/login", {"email": "viewer@hailong.example", "password": PASSWORD}, "nobody"
    ),
    "security.logout": Change("/logout"),
    "security.mf_recovery": Change(
        "/login/recovery", who="viewer", before=_code_in_hand, page="/login/recovery"
    ),
    "security.mf_recovery_codes": Change("/account/codes", {"generate_new_codes": "yes"}),
    "security.two_factor_setup": Change("/account/app", {"setup": "disable"}, before=_app_set_up),
    "security.two_factor_setup_validate": Change("{path}", before=_app_begun),
    "security.two_factor_token_validation": Change(
        "/login/code", who="viewer", before=_half_signed_in, page="/login/code"
    ),
    "security.wan_delete": Change("/account/passkeys/remove", before=_a_passkey),
}
"""By endpoint."""

NO_CHANGES = {
    "account.language": "a cookie",
    "account.look": "a cookie",
    "security.tf_select": "only chooses the next page",
    "security.two_factor_rescue": "is closed",
    "security.verify": "only notes in the cookie when",
    "security.wan_register": "only asks the browser",
    "security.wan_register_response": "needs a key: tests/e2e/test_passkeys.py",
    "security.wan_signin": "only asks the browser",
    "security.wan_signin_response": "needs a key: tests/e2e/test_passkeys.py",
    "security.wan_verify": "only asks the browser",
    "security.wan_verify_response": "only notes in the cookie when",
}
"""Forms that change nothing, and why; or whose change is looked at elsewhere."""
