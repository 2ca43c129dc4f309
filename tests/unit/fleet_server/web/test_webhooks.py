"""The pages of webhooks: who is told, and what became of each event."""

import re

import pytest

from fleet_server.store.models import Webhook, WebhookDelivery, WebhookEvent
from tests.fakes.reading import text_of
from tests.unit.fleet_server.web.conftest import Site, in_english

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
NEW = {
    "url": "https://new.example/x", "events": "matter.opened", "unit": "", "note": "Mới",
    "active": "y", "version": "1",
}  # fmt: skip
WHO = "administrator"


def test_the_list_counts_what_became_of_events(site: Site) -> None:
    page = site.get("/webhooks", WHO).text
    assert "https://queue.example/hailong" in page
    for state in ("delivered", "waiting", "dead"):
        assert f'href="/webhooks/1?state={state}">1</a>' in page


def test_events_are_not_called_optional(site: Site) -> None:
    assert "<legend>Sự kiện</legend>" in site.get("/webhooks/new", WHO).text


def test_a_subscription_shows_its_secret_once(site: Site) -> None:
    answer = site.post("/webhooks/new", WHO, **NEW)
    assert answer.headers["Cache-Control"] == "no-store"
    [secret] = SECRET.findall(answer.text)
    row = Webhook.get(Webhook.url == NEW["url"])
    assert row.secret == secret
    assert secret not in site.get(f"/webhooks/{row.id}", WHO).text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"url": ""}, "nhập địa chỉ"),
        ({"url": "http://new.example/"}, "https://"),
        ({"url": "https://10.0.0.1/"}, "mạng nội bộ"),
        ({"url": "nonsense"}, "không phải địa chỉ"),
        ({"url": "https://me:x@new.example/"}, "mật khẩu"),
        ({"url": "https://new.example/" + "x" * 500}, "500"),
        ({"events": ""}, "Hãy chọn ít nhất một sự kiện."),
        ({"note": "x" * 201}, "200"),
    ],
)
def test_a_wrong_field_is_said_and_what_was_typed_stays(
    site: Site, change: dict[str, str], says: str
) -> None:
    answer = site.post("/webhooks/new", WHO, **{**NEW, **change})
    assert answer.status_code == 422
    assert says in answer.text
    assert ("Mới" in answer.text) == ("note" not in change)
    assert Webhook.select().count() == 3


def test_the_second_of_two_who_edit_is_told_and_keeps_what_was_typed(site: Site) -> None:
    first = {**NEW, "note": "Lan"}
    assert site.post("/webhooks/1/edit", WHO, **first).status_code == 303
    answer = site.post("/webhooks/1/edit", WHO, **{**NEW, "note": "Nam"})
    assert answer.status_code == 409
    assert "Lan" in answer.text
    assert 'value="Nam"' in answer.text
    assert Webhook.get_by_id(1).note == "Lan"
    again = {**NEW, "note": "Nam", "version": "2"}
    assert site.post("/webhooks/1/edit", WHO, **again).status_code == 303


def test_a_try_is_sent_on_demand(site: Site) -> None:
    assert site.post("/webhooks/1/ping", WHO).status_code == 303
    assert WebhookEvent.select().where(WebhookEvent.at == site.now).count() == 1


def test_an_event_that_was_given_up_is_sent_again(site: Site) -> None:
    dead = WebhookDelivery.get(WebhookDelivery.state == "dead")
    page = site.get("/webhooks/1?state=dead", WHO).text
    assert "connection refused" in page
    assert site.post(f"/webhooks/1/deliveries/{dead.id}/again", WHO).status_code == 303
    assert WebhookDelivery.get_by_id(dead.id).state == "waiting"
    assert site.post("/webhooks/1/deliveries/99/again", WHO).status_code == 404


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("the name can't be looked up (Name or service not known)", "is not found"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "certificate of the rec"),
        ("Failed to establish a new connection: Connection refused", "refuses the connection"),
        ("Read timed out. (read timeout=10)", "does not answer in time"),
        ("answered 302; redirects are not followed: give the address itself", "leads on to"),
        ("answered 500", "answers with an error"),
        ("something else", "The try failed."),
    ],
)
def test_a_failed_try_is_put_into_words_beside_its_technical_text(
    site: Site, error: str, words: str
) -> None:
    WebhookDelivery.update(error=error).where(WebhookDelivery.state == "dead").execute()
    page = in_english(site, "/webhooks/1?state=dead", WHO)
    assert words in text_of(page)
    assert error in text_of(page)


def test_a_subscription_whose_every_try_fails_says_since_when(site: Site) -> None:
    assert "Each try since then has failed" not in in_english(site, "/webhooks/1", WHO)
    later = WebhookDelivery.state != "delivered"
    WebhookDelivery.update(since=site.now - 60_000).where(later).execute()
    page = text_of(in_english(site, "/webhooks/1", WHO))
    assert "fails Each try since then has failed:" in page
    WebhookDelivery.update(tried_at=site.now).where(WebhookDelivery.state == "delivered").execute()
    assert "Each try since then has failed" not in in_english(site, "/webhooks/1", WHO)


def test_who_made_a_subscription_is_named_as_people_are(site: Site) -> None:
    Webhook.update(created_by="person:an@hailong.example").where(Webhook.id == 1).execute()
    page = text_of(in_english(site, "/webhooks/1", WHO))
    assert "an@hailong.example" in page
    assert "person:" not in page


def test_a_new_secret_is_made_after_a_question(site: Site) -> None:
    former = Webhook.get_by_id(1).secret
    assert site.get("/webhooks/1/secret", WHO).status_code == 200
    answer = site.post("/webhooks/1/secret", WHO)
    row = Webhook.get_by_id(1)
    assert [row.secret] == SECRET.findall(answer.text)
    assert row.former_secret == former


def test_a_subscription_ends_after_a_question(site: Site) -> None:
    assert site.get("/webhooks/1/end", WHO).status_code == 200
    assert site.post("/webhooks/1/end", WHO).status_code == 303
    assert [one.id for one in Webhook.select()] == [2, 3]
    assert WebhookDelivery.select().count() == 0


@pytest.mark.parametrize("path", ["/webhooks/9", "/webhooks/99999999999", "/webhooks/1?state=x"])
def test_what_is_not_there_is_not_found(site: Site, path: str) -> None:
    assert site.get(path, WHO).status_code == 404


def test_who_only_reads_can_not_change_anything(site: Site) -> None:
    assert site.get("/webhooks/1", "auditor").status_code == 200
    for path in ("/webhooks/1/ping", "/webhooks/1/secret", "/webhooks/1/end"):
        assert site.post(path, "auditor").status_code == 403
