"""Whatever is refused is told as problem details (RFC 9457), each of a kind that has a page."""

import pytest

from fleet_server.web.api.problems import TITLES
from tests.unit.fleet_server.web.api.conftest import Rest

JSON = {"content_type": "application/json"}
TICKETS = "/api/v1/counters/C1/tickets"


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "kind"),
    [
        ("GET", "/api/v1/nothing", {}, 404, "not-found"),
        ("GET", "/api/nothing", {}, 404, "not-found"),
        ("DELETE", "/api/v1/units", {}, 405, "method-not-allowed"),
        ("POST", TICKETS, {"data": b"{", **JSON}, 400, "malformed"),
        ("POST", TICKETS, {"data": b"x" * 17_000, **JSON}, 413, "too-large"),
        ("POST", TICKETS, {"data": b"x"}, 415, "unsupported-media-type"),
        ("POST", TICKETS, {"json": {}}, 422, "invalid"),
        ("GET", "/api/v1/units?cursor=" + "x" * 4_000, {}, 414, "address-too-long"),
        ("GET", "/api/v1/units?limit=1&limit=2", {}, 422, "invalid"),
        ("GET", "/api/v1/units?limitt=1", {}, 422, "invalid"),
        ("GET", "/api/v1/units?unit=NONE", {}, 404, "not-found"),
    ],
)
def test_a_refusal_says_what_kind_it_is(
    rest: Rest, method: str, path: str, more: dict[str, object], status: int, kind: str
) -> None:
    answer = rest.call(method, path, **more)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert answer.json["type"].endswith(f"/api/v1/problems/{kind}")
    assert answer.json["title"] == TITLES[kind][1]
    assert answer.json["status"] == status
    assert answer.json["detail"]
    assert answer.json["instance"].startswith("urn:uuid:")


def test_no_two_occurrences_have_one_name(rest: Rest) -> None:
    named = {rest.get("/nothing").json["instance"] for _ in range(2)}
    assert len(named) == 2


def test_a_wrong_field_of_a_body_is_pointed_at(rest: Rest) -> None:
    answer = rest.post({"ticket": "A1", "event": "called", "a/b~c": 1})
    assert answer.json["errors"] == [{"pointer": "#/a~1b~0c", "detail": "Unknown field"}]
    nested = rest.call(
        "POST", "/api/v1/webhooks", json={"url": "https://a.example", "events": ["x"]}
    )
    assert nested.json["errors"][0]["pointer"] == "#/events/0"


def test_a_wrong_parameter_is_named_with_its_place(rest: Rest) -> None:
    [error] = rest.get("/units", limit="0").json["errors"]
    assert (error["parameter"], error["in"]) == ("limit", "query")


def test_a_method_that_is_not_there_is_refused_with_those_that_are(rest: Rest) -> None:
    assert "GET" in rest.call("DELETE", "/api/v1/units").headers["Allow"]
