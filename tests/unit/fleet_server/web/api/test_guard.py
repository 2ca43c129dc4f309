"""Who may call the interface, and how it refuses."""

import pytest

from fleet_server.store import api_keys
from fleet_server.store.models import ApiKey
from tests.fakes.desk import MINUTE, NINE
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest

PATHS = [
    ("GET", "/api/v1/terminals"),
    ("GET", "/api/v1/ratings"),
    ("GET", "/api/v1/matters"),
    ("GET", "/api/v1/counters/participation"),
    ("POST", "/api/v1/counters/C1/tickets"),
    ("GET", "/metrics"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_without_a_key_nothing_is_answered(rest: Rest, method: str, path: str) -> None:
    answer = rest.client.open(path, method=method)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    "value", ["Bearer", "Bearer ", "Bearer x", "Basic eDp4", "Bearer " + "k" * 9_000, "Bearer \xe9"]
)
def test_with_a_wrong_key_nothing_is_answered(rest: Rest, value: str) -> None:
    answer = rest.client.get("/api/v1/terminals", headers={"Authorization": value})
    assert answer.status_code == 401


def test_a_revoked_key_is_refused(rest: Rest) -> None:
    api_keys.revoke("queue", NINE)
    answer = rest.get("/terminals")
    assert answer.status_code == 401
    assert "revoked" in answer.json["detail"]
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_only_the_hash_of_a_key_is_held(rest: Rest) -> None:
    row = ApiKey.get()
    assert rest.key not in str(row.__data__)
    assert row.key_sha256 == api_keys.digest(rest.key)


def test_the_last_use_of_a_key_is_noted_to_the_minute(rest: Rest) -> None:
    rest.get("/terminals")
    rest.now += MINUTE - 1
    rest.get("/terminals")
    assert ApiKey.get().last_used == NINE
    rest.now += 1
    rest.get("/terminals")
    assert ApiKey.get().last_used == NINE + MINUTE


def test_two_valid_keys_can_not_have_one_name(rest: Rest) -> None:
    with pytest.raises(ValueError, match="already"):
        new_key()
    api_keys.revoke("queue", NINE)
    new_key()


def test_an_unknown_key_can_not_be_revoked(rest: Rest) -> None:
    with pytest.raises(ValueError, match="no key"):
        api_keys.revoke("nobody", NINE)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nothing", 404), ("DELETE", "/api/v1/terminals", 405), ("GET", "/api/", 404)],
)
def test_what_is_not_there_is_answered_as_a_problem(
    rest: Rest, method: str, path: str, status: int
) -> None:
    answer = rest.call(method, path)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["status"] == status


def test_a_fault_of_ours_is_answered_without_a_trace(
    rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fleet_server.store import rest as queries

    def fail(_ids: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(queries, "heads", fail)
    answer = rest.get("/terminals")
    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "secret inside" not in answer.text
    assert "Traceback" not in answer.text


def test_the_document_describes_every_route(rest: Rest) -> None:
    document = rest.client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    scheme = document["components"]["securitySchemes"]["BearerKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"BearerKey": []}]


def test_a_form_token_is_not_asked_of_programs(rest: Rest) -> None:
    assert rest.tell("called")


def test_nobody_in_between_may_keep_an_answer(rest: Rest) -> None:
    assert rest.get("/ratings").headers["Cache-Control"] == "no-store"
