"""Every route of the interface × every scope × inside and outside of a key's branch.

The walk is over the route map: a route that nobody has thought of fails it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from fleet_server.core.api_scopes import SCOPES, WHOLE_ONLY, ApiScope
from fleet_server.core.case_events import Subject
from fleet_server.core.signals.tally import Tally
from fleet_server.core.webhooks import FOR_PEOPLE, MOST, SUBSCRIBABLE, TELLS, Event
from fleet_server.store import (
    case_files,
    kept_reports,
    matters,
    outbox,
    places,
    signals,
    webhooks,
)
from fleet_server.store import database as db
from fleet_server.store.database import writing
from fleet_server.store.matters import Found
from fleet_server.store.models import CaseFile, Counter, Signal
from fleet_server.store.webhooks import Wish
from fleet_server.web.api import operation as operation_file
from fleet_server.web.api.operation import operation_of
from tests.fakes.desk import MINUTE, NINE, SAIGON, Desk
from tests.fakes.keys import new_key
from tests.fakes.shadow import tallies
from tests.unit.fleet_server.web.api.conftest import Rest

TICKET = {"ticket": "A017", "event": "called"}
HOOK = {"url": "https://queue.example/x", "events": ["matter.opened"], "version": 1}

# What each route is called with: the body, and the arguments of its path inside and outside.
BODIES: dict[str, object] = {
    "tell_ticket": TICKET,
    "tell_contact": {"visit": "IN-v", "name": "Lan", "number": "0901234567", "consent": True},
    "withdraw_contact": {"visit": "IN-v"},
    "add_webhook": {name: HOOK[name] for name in ("url", "events")},
    "change_webhook": HOOK,
}
INSIDE = {"code": "IN-1", "number": 2, "delivery": 2, "report": 1, "ending": "csv"}
OUTSIDE = {"code": "OUT-1", "number": 3, "delivery": 3, "report": 2, "ending": "csv"}

GUIDE = Path(operation_file.__file__).with_name("README.md")

Route = tuple[str, str, Any]

FOUR = Tally(4, 4, (5,))

CALLER = "key:queue of IN"
"""Who made the webhooks: a key changes its own alone."""


@pytest.fixture
def fleet(rest: Rest) -> Iterator[Rest]:
    """Two branches, IN and OUT, with the same in each; webhooks 1 (of all), 2 (IN) and 3 (OUT)."""
    with writing():
        for code in ("IN", "OUT"):
            unit = places.add_unit(code, f"Unit {code}")
            counter = places.add_counter(f"{code}-1", f"Counter {code}-1", unit.id)
            places.add_terminal(f"t-{code.lower()}", None, 0, unit=unit.id)
            assert counter
    for code in ("IN", "OUT"):
        desk = Desk(f"d-{code.lower()}", f"{code}-1")
        desk.ticket(f"{code}-v", "closed", 0)
        desk.rate(f"{code}-v", MINUTE)
    tree = places.tree()
    with writing():
        for terminal in ("d-in", "d-out"):
            matters.open_matter(Found("fault", f"{terminal}:disk", terminal), NINE)
        for unit, counter in (("IN", 1), ("IN", 1), ("OUT", 2)):
            about = Subject(
                "day", tree.by_code(unit).id, counter, f"2026-11-1{CaseFile.select().count()}"
            )
            case_files.open_case(about, NINE, NINE)
        for code in ("IN", "IN", "OUT"):
            add_signal(code)
        for code in (None, "IN", "OUT"):
            node = None if code is None else tree.by_code(code)
            unit_id = None if node is None else node.id
            wish = Wish("https://queue.example/x", ("matter.opened",), unit_id, True, "")
            number, _ = webhooks.add(wish, NINE, CALLER)
            outbox.send("ping", {}, [number], NINE)
        for code in ("IN", "OUT"):
            top = tree.by_code(code)
            assert top is not None
            add_report(top.id, code)
    rest.now = NINE + 10 * MINUTE
    yield rest
    db.close()


def add_signal(code: str) -> None:
    """Open a sign of cheating at the counter of a branch."""
    counter = Counter.get(Counter.code == f"{code}-1").id
    second = Signal.select().count() == 1
    found = tallies(outside_hours=FOUR) if second else tallies(end_burst=FOUR)
    days = [(day, found) for day in ("2026-11-20", "2026-11-21")]
    signals.judge(counter, days, NINE, SAIGON)


def add_report(unit: int, code: str) -> None:
    """Keep a report of a branch."""
    wanted = kept_reports.Order(unit, code, "2026-10", ("csv",), "vi")
    held = kept_reports.one(kept_reports.order(wanted, actor=CALLER, now=NINE))
    assert held is not None
    assert kept_reports.keep(held, {"csv": b"served,1"}, "ab" * 32, NINE)


def routes(rest: Rest) -> list[Route]:
    """Return every route of the interface: method, path with its arguments open, view."""
    app = rest.client.application
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api.") or rule.rule.startswith("/metrics"):
            methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
            view = app.view_functions[rule.endpoint]
            found += [(method, rule.rule, view) for method in sorted(methods)]
    return found


def call(rest: Rest, key: str, route: Route, given: dict[str, object]) -> TestResponse:
    method, path, view = route
    for name, value in given.items():
        path = path.replace(f"<int:{name}>", str(value)).replace(f"<{name}>", str(value))
    assert "<" not in path, f"say in this test what {path} is called with"
    more = {"json": BODIES[view.__name__]} if view.__name__ in BODIES else {}
    return rest.call(method, path, headers={"Authorization": f"Bearer {key}"}, **more)


def scope_of(route: Route) -> ApiScope:
    """Return the scope that a route says it needs."""
    if route[1] == "/metrics":
        return "metrics:read"
    said = operation_of(route[2])
    assert said is not None, f"{route[0]} {route[1]} says no scope"
    return said.scope


ALONG = {
    "tickets:qr": {"tickets:write"},
    "choices:read": {"ratings:read"},
    "webhooks:write": {"matters:read"},
}
"""What a scope means nothing without: the webhooks here are of matters."""


def scopes(scope: str) -> set[str]:
    return {scope} | ALONG.get(scope, set())


def test_every_route_says_its_scope(fleet: Rest) -> None:
    adding = {"choices:read", "tickets:qr"}
    assert {scope_of(route) for route in routes(fleet)} == set(SCOPES) - adding


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_may_call_what_its_scope_is_for_and_nothing_else(
    fleet: Rest, scope: ApiScope
) -> None:
    key = new_key("queue of IN", scopes(scope))
    for route in sorted(routes(fleet), key=lambda one: one[0] == "DELETE"):
        answer = call(fleet, key, route, INSIDE)
        if scope_of(route) in scopes(scope):
            assert answer.status_code < 300, (route[:2], answer.text)
        else:
            assert answer.status_code == 403, (route[:2], answer.text)
            assert answer.json["type"].endswith("/problems/insufficient-scope")
            challenge = answer.headers["WWW-Authenticate"]
            assert f'error="insufficient_scope", scope="{scope_of(route)}"' in challenge


def test_without_a_key_no_route_is_answered(fleet: Rest) -> None:
    for method, path, _ in routes(fleet):
        path = path.replace("<code>", "IN-1").replace("<int:number>", "2")
        path = path.replace("<int:report>", "1").replace("<ending>", "csv")
        answer = fleet.client.open(path.replace("<int:delivery>", "2"), method=method)
        assert answer.status_code == 401, path


def test_what_lies_outside_of_a_keys_branch_is_not_there(fleet: Rest) -> None:
    key = new_key("queue of IN", unit="IN")
    for route in routes(fleet):
        if "<" in route[1]:
            outside = call(fleet, key, route, OUTSIDE)
            assert outside.status_code == 404, (route[:2], outside.text)
            assert outside.json["type"].endswith("/problems/not-found")
    for route in sorted(routes(fleet), key=lambda one: one[0] == "DELETE"):
        if "<" in route[1]:
            assert call(fleet, key, route, INSIDE).status_code < 300, route[:2]


def test_a_webhook_of_the_whole_fleet_is_not_there_for_a_branch(fleet: Rest) -> None:
    key = new_key("branch", unit="IN")
    route = next(one for one in routes(fleet) if one[1].endswith("/webhooks/<int:number>"))
    assert call(fleet, key, route, {"number": 1}).status_code == 404


def test_lists_hold_the_branch_alone(fleet: Rest) -> None:
    fleet.key = new_key("branch", unit="IN")

    def listed(path: str, name: str, field: str, **query: object) -> set[object]:
        answer = fleet.get(path, **query)
        assert answer.status_code == 200, answer.text
        return {row[field] for row in answer.json[name]}

    assert listed("/units", "units", "code") == {"IN"}
    assert listed("/counters", "counters", "code") == {"IN-1"}
    assert listed("/terminals", "terminals", "id") == {"t-in", "d-in"}
    assert listed("/ratings", "ratings", "counter") == {"IN-1"}
    assert listed("/matters", "matters", "terminal") == {"d-in"}
    assert listed("/cases", "cases", "unit") == {"IN"}
    assert listed("/signals", "signals", "unit") == {"IN"}
    assert listed("/webhooks", "webhooks", "id") == {2}
    assert listed("/reports", "reports", "unit") == {"IN"}
    assert listed("/counters/participation", "counters", "counter") == {"IN-1"}
    assert listed("/participation", "rows", "counter") == {"IN-1"}
    for path in (
        "/units", "/counters", "/terminals", "/ratings", "/matters", "/participation", "/cases",
        "/reports", "/signals",
    ):  # fmt: skip
        assert fleet.get(path, unit="OUT").status_code == 404, path
    for path in (
        "/ratings", "/participation", "/counters/participation", "/cases", "/signals",
    ):  # fmt: skip
        assert fleet.get(path, counter="OUT-1").status_code == 404, path


def test_a_key_of_a_branch_subscribes_for_its_branch(fleet: Rest) -> None:
    fleet.key = new_key("branch", unit="IN")
    made = fleet.call("POST", "/api/v1/webhooks", json=BODIES["add_webhook"])
    assert made.json["unit"] == "IN"
    outside = {**HOOK, "unit": "OUT"}
    del outside["version"]
    assert fleet.call("POST", "/api/v1/webhooks", json=outside).status_code == 404


@pytest.mark.parametrize("event", SUBSCRIBABLE)
def test_nobody_is_told_by_events_what_their_key_may_not_read(rest: Rest, event: Event) -> None:
    said = {"url": "https://a.example/", "events": [event]}
    for lacking in TELLS[event]:
        held = set(SCOPES) - {lacking} - ({"choices:read"} if lacking == "ratings:read" else set())
        rest.key = new_key(f"all but {lacking}", held)
        refused = rest.call("POST", "/api/v1/webhooks", json=said)
        assert refused.status_code == 403
        assert lacking in refused.json["detail"]
    rest.key = new_key("enough", {"webhooks:write", "ratings:read", *TELLS[event]})
    assert rest.call("POST", "/api/v1/webhooks", json=said).status_code == 201


def test_no_key_fills_the_places_that_are_kept_for_people(rest: Rest) -> None:
    said = {"url": "https://a.example/", "events": ["matter.opened"]}
    for _ in range(MOST - FOR_PEOPLE):
        assert rest.call("POST", "/api/v1/webhooks", json=said).status_code == 201
    assert rest.call("POST", "/api/v1/webhooks", json=said).status_code == 409
    with writing():
        for number in range(FOR_PEOPLE):
            wish = Wish(f"https://a.example/{number}", ("matter.opened",), None, True, "")
            webhooks.add(wish, NINE, "person:an@x.vn")


def test_figures_of_the_whole_fleet_are_for_no_branch() -> None:
    assert {"metrics:read"} == WHOLE_ONLY


def test_a_key_makes_so_many_webhooks_and_no_more(rest: Rest) -> None:
    with writing():
        units = [places.add_unit(f"U{number}", f"Unit {number}") for number in range(MOST + 1)]
    said = {"url": "https://a.example/", "events": ["matter.opened"]}
    for unit in units[:MOST]:
        made = rest.call("POST", "/api/v1/webhooks", json={**said, "unit": unit.code})
        assert made.status_code == 201
    more = rest.call("POST", "/api/v1/webhooks", json={**said, "unit": units[MOST].code})
    assert (more.status_code, more.content_type) == (409, "application/problem+json")
    assert more.json["detail"].startswith("this API key has 20 subscriptions already")


def test_a_branch_takes_so_many_webhooks_and_no_more_whoever_makes_them(rest: Rest) -> None:
    with writing():
        for number in range(MOST):
            wish = Wish(f"https://a.example/{number}", ("matter.opened",), None, True, "")
            webhooks.add(wish, NINE, "person:an@x.vn")
        elsewhere = places.add_unit("ELSEWHERE", "Unit")
    said = {"url": "https://a.example/", "events": ["matter.opened"]}
    more = rest.call("POST", "/api/v1/webhooks", json=said)
    assert more.status_code == 409
    assert more.json["detail"].startswith("this branch has 15 subscriptions or more already")
    made = rest.call("POST", "/api/v1/webhooks", json={**said, "unit": elsewhere.code}).json
    moved = rest.call(
        "PUT", f"/api/v1/webhooks/{made['id']}", json={**said, "version": 1, "unit": None}
    )
    assert moved.status_code == 409
    stays = {**said, "version": 1, "unit": elsewhere.code}
    assert rest.call("PUT", f"/api/v1/webhooks/{made['id']}", json=stays).status_code == 200


def test_the_guide_says_which_scope_each_event_needs() -> None:
    rows = [line.split("|") for line in GUIDE.read_text("utf-8").splitlines() if line[:1] == "|"]
    said = {
        event: frozenset(re.findall(r"`([a-z]+:[a-z]+)`", row[3]))
        for row in rows
        if len(row) == 5
        for event in re.findall(r"`([a-z]+(?:\.[a-z_]+)?)`", row[2])
        if event in TELLS
    }
    assert said == TELLS
