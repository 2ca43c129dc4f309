"""An example of every form of the pages that changes something, over the office.

A new form adds one line to `CHANGES`: its endpoint, and how it is sent so that something changes.
A form without an example fails ``tests/unit/fleet_server/web/test_audit_walk.py``, and so does one
that leaves no entry in the audit log.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from typing import Any

import pyotp
from docx import Document

from fleet_server.core.roles import Grant
from fleet_server.store import links, users, walls
from fleet_server.store.accounts import Passkey, User
from fleet_server.store.database import writing
from fleet_server.store.models import ApiKey, WallLink, Webhook, WebhookDelivery
from tests.fakes.office import NOW, TODAY
from tests.fakes.reading import token

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


def opened(path: str) -> Before:
    """Open a form first and send back what it holds."""

    def read(site: Any) -> dict[str, str]:
        page = site.get(path, "administrator").text
        main = page[page.index("<main") :]
        found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', main))
        for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', main, re.S):
            chosen = re.findall(r'<option selected value="([^"]*)"', body)
            found.update((name, unescape(value)) for value in chosen[:1])
        for name in ("csrf_token", "back", "language", "look"):
            found.pop(name, None)
        return found

    return read


def first(*before: Before) -> Before:
    """Do several things first; what the last returns is used."""

    def do(site: Any) -> dict[str, str]:
        return [one(site) for one in before][-1]

    return do


def _send(path: str, **form: str) -> Before:
    def send(site: Any) -> dict[str, str]:
        answer = site.post(path, "administrator", **(opened(path)(site) | form))
        assert answer.status_code == 303, answer.text
        return {}

    return send


def _a_list(site: Any) -> dict[str, str]:
    client = site.client("administrator")
    lines = "Mã quầy;Tên quầy;Mã đơn vị\nP1-09;Mới;UBND-P1\n".encode()
    sent = {"csrf_token": token(client), "file": (BytesIO(lines), "list.csv")}
    preview = client.post("/tree/import", data=sent, follow_redirects=True).text
    return dict(re.findall(r'name="(list|plan)" value="([^"]*)"', preview))


def _ratings(site: Any) -> dict[str, str]:
    client = site.client("administrator")
    lines = "Kênh;Mức hài lòng;Ngày;Mã đơn vị\nPhiếu giấy;Hài lòng;20/11/2026;UBND-P1\n"
    sent = {"csrf_token": token(client), "file": (BytesIO(lines.encode()), "list.csv")}
    preview = client.post("/other/import", data=sent, follow_redirects=True).text
    return dict(re.findall(r'name="(list)" value="([^"]*)"', preview))


def _entered(site: Any) -> dict[str, str]:
    page = site.get("/other?way=box", "administrator").text
    return {"number": re.search(r"/other/(\d+)/withdraw", page)[1]}


def _asked_to(what: str, **form: str) -> Before:
    """Fill in a form that asks once more, and return what the second page holds."""
    path = f"/tree/terminals/p1-03-t1/{what}"

    def ask(site: Any) -> dict[str, str]:
        asked = site.post(path, "administrator", **(opened(path)(site) | form)).text
        held = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked))
        return {key: value for key, value in held.items() if key not in ("csrf_token", "back")}

    return ask


def _a_wall(site: Any) -> dict[str, str]:
    site.post("/wall/links", "administrator", **WALL)
    return {"link": str(walls.listed(NOW)[-1].id)}


def _nobody_answers(_site: Any) -> dict[str, str]:
    for table in (ApiKey, Webhook, WallLink):
        table.update(created_by="person:gone@hailong.example").execute()
    return {}


def _a_wall_that_has_stopped(site: Any) -> dict[str, str]:
    found = _a_wall(site)
    _nobody_answers(site)
    return found


def _a_dead_delivery(_site: Any) -> dict[str, str]:
    return {"delivery": str(WebhookDelivery.get(WebhookDelivery.state == "dead").id)}


def _a_contact(site: Any) -> dict[str, str]:
    site.post("/contacts", "administrator", **NEW_CONTACT)
    return {}


def _an_interview(site: Any) -> dict[str, str]:
    site.post("/interviews/2/take", "administrator")
    return {}


def _a_call(site: Any) -> dict[str, str]:
    site.post("/interviews/2/contact", "administrator", why="gọi lần đầu")
    return {}


CONTACT = {
    "counter": "P1-01", "day": TODAY, "ticket": "A001", "name": "bà Lan",
    "number": "0901 234 567", "consent": "y",
}  # fmt: skip
NEW_CONTACT = CONTACT | {"ticket": "A002"}
"""Of a ticket that stands on no list of a draw."""
PEOPLE = "/people/{id}"
NEW_UNIT = _send("/tree/new-unit", code="NEW", name="Mới", kind="unit", parent="")
ONE = "/terminals/p1-01-t1"
WALL = {"name": "Sảnh", "unit": "", "days": "30"}
TREE = "/tree"
HOOK = {
    "url": "https://new.example/x", "events": "matter.opened", "unit": "", "note": "Mới",
    "active": "y", "version": "1",
}  # fmt: skip


def _tree(path: str, before: Before | None = None, **form: str) -> Change:
    """A form of the tree: opened, changed and sent."""
    read = opened(TREE + path)
    return Change(TREE + path, form, before=first(before, read) if before else read)


ANSWER = {
    "late": "yes",
    "late_in": "handling",
    "cause": "Hồ sơ chờ xác minh.",
    "remedy": "Đã bổ sung người trực.",
    "apology": "written",
}


def _a_template(_site: Any) -> dict[str, Any]:
    made = BytesIO()
    Document().save(made)
    made.seek(0)
    return {"seen": "0", "file": (made, "mau.docx")}


CHANGES: dict[str, Change] = {
    "account.show": Change("/account", {"name": "Nguyễn Văn Nam", "version": "1"}),
    "account.end_session": Change("/account/sessions/{number}/end", before=_a_session),
    "account.end_sessions": Change("/account/sessions/end"),
    "case_terms.change": Change(
        "/settings/cases",
        {"grain": "day", "answer": "7", "rework": "3", "judge": "5", "over": "0, 2"},
        before=opened("/settings/cases"),
    ),
    "cases.answer": Change(
        "/cases/4/answer", {**ANSWER, "seq": "1"}, who="unit_head", page="/cases/4"
    ),
    "cases.look": Change("/cases/2/look", who="auditor"),
    "cases.take": Change(
        "/cases/2/return", {"reason": "Chưa nói rõ khâu nào chậm", "seq": "5"}, page="/cases/2"
    ),
    "configuring.send": Change(
        f"{ONE}/configuration",
        {"what": "expert", "version": "0", "toml": '[look]\nletters="large"\n'},
    ),
    "configuring.send_many": Change(
        "/terminals/configuration?unit=UBND-P1", {"letters": "large", "sure": "1"}
    ),
    "contacts.add": Change("/contacts", NEW_CONTACT),
    "contacts.withdraw": Change(
        "/contacts/withdraw", {"number": "0901 234 567"}, before=_a_contact
    ),
    "draws.witness": Change("/draws/2026-W47/witness", {"witnessed": "042173"}),
    "hours.change": Change(
        "/settings/hours/one",
        {"what": "day", "first": "2026-12-24", "last": "2026-12-25", "name": "Lễ", "version": "1"},
        before=opened("/settings/hours/one"),
    ),
    "interviews.take": Change("/interviews/2/take"),
    "interviews.give_back": Change("/interviews/2/give-back", before=_an_interview),
    "interviews.contact": Change(
        "/interviews/2/contact", {"why": "gọi lần đầu"}, before=_an_interview
    ),
    "interviews.note_try": Change("/interviews/2/try", before=_an_interview),
    "interviews.finish": Change(
        "/interviews/2/close",
        {"outcome": "done", "attitude": "satisfied"},
        before=first(_an_interview, _a_call),
    ),
    "keys.add": Change(
        "/keys/new", {"name": "Quầy ảo", "scopes": "tickets:write", "unit": "", "expires": ""}
    ),
    "keys.take_over": Change("/keys/1/keep", before=_nobody_answers),
    "keys.revoke": Change("/keys/1/revoke"),
    "orders.give": Change(f"{ONE}/commands", {"name": "identify", "seconds": "30", "ttl": "3600"}),
    "other.apply_list": Change("/other/import/apply", before=_ratings),
    "other.enter": Change(
        "/other/new",
        {"way": "phone", "choice": "satisfied", "day": "2026-11-21", "unit": "UBND-P1"},
    ),
    "other.withdraw": Change(
        "/other/{number}/withdraw", {"reason": "Nhập nhầm quầy"}, before=_entered
    ),
    "kept_reports.order": Change(
        "/reports/kept", {"period": "2026-11", "unit": "UBND-P1", "formats": "csv"}
    ),
    "report_schedules.add": Change(
        "/reports/schedules", {"unit": "", "every": "quarter", "day": "5", "formats": "pdf"}
    ),
    "report_schedules.end": Change("/reports/schedules/1/end"),
    "scales.enter": Change(
        "/reports/scores/total_time?period=2026-11&unit=UBND-P1",
        {"two": "12", "one": "3", "none": "1", "reason": "Sổ theo dõi"},
    ),
    "scales.change": Change(
        "/settings/scales",
        {
            "since": "2027-01-01",
            "excellent": "5",
            "good": "4",
            "fair": "3",
            "average": "2",
            "weight": "18",
            "least": "5",
            "seen": "1",
            "indexes-0-key": "total_time",
            "indexes-0-source": "entered",
            "indexes-0-of_nothing": "",
            "indexes-1-key": "two",
            "indexes-1-source": "satisfaction",
            "indexes-1-of_nothing": "",
            "indexes-2-key": "three",
            "indexes-2-source": "entered",
            "indexes-2-of_nothing": "",
        },
    ),
    "report_templates.send": Change("/settings/templates", before=_a_template),
    "report_templates.give_back": Change("/settings/templates/standard", {"seen": "0"}),
    "switches.change": Change("/settings/public", {"unit": "UBND-P1", "public": "on"}),
    "targets.change": Change(
        "/settings/targets",
        {"participation": "45", "satisfaction": "85", "since": "2026-12-01"},
        before=opened("/settings/targets"),
    ),
    "alarms.acknowledge": Change("/alarms/1/acknowledge", who="unit_head"),
    "alarm_rules.change": Change("/settings/alarms/terminal_lost", {"says": "off", "seen": "0"}),
    "letters.again": Change("/settings/letters/1/again"),
    "tree.add_counter": _tree("/new-counter", code="P1-09", name="Mới", unit="UBND-P1"),
    "tree.add_terminal": _tree("/new-terminal", terminal="p1-09-t1", counter="P1-01", unit=""),
    "tree.add_unit": _tree("/new-unit", code="NEW", name="Mới", kind="unit", parent=""),
    "tree.apply_list": Change("/tree/import/apply", before=_a_list),
    "tree.change_unit": _tree("/units/UBND-P1/change", name="Tên mới"),
    "tree.close_counter": _tree("/counters/P1-01/close"),
    "tree.close_unit": _tree("/units/NEW/close", NEW_UNIT),
    "tree.make_invitation": _tree("/terminals/p1-01-t1/enrolment"),
    "tree.move_counter": _tree("/counters/P1-01/move", unit="UBND-Q3"),
    "tree.move_terminal": _tree("/terminals/kho-01/move", counter="", unit="UBND-P1"),
    "tree.move_unit": _tree(
        "/units/UBND-P1/move",
        _send("/tree/new-unit", code="TP", name="Thành phố", kind="city", parent=""),
        parent="TP",
    ),
    "tree.rename_counter": _tree("/counters/P1-01/change", name="Tên mới"),
    "tree.reopen_counter": Change(
        "/tree/counters/P1-01/reopen", {"version": "2"}, before=_send("/tree/counters/P1-01/close")
    ),
    "tree.reopen_unit": Change(
        "/tree/units/NEW/reopen",
        {"version": "2"},
        before=first(NEW_UNIT, _send("/tree/units/NEW/close")),
    ),
    "tree.replace": Change(
        "/tree/terminals/p1-03-t1/replace",
        before=_asked_to("replace", terminal="p1-03-t2", former="lost"),
    ),
    "tree.retire": Change(
        "/tree/terminals/p1-03-t1/retire", before=_asked_to("retire", reason="vỡ")
    ),
    "tree.write_note": _tree("/terminals/kho-01/note", note="dự phòng"),
    "updates.begin": Change(
        "/updates/new",
        {
            "bundle": "4b" * 32,
            "unit": "UBND-Q3",
            "first": "",
            "percents": "10, 100",
            "soak_h": "24",
        },
    ),
    "updates.change": Change("/updates/2/resume", {"ring": "1"}),
    "walls.add": Change("/wall/links", WALL),
    "walls.end": Change("/wall/links/{link}/end", before=_a_wall),
    "walls.take_over": Change("/wall/links/{link}/keep", before=_a_wall_that_has_stopped),
    "webhooks.take_over": Change("/webhooks/1/keep", before=_nobody_answers),
    "webhooks.add": Change("/webhooks/new", HOOK),
    "webhooks.again": Change("/webhooks/1/deliveries/{delivery}/again", before=_a_dead_delivery),
    "webhooks.edit": Change("/webhooks/1/edit", HOOK),
    "webhooks.end": Change("/webhooks/1/end"),
    "webhooks.ping": Change("/webhooks/1/ping"),
    "webhooks.renew_secret": Change("/webhooks/1/secret"),
    "links.take": Change(
        "/link/{code}",
        {"new_password": "bốn từ không hợp nhau", "once_more": "bốn từ không hợp nhau"},
        "nobody",
        _a_link,
    ),
    "signals.rule": Change(
        "/signals/1", {"verdict": "dismissed", "why": "Đã xem tại quầy", "seen": "0"}
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
    "later.rate": "a citizen's rating, as a press of a button is",
    "account.language": "a cookie",
    "account.look": "a cookie",
    "security.tf_select": "only chooses the next page",
    "security.two_factor_rescue": "is closed",
    "other.send_list": "only shows what a list says",
    "tree.send_list": "only shows what a list would do",
    "security.verify": "only notes in the cookie when",
    "security.wan_register": "only asks the browser",
    "security.wan_register_response": "needs a key: tests/e2e/test_passkeys.py",
    "security.wan_signin": "only asks the browser",
    "security.wan_signin_response": "needs a key: tests/e2e/test_passkeys.py",
    "security.wan_verify": "only asks the browser",
    "security.wan_verify_response": "only notes in the cookie when",
}
"""Forms that change nothing, and why; or whose change is looked at elsewhere."""
