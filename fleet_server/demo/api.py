"""A small client of the public REST API, as a queue system would write one."""

import json
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode

from fleet_server.errors import FleetError

TIMEOUT_S = 10.0


class ApiError(FleetError):
    """The server could not be reached, or refused."""


class Api:
    """Calls the server with an API key; every call is a connection of its own.

    Args:
        port: loopback port of the pages.
        key: API key.
    """

    def __init__(self, port: int, key: str = "") -> None:
        self._port = port
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Send a request and return the answer's JSON.

        Raises:
            ApiError: no answer, or one that is not 2xx.
        """
        data = None if body is None else json.dumps(body)
        headers = self._headers | ({"Content-Type": "application/json"} if data else {})
        connection = HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
        except (OSError, HTTPException) as error:
            raise ApiError(f"{method} {path}: {error}") from None
        finally:
            connection.close()
        if not 200 <= answer.status < 300:
            raise ApiError(f"{method} {path}: {answer.status} {text[:300]}")
        return json.loads(text) if text.startswith(("{", "[")) else text

    def is_ready(self) -> bool:
        """Say whether the server answers that it is ready."""
        try:
            self.call("GET", "/readyz")
        except ApiError:
            return False
        return True

    def ticket(self, counter: str, ticket: str, event: str, **more: str) -> str:
        """Report what happened to a ticket, and return the visit's id."""
        body = {"ticket": ticket, "event": event, **more}
        answer = self.call("POST", f"/api/v1/counters/{quote(counter)}/tickets", body)
        return str(answer["visit"])

    def get(self, path: str, **query: object) -> Any:
        """Read a list of the API."""
        words = urlencode({name: value for name, value in query.items() if value is not None})
        return self.call("GET", f"/api/v1/{path}" + (f"?{words}" if words else ""))
