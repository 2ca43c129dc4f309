"""Any bytes sent to the REST interface are taken, or refused with one error; nothing changes."""

import shutil
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from fleet_server.app import create_app
from fleet_server.store import database as db
from fleet_server.store import places
from tests.fakes import databases
from tests.fakes.databases import Look
from tests.fakes.desk import NINE, add_counter
from tests.fakes.fleets import new_fleet
from tests.fakes.keys import new_key
from wire.rfc3339 import parse_time

TABLES = ("visit", "ticket_event", "dossier", "downlink", "change", "hourly", "idempotency_key")
TEXT = st.text(max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
NEARLY_RIGHT = st.fixed_dictionaries(
    {
        "ticket": st.sampled_from(["A017", "a-17", "", "\u202eA", 17, None]) | TEXT,
        "event": st.sampled_from(["called", "recalled", "closed", "no_show", "transferred", "x"]),
    },
    optional={
        "visit": st.sampled_from(["v1", "v 1", None, "v1@C2"]) | TEXT,
        "at": st.sampled_from(["2026-11-22T09:00:00+07:00", "2026-11-22", "", 5, None]) | TEXT,
        "dossier": SCALARS,
        "service": SCALARS,
        "other": SCALARS,
    },
)


class Server:
    """One app and a look at its tables."""

    def __init__(self, client: FlaskClient, key: str, look: Look) -> None:
        """Look at the database beside the app."""
        self.client = client
        self.headers = {"Authorization": f"Bearer {key}"}
        self._look = look

    def rows(self) -> list[list[tuple[object, ...]]]:
        return [self._look.ask(f"SELECT * FROM {name} ORDER BY 1, 2") for name in TABLES]


@pytest.fixture(scope="module")
def server(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("rest") / "fleet"
    held = new_fleet(directory)
    app = create_app(held, lambda: NINE)
    places.add_terminal("t-1", add_counter("C1").id, 0)
    add_counter("C2")
    key = new_key()
    with databases.looked_at(held.database.url) as look:
        yield Server(app.test_client(), key, look)
    db.close()
    shutil.rmtree(directory)


def check(server: Server, method: str, path: str, **more: object) -> None:
    before = server.rows()
    answer = server.client.open(path, method=method, headers=server.headers, **more)  # type: ignore[arg-type]
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        assert answer.json is not None
        assert answer.json["detail"]
        assert server.rows() == before
    elif method == "POST":
        assert answer.json is not None
        assert answer.json["visit"]


@settings(max_examples=80, deadline=None)
@given(body=NEARLY_RIGHT | JSON, counter=st.sampled_from(["C1", "C2"]))
def test_any_json_is_taken_or_refused(server: Server, body: object, counter: str) -> None:
    check(server, "POST", f"/api/v1/counters/{counter}/tickets", json=body)


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/plain", ""]))
def test_any_bytes_are_refused(server: Server, body: bytes, kind: str) -> None:
    check(server, "POST", "/api/v1/counters/C1/tickets", data=body, content_type=kind)


@settings(max_examples=40, deadline=None)
@given(
    code=st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40),
    key=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=300),
)
def test_any_counter_and_idempotency_key_is_answered(server: Server, code: str, key: str) -> None:
    from urllib.parse import quote

    before = server.rows()
    answer = server.client.post(
        f"/api/v1/counters/{quote(code, safe='')}/tickets",
        json={"ticket": "A1", "event": "closed"},
        headers={**server.headers, "Idempotency-Key": key},
    )
    assert 300 <= answer.status_code < 500  # doubled slashes are put right by a redirect
    assert server.rows() == before


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["ratings", "counters/participation", "matters", "terminals"]),
    query=st.dictionaries(
        st.sampled_from(["cursor", "limit", "from", "to", "closed", "x"]),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
        | st.sampled_from(["2026-11-22", "9999-12-31", "0001-01-01", "1970-01-01", "0", "-1"])
        | st.integers().map(str),
        max_size=3,
    ),
)
def test_any_query_is_answered_or_refused(server: Server, path: str, query: dict[str, str]) -> None:
    check(server, "GET", f"/api/v1/{path}", query_string=query)


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        at = parse_time(text)
    except ValueError as error:
        assert "2026-11-22T09:00:00+07:00" in str(error)  # noqa: PT017
    else:
        assert isinstance(at, int)


@settings(max_examples=30, deadline=None)
@given(value=st.text(st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=60))
def test_any_other_key_is_refused(server: Server, value: str) -> None:
    answer = server.client.get("/api/v1/terminals", headers={"Authorization": value})
    assert answer.status_code == 401
