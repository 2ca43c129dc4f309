"""Keys, webhooks and wall screens stop where nobody answers for them, and go on again."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from fleet_server.core.roles import EVERYTHING, Grant
from fleet_server.store import api_keys, audit_log, deliveries, outbox, users, walls, webhooks
from fleet_server.store.accounts import User
from fleet_server.store.api_keys import NewKey
from fleet_server.store.database import writing
from fleet_server.store.models import ApiKey, WallLink, Webhook, WebhookDelivery
from fleet_server.store.webhooks import Wish
from tests.fakes.office import NOW
from tests.unit.fleet_server.web.conftest import PEOPLE, Site
from tests.unit.fleet_server.web.test_pages import text_of

MAKER = "leaver@hailong.example"
ADMIN = "administrator"
UNIT = 1


@pytest.fixture
def maker(site: Site) -> int:
    """Somebody who may make keys in the first unit."""
    with writing():
        number = users.create(MAKER, "", None, NOW)
        users.give(number, Grant("administrator", UNIT))
        return number


def switched_off(maker: int) -> None:
    User.update(active=False).where(User.id == maker).execute()


def without_the_role(maker: int) -> None:
    with writing():
        users.take(maker, Grant("administrator", UNIT))
        users.give(maker, Grant("technician", None))


LEAVING = pytest.mark.parametrize("leave", [switched_off, without_the_role])
Leave = Callable[[int], None]


def a_key(site: Site, by: str = f"person:{MAKER}") -> str:
    unit = site.get("/tree/list/units.csv", ADMIN).text.splitlines()[1].split(",")[0].strip('"')
    return api_keys.add(
        NewKey("queue", {"units:read", "webhooks:write", "matters:read"}, unit, None, by), NOW
    )


def ask(site: Site, key: str, path: str = "/units") -> TestResponse:
    return site.app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {key}"})


def a_hook(by: str = f"person:{MAKER}", at: int = NOW) -> int:
    with writing():
        wish = Wish("https://stopped.example/", ("matter.opened",), UNIT, True, "")
        return webhooks.add(wish, at, by)[0]


def heard(hook: int) -> bool:
    """Whether an event of its branch reaches a subscription."""
    with writing():
        outbox.tell("matter.opened", {}, NOW, outbox.Place(UNIT))
    found = WebhookDelivery.select().where(WebhookDelivery.webhook == hook)
    return bool(found.exists())


@LEAVING
def test_a_key_stops_with_its_maker_and_goes_on_with_another(
    site: Site, maker: int, leave: Leave
) -> None:
    key = a_key(site)
    assert ask(site, key).status_code == 200
    used = ApiKey.get(ApiKey.name == "queue").last_used
    leave(maker)
    site.now += api_keys.USED_EVERY_MS
    refused = ask(site, key)
    assert refused.status_code == 401
    assert "this API key has stopped" in refused.json["detail"]
    row = ApiKey.get(ApiKey.name == "queue")
    assert row.last_used == used, "what was refused was no use"
    page = site.get("/keys", ADMIN)
    assert f'action="/keys/{row.id}/keep"' in page.text
    assert "đã dừng" in text_of(page.text)
    assert site.post(f"/keys/{row.id}/keep", ADMIN).status_code == 303
    assert ask(site, key).status_code == 200
    [entry] = audit_log.newest(1)
    assert (entry.action, entry.actor) == ("key.take_over", f"person:{PEOPLE[ADMIN]}")
    assert MAKER in entry.details
    assert f"/keys/{row.id}/keep" not in site.get("/keys", ADMIN).text


def test_who_comes_back_answers_again_at_once(site: Site, maker: int) -> None:
    key = a_key(site)
    switched_off(maker)
    assert ask(site, key).status_code == 401
    User.update(active=True).where(User.id == maker).execute()
    assert ask(site, key).status_code == 200


@LEAVING
def test_a_webhook_stops_with_its_maker_and_goes_on_with_another(
    site: Site, maker: int, leave: Leave
) -> None:
    hook = a_hook()
    leave(maker)
    assert not heard(hook)
    assert hook not in [one.id for one in webhooks.working(NOW)]
    assert "đã dừng" in text_of(site.get("/webhooks", ADMIN).text)
    assert f'action="/webhooks/{hook}/keep"' in site.get(f"/webhooks/{hook}", ADMIN).text
    assert site.post(f"/webhooks/{hook}/keep", ADMIN).status_code == 303
    assert heard(hook)
    assert audit_log.newest(1)[0].action == "webhook.take_over"


def test_a_webhook_stops_with_the_key_that_made_it(site: Site, maker: int) -> None:
    key = a_key(site)
    hook = a_hook("key:queue")
    assert hook in [one.id for one in webhooks.working(NOW)]
    told = ask(site, key, f"/webhooks/{hook}").json
    assert told["stopped"] is None
    api_keys.revoke("queue", NOW + 1)
    assert not heard(hook)
    later = api_keys.add(
        NewKey("queue", {"webhooks:write"}, None, None, f"person:{PEOPLE[ADMIN]}"), NOW + 2
    )
    assert not heard(hook), "another key of the same name did not make it"
    assert ask(site, later, f"/webhooks/{hook}").json["stopped"] == "key_gone"


def test_a_webhook_is_told_only_what_its_key_may_read_when_it_is_sent(
    site: Site, maker: int
) -> None:
    a_key(site)
    hook = a_hook("key:queue")
    assert heard(hook)
    scoped = ApiKey.update(scopes="units:read webhooks:write").where(ApiKey.name == "queue")
    scoped.execute()
    assert WebhookDelivery.select().where(WebhookDelivery.webhook == hook).count() == 1
    assert not [one for one in deliveries.claim(NOW, 9, 9, {}) if one.webhook == hook]
    heard(hook)
    assert WebhookDelivery.select().where(WebhookDelivery.webhook == hook).count() == 1
    with writing():
        outbox.send("ping", {}, [hook], NOW)
    [ping] = [one for one in deliveries.claim(NOW, 9, 9, {}) if one.webhook == hook]
    assert '"ping"' in ping.body


def test_a_key_changes_no_webhook_in_the_name_of_somebody_else(site: Site, maker: int) -> None:
    headers = {"Authorization": f"Bearer {a_key(site)}"}
    client = site.app.test_client()
    said = {"url": "https://elsewhere.example/", "events": ["matter.opened"], "version": 1}
    for hook, status in ((a_hook(), 409), (a_hook("key:queue"), 200)):
        path = f"/api/v1/webhooks/{hook}"
        assert client.put(path, json=said, headers=headers).status_code == status
        assert client.post(f"{path}/secret", headers=headers).status_code == status
        pinged = 202 if status == 200 else status
        assert client.post(f"{path}/ping", headers=headers).status_code == pinged
        ended = 204 if status == 200 else status
        assert client.delete(path, headers=headers).status_code == ended


def test_who_changes_a_webhook_answers_for_it_from_then_on(site: Site, maker: int) -> None:
    changed, renewed = a_hook(), a_hook()
    actor = f"person:{PEOPLE[ADMIN]}"
    with writing():
        wish = Wish("https://elsewhere.example/", ("matter.opened",), UNIT, True, "")
        webhooks.change(changed, 1, wish, NOW, actor)
        webhooks.renew_secret(renewed, NOW, actor)
    switched_off(maker)
    assert heard(changed)
    assert heard(renewed)


def test_a_webhook_stops_with_the_maker_of_its_key_and_where_its_key_ends(
    site: Site, maker: int
) -> None:
    a_key(site)
    hook = a_hook("key:queue")
    ApiKey.update(expires_at=NOW + 5).where(ApiKey.name == "queue").execute()
    assert [one.stopped for one in webhooks.listed(EVERYTHING, NOW + 4) if one.id == hook] == [None]
    assert webhooks.one(hook, EVERYTHING, NOW + 5).stopped == "key_gone"  # type: ignore[union-attr]
    switched_off(maker)
    assert webhooks.one(hook, EVERYTHING, NOW).stopped == "key_gone"  # type: ignore[union-attr]
    lost = a_hook("key:nobody knows")
    assert webhooks.one(lost, EVERYTHING, NOW).stopped == "key_gone"  # type: ignore[union-attr]


@LEAVING
def test_a_wall_screen_stops_with_its_maker_and_goes_on_with_another(
    site: Site, maker: int, leave: Leave
) -> None:
    token = walls.add("Sảnh", UNIT, NOW + 86_400_000, f"person:{MAKER}", NOW)
    screen = site.app.test_client()
    assert screen.get(f"/wall/open/{token}").status_code == 303
    assert screen.get("/wall/screen").status_code == 200
    leave(maker)
    assert screen.get("/wall/screen").status_code == 403
    assert site.app.test_client().get(f"/wall/open/{token}").status_code == 403
    number = WallLink.get().id
    page = site.get("/wall/links", ADMIN)
    assert "đã dừng" in text_of(page.text)
    assert f'action="/wall/links/{number}/keep"' in page.text
    assert site.post(f"/wall/links/{number}/keep", ADMIN).status_code == 303
    assert screen.get("/wall/screen").status_code == 200
    assert audit_log.newest(1)[0].action == "wall.take_over"


def test_what_works_is_not_taken_over(site: Site, maker: int) -> None:
    a_key(site)
    hook = a_hook()
    walls.add("Sảnh", UNIT, NOW + 86_400_000, f"person:{MAKER}", NOW)
    paths = (f"/keys/{ApiKey.get(ApiKey.name == 'queue').id}", f"/webhooks/{hook}",
             f"/wall/links/{WallLink.get().id}")  # fmt: skip
    for path in paths:
        assert site.post(f"{path}/keep", ADMIN).status_code == 303
    held = [
        table.select().order_by(table.id.desc()).first() for table in (ApiKey, Webhook, WallLink)
    ]
    assert [one.created_by for one in held] == [f"person:{MAKER}"] * 3


def test_who_may_not_make_it_there_can_not_let_it_go_on(site: Site, maker: int) -> None:
    hook = a_hook()
    switched_off(maker)
    assert site.post(f"/webhooks/{hook}/keep", "technician").status_code == 403
    assert site.post(f"/webhooks/{hook}/keep", "auditor").status_code == 403
    assert not heard(hook)


def test_a_branch_holds_so_many_webhooks_and_no_more(site: Site, maker: int) -> None:
    for _ in range(webhooks.MOST):
        hook = a_hook()
    form = {"url": "https://more.example/", "events": "matter.opened", "note": "", "active": "y"}
    code = webhooks.one(hook, EVERYTHING, NOW).unit  # type: ignore[union-attr]
    refused = site.post("/webhooks/new", ADMIN, unit=code or "", version="1", **form)
    assert refused.status_code == 422
    assert "https://more.example/" in refused.text
    assert str(webhooks.MOST) in text_of(refused.text)
    moved = site.post("/webhooks/1/edit", ADMIN, unit=code or "", version="1", **form)
    assert moved.status_code == 422
    stays = site.post(f"/webhooks/{hook}/edit", ADMIN, unit=code or "", version="1", **form)
    assert stays.status_code == 303, "who is there already takes no more room"
