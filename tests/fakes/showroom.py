"""The pages of the office behind a real port, with a clock that stands still."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import IO, TYPE_CHECKING

from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from fleet_server.app import create_app
from fleet_server.core.roles import ROLES
from fleet_server.store import database
from fleet_server.store.users import add_user
from fleet_server.web.signin import hashed
from tests.fakes.fleets import new_fleet
from tests.fakes.gallery import add_gallery
from tests.fakes.office import NOW, Office
from tests.fakes.reading import token

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PASSWORD = "correct horse battery"
PEOPLE = {role: f"{role}@hailong.example" for role in ROLES}
"""Somebody of each role, in the whole fleet."""


@dataclass
class Showroom:
    """The pages, for browsers and for clients without one.

    Attributes:
        app: with the gallery added.
        url: where a browser finds it.
        held: the cookie of each session.
        database: the address of what they show.
    """

    app: APIFlask
    url: str
    database: str
    held: dict[tuple[str, str], str] = field(default_factory=dict)

    def client(self, who: str, language: str = "vi") -> FlaskClient:
        """Return a client in which somebody is signed in and has chosen a language."""
        client = self.app.test_client()
        if who in PEOPLE:
            form = {"email": PEOPLE[who], "password": PASSWORD, "csrf_token": token(client)}
            assert client.post("/login", data=form).status_code == 302
        client.post("/language", data={"language": language, "csrf_token": token(client)})
        return client

    def cookies(self, who: str, language: str = "vi") -> list[dict[str, str]]:
        """Return the same for a browser: one session for each, whoever asks."""
        if (who, language) not in self.held:
            cookie = self.client(who, language).get_cookie("hailong")
            assert cookie is not None
            self.held[who, language] = cookie.value
        return [{"name": "hailong", "value": self.held[who, language], "url": self.url}]


def files_read_at_once(app: WSGIApplication) -> WSGIApplication:
    """Let an answer hold a file's bytes, not the file (PEP 3333, wsgi.file_wrapper).

    Werkzeug's server doesn't close the answer of a browser that leaves while it is sent.
    """

    def read(file: IO[bytes], _size: int) -> list[bytes]:
        with file:
            return [file.read()]

    def call(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return app({**environ, "wsgi.file_wrapper": read}, start)

    return call


@contextmanager
def showroom(directory: Path) -> Iterator[Showroom]:
    """Fill a fleet with the office, and serve its pages until the end."""
    fleet = new_fleet(directory)
    app = create_app(fleet, lambda: NOW)
    add_gallery(app)
    with app.app_context():
        for role, email in PEOPLE.items():
            add_user(email, hashed(PASSWORD), role, NOW, actor="test")
    Office().fill()
    with serving(app) as url:
        yield Showroom(app, url, fleet.database.url)


@contextmanager
def serving(app: APIFlask) -> Iterator[str]:
    """Serve pages at a real port, and close their database at the end; give the address."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # a line for each request helps nobody
    server = make_server("127.0.0.1", 0, files_read_at_once(app), threaded=True)
    thread = Thread(target=server.serve_forever, name="showroom")
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database.close()
