"""A fleet with a filled database and people of both roles; each test gets a copy."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fleet_server.app import create_app
from fleet_server.core.roles import ROLES
from fleet_server.store import database
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.fakes import databases, hashing
from tests.fakes.fleets import new_fleet
from tests.fakes.office import NOW, Office
from tests.fakes.reading import token
from tests.fakes.wait import eventually

PASSWORD = "correct horse battery"
PEOPLE = {role: f"{role}@hailong.example" for role in ROLES}
"""Somebody of each role, in the whole fleet."""


@dataclass
class Site:
    """The pages, a clock that tests move, and a browser without JavaScript."""

    app: APIFlask
    now: int = NOW
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, who: str) -> FlaskClient:
        """Return a browser in which somebody is signed in, by role, or nobody."""
        if who not in self.clients:
            self.clients[who] = self.app.test_client()
            if who in PEOPLE:
                answer = sign_in(self.clients[who], PEOPLE[who])
                assert answer.status_code == 302, answer.text
        return self.clients[who]

    def get(self, path: str, who: str = "viewer", **more: Any) -> TestResponse:
        """Open a page."""
        return self.client(who).get(path, **more)

    def post(self, path: str, who: str = "viewer", **form: str | list[str]) -> TestResponse:
        """Send a form with its token."""
        return self.client(who).post(path, data={"csrf_token": token(self.client(who)), **form})


def in_english(site: Site, path: str, who: str = "viewer") -> str:
    """Return a page in English."""
    site.post("/language", who, language="en")
    return site.get(path, who).text


def opened(site: Site, path: str, who: str = "administrator") -> dict[str, str]:
    """Open a form and return what it holds, as a browser would send it."""
    page = site.get(path, who).text
    main = page[page.index("<main") :]
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', main))
    found |= {
        name: value
        for name, body in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', main, re.S)
        for value in re.findall(r'<option selected value="([^"]*)"', body)[:1]
    }
    found.pop("csrf_token", None)
    return {name: unescape(value) for name, value in found.items()}


def sent(site: Site, path: str, who: str = "administrator", **changes: str) -> TestResponse:
    """Open a form, change some of it, and send it."""
    return site.post(path, who, **(opened(site, path, who) | changes))


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD) -> TestResponse:
    """Send the sign-in form."""
    form = {"email": email, "password": password, "csrf_token": token(client, "/login")}
    return client.post("/login", data=form)


@pytest.fixture(autouse=True, scope="session")
def quick_hashing() -> Iterator[None]:
    """These tests sign in hundreds of times."""
    with hashing.cheap():
        yield


@pytest.fixture(autouse=True)
def no_feed_outlives_the_test() -> Iterator[None]:
    """A feed that is left running would read whatever database the next test opens."""
    yield
    eventually(
        lambda: "change-feed" not in {one.name for one in enumerate_threads()}, 10, "no feed"
    )


@pytest.fixture(scope="session")
def office_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a function that returns a fleet directory with the office in its database."""

    def make() -> Path:
        return _with_people(tmp_path_factory.mktemp("office") / "fleet", Office().fill)

    return databases.once_for_each(make)


@pytest.fixture
def office_template(engine: str, office_templates: Callable[[], Path]) -> Path:
    """A fleet directory with the office in its database."""
    return office_templates()


def _with_people(directory: Path, fill: Callable[[], None] = lambda: None) -> Path:
    app = create_app(new_fleet(directory))
    with app.app_context():
        for role, email in PEOPLE.items():
            add_user(email, hashed(PASSWORD), role, NOW, actor="server")
    fill()
    database.close()
    return directory


def open_site(template: Path, target: Path) -> Site:
    """Copy a fleet and build its app, with errors answered as in production."""
    site: Site
    app = create_app(databases.copied_fleet(template, target), lambda: site.now)
    site = Site(app)
    return site


@pytest.fixture
def site(office_template: Path, tmp_path: Path) -> Iterator[Site]:
    """The pages of the office."""
    yield open_site(office_template, tmp_path / "fleet")
    database.close()


@pytest.fixture(scope="session")
def empty_templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Give a function that returns a fleet directory with people and nothing else."""
    return databases.once_for_each(lambda: _with_people(tmp_path_factory.mktemp("empty") / "fleet"))


@pytest.fixture
def empty_template(engine: str, empty_templates: Callable[[], Path]) -> Path:
    """A fleet directory with people and nothing else."""
    return empty_templates()


@pytest.fixture
def empty_site(empty_template: Path, tmp_path: Path) -> Iterator[Site]:
    """The pages of a fleet in which there is nothing yet."""
    yield open_site(empty_template, tmp_path / "fleet")
    database.close()
