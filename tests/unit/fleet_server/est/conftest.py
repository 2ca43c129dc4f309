"""The enrolment application with one invited terminal."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fleet_server.cli import main
from fleet_server.est.app import create_est_app
from fleet_server.settings import Settings
from fleet_server.store import database
from tests.fakes.fleets import new_counter, new_fleet
from wire.enrolment import load_toml

PKCS10 = "application/pkcs10"
BASE = "/.well-known/est"


class Est:
    """Asks the application as a terminal would."""

    def __init__(self, fleet: Settings, client: FlaskClient) -> None:
        self.fleet, self.client = fleet, client

    def invite(self, terminal: str = "t-1", *more: str) -> str:
        """Invite a terminal and return its token."""
        words = ["terminal", "add", "--id", terminal, "--counter", "Q1", *more]
        assert main([*words, "--config", str(self.fleet.path)]) == 0
        database.open_database(self.fleet.database.url)
        token = load_toml(self.fleet.layout.enrolment_file(terminal).read_text()).token
        assert token
        return token

    def enrol(
        self, body: bytes, token: str, terminal: str = "t-1", kind: str = PKCS10
    ) -> TestResponse:
        """Ask for a first certificate."""
        return self.client.post(
            f"{BASE}/simpleenroll", data=body, auth=(terminal, token), content_type=kind
        )


@pytest.fixture
def est(engine: str, tmp_path: Path) -> Iterator[Est]:
    """The application of a new fleet."""
    fleet = new_fleet(tmp_path / "fleet")
    new_counter(fleet)
    yield Est(fleet, create_est_app(fleet).test_client())
    database.close()
