from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fleet_server.app import create_app
from fleet_server.store import database as db
from fleet_server.store import places
from tests.fakes import databases
from tests.fakes.desk import NINE, add_counter
from tests.fakes.fleets import new_fleet
from tests.fakes.keys import new_key


@dataclass
class Rest:
    """A queue system's view of the server, with a clock that tests move."""

    client: FlaskClient
    key: str
    url: str
    now: int = NINE
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.key}", **self.headers, **more.pop("headers", {})}
        answer = self.client.open(path, method=method, headers=headers, **more)
        db.proxy.obj.connect(reuse_if_open=True)
        return answer

    def get(self, path: str, **query: object) -> TestResponse:
        return self.call("GET", f"/api/v1{path}", query_string=query)

    def post(self, body: object, counter: str = "C1", **more: Any) -> TestResponse:
        return self.call("POST", f"/api/v1/counters/{counter}/tickets", json=body, **more)

    def tell(self, event: str, ticket: str = "A017", counter: str = "C1", **more: object) -> str:
        """Tell something that must be taken, and return the visit."""
        answer = self.post({"ticket": ticket, "event": event, **more}, counter)
        assert answer.status_code == 200, answer.text
        assert answer.is_json
        return str(answer.json["visit"])


@pytest.fixture(scope="session")
def fleet_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a function that returns a fleet directory with a database of the present engine."""
    return databases.once_for_each(lambda: _template(tmp_path_factory))


@pytest.fixture
def fleet_template(engine: str, fleet_templates: Callable[[], Path]) -> Path:
    return fleet_templates()


def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("fleet") / "fleet"
    new_fleet(directory)
    db.close()
    return directory


@pytest.fixture
def rest(fleet_template: Path, tmp_path: Path) -> Iterator[Rest]:
    """The app of a fleet with counters C1 and C2, each with a terminal, and an API key."""
    directory = tmp_path / "fleet"
    held = databases.copied_fleet(fleet_template, directory)
    rest = Rest(None, "", held.database.url)  # type: ignore[arg-type]
    app = create_app(held, lambda: rest.now)
    rest.client = app.test_client()
    for number in (1, 2):
        counter = add_counter(f"C{number}")
        places.add_terminal(f"t-{number}", counter.id, 0)
    rest.key = new_key()
    yield rest
    db.close()
