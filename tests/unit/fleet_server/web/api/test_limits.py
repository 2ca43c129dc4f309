"""How often a key may ask, and an address without one."""

from dataclasses import replace

import pytest

from fleet_server.web.api import limits
from fleet_server.web.api.limits import EXTENSION, RateLimits
from tests.fakes.keys import new_key
from tests.unit.fleet_server.web.api.conftest import Rest


@pytest.fixture
def counted(rest: Rest) -> Rest:
    """Three requests a minute for a key, two without one."""
    app = rest.client.application
    [limiter] = app.extensions["limiter"]
    app.extensions[EXTENSION] = RateLimits(limiter, 3, 2)
    return rest


def test_an_answer_says_what_is_left(counted: Rest) -> None:
    first, second = counted.get("/units"), counted.get("/units")
    assert first.headers["RateLimit-Policy"] == '"key";q=3;w=60'
    assert first.headers["RateLimit"].startswith('"key";r=2;t=')
    assert second.headers["RateLimit"].startswith('"key";r=1;t=')


def test_a_key_that_asks_too_often_is_told_to_wait(counted: Rest) -> None:
    answers = [counted.get("/units") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert answers[3].headers["RateLimit"].startswith('"key";r=0')
    assert answers[3].json["type"].endswith("/problems/rate-limited")


def test_one_key_does_not_use_up_anothers(counted: Rest) -> None:
    for _ in range(4):
        counted.get("/units")
    counted.key = new_key("other")
    assert counted.get("/units").status_code == 200


def test_tries_without_a_key_are_braked_by_address(counted: Rest) -> None:
    wrong = {"Authorization": "Bearer hailong_wrong"}
    codes = [counted.client.get("/api/v1/units", headers=wrong).status_code for _ in range(3)]
    assert codes == [401, 401, 429]
    assert counted.client.get("/api/v1/units").status_code == 429
    assert counted.client.get("/metrics").status_code == 429


def test_a_valid_key_is_not_braked_for_what_others_try(counted: Rest) -> None:
    for _ in range(5):
        counted.client.get("/api/v1/units")
    assert counted.get("/units").status_code == 200


def test_the_settings_say_how_often(rest: Rest) -> None:
    app = rest.client.application
    [limiter] = app.extensions["limiter"]
    held = app.extensions["hailong"]
    api = replace(held.settings.api, requests_per_minute=7)
    app.extensions["hailong"] = replace(held, settings=replace(held.settings, api=api))
    limits.init_app(app, limiter)
    assert rest.get("/units").headers["RateLimit-Policy"] == '"key";q=7;w=60'
