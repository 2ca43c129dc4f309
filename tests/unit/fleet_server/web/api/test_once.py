"""``Idempotency-Key``: the same request again is done once and answered the same."""

import threading

import pytest

from fleet_server.core.retention import DAY_MS, KEPT_DAYS
from fleet_server.retention import erase
from fleet_server.store import database as db
from fleet_server.store.models import AuditEntry, TicketEvent, Webhook
from tests.fakes.desk import NINE
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest

HOOK = {"url": "https://queue.example/x", "events": ["matter.opened"]}


def subscribe(rest: Rest, key: str, **change: object) -> tuple[int, object, object]:
    answer = rest.call(
        "POST", "/api/v1/webhooks", json={**HOOK, **change}, headers={"Idempotency-Key": key}
    )
    return answer.status_code, answer.json, answer.headers.get("Location")


def test_the_same_again_is_done_once_and_answered_the_same(rest: Rest) -> None:
    first = subscribe(rest, "k")
    assert first[0] == 201
    assert first[2] == f"/api/v1/webhooks/{Webhook.get().id}"
    assert subscribe(rest, "k") == first
    assert Webhook.select().count() == 1
    assert AuditEntry.select().where(AuditEntry.action == "webhook.add").count() == 1


def test_how_a_body_is_written_makes_no_other_request(rest: Rest) -> None:
    first = subscribe(rest, "k")
    turned = rest.call(
        "POST",
        "/api/v1/webhooks",
        data=b'{ "events": ["matter.opened"],\n "url": "https://queue.example/x" }',
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert turned.json == first[1]


def test_another_request_with_the_same_key_is_refused(rest: Rest) -> None:
    subscribe(rest, "k")
    status, problem, _ = subscribe(rest, "k", note="another")
    assert status == 422
    assert problem["type"].endswith("/problems/key-reused")  # type: ignore[index]
    assert problem["errors"][0]["parameter"] == "Idempotency-Key"  # type: ignore[index]
    ticket = rest.post({"ticket": "A1", "event": "called"}, headers={"Idempotency-Key": "k"})
    assert ticket.status_code == 422
    assert TicketEvent.select().count() == 0


def test_keys_of_two_programs_do_not_meet(rest: Rest) -> None:
    subscribe(rest, "k")
    rest.key = new_key("other")
    assert subscribe(rest, "k", note="another")[0] == 201


def test_what_was_refused_may_be_tried_again_with_its_key(rest: Rest) -> None:
    closed = {"ticket": "A1", "event": "closed"}
    headers = {"Idempotency-Key": "k"}
    assert rest.post(closed, headers=headers).status_code == 404
    rest.tell("called", ticket="A1")
    assert rest.post(closed, headers=headers).status_code == 200


def test_after_seven_days_a_key_is_free(rest: Rest) -> None:
    subscribe(rest, "k")
    erase(KEPT_DAYS, NINE + 7 * DAY_MS, "server")
    assert subscribe(rest, "k", note="another")[0] == 422
    erase(KEPT_DAYS, NINE + 7 * DAY_MS + 1, "server")
    assert subscribe(rest, "k", note="another")[0] == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\xe9\x85"])
def test_a_malformed_key_is_refused(rest: Rest, key: str) -> None:
    status, problem, _ = subscribe(rest, key)
    assert status == 400
    assert problem["errors"][0]["in"] == "header"  # type: ignore[index]
    assert Webhook.select().count() == 0


def test_two_at_the_same_time_are_done_once(rest: Rest) -> None:
    answers: list[object] = []

    def ask() -> None:
        client = rest.client.application.test_client()
        headers = {"Authorization": f"Bearer {rest.key}", "Idempotency-Key": "k"}
        answers.append(client.post("/api/v1/webhooks", json=HOOK, headers=headers).json)
        db.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [answers[0]] * 6
    assert Webhook.select().count() == 1


def test_ending_a_subscription_twice_with_one_key_is_no_error(rest: Rest) -> None:
    subscribe(rest, "a")
    headers = {"Idempotency-Key": "d"}
    path = f"/api/v1/webhooks/{Webhook.get().id}"
    assert [rest.call("DELETE", path, headers=headers).status_code for _ in "12"] == [204, 204]
    assert rest.call("DELETE", path).status_code == 404
