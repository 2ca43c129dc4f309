"""Errors as problem details (RFC 9457): one clear sentence, the fields that are wrong, no trace.

The ``type`` of each leads to a page of ours that explains it (`reference/`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

from flask import Response

from fleet_server.web.services import services

TYPE = "application/problem+json"
PATH = "/api/v1/problems/"

TITLES: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request is malformed"),
    "unauthorised": (401, "No valid API key"),
    "insufficient-scope": (403, "The API key may not do this"),
    "not-found": (404, "There is no such thing"),
    "method-not-allowed": (405, "This can't be done there"),
    "conflict": (409, "It does not fit what is held"),
    "too-large": (413, "The body is too long"),
    "address-too-long": (414, "The address is too long"),
    "unsupported-media-type": (415, "The body is not JSON"),
    "invalid": (422, "A field is wrong"),
    "key-reused": (422, "The Idempotency-Key was used before"),
    "rate-limited": (429, "Too many requests"),
    "headers-too-long": (431, "The headers are too long"),
    "fault": (500, "Something went wrong in the server"),
    "unavailable": (503, "The server is busy"),
}
"""Every kind of problem with its status and title."""

_BY_STATUS = {status: name for name, (status, _) in reversed(TITLES.items())}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something wrong in a request.

    Attributes:
        place: ``body``, ``query``, ``path`` or ``header``.
        name: in a body the path to the field, with slashes; else the name.
        message: what is wrong with it.
    """

    place: str
    name: str
    message: str

    def told(self) -> dict[str, str]:
        """Return it as it is answered."""
        if self.place == "body":
            return {"pointer": f"#/{self.name}" if self.name else "#", "detail": self.message}
        return {"parameter": self.name, "in": self.place, "detail": self.message}


class Problem(Exception):
    """A request that can't be answered as it stands.

    Attributes:
        status: HTTP status.
        detail: What is wrong and what to do.
        headers: Headers that go with it.
        kind: one of `TITLES`, by default the first of its status.
        errors: the fields that are wrong.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        headers: Mapping[str, str] | None = None,
        kind: str | None = None,
        errors: Sequence[Wrong] = (),
    ) -> None:
        """Say what is wrong."""
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})
        self.kind, self.errors = kind, tuple(errors)


def wrong(place: str, name: str, message: str) -> Problem:
    """Return the problem of one wrong field."""
    return Problem(422, f"{name}: {message}", errors=[Wrong(place, name, message)])


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    kind: str | None = None,
    errors: Sequence[Wrong] = (),
) -> Response:
    """Return the answer for an error.

    Args:
        status: HTTP status.
        detail: One sentence for the person who reads the other program's log.
        headers: More headers.
        kind: one of `TITLES`, by default the first of its status.
        errors: What is wrong, field by field.
    """
    name = kind or _BY_STATUS.get(status)
    body: dict[str, object] = {
        "type": f"{services().settings.web.url}{PATH}{name}" if name else "about:blank",
        "title": TITLES[name][1] if name else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{uuid4()}",
    }
    if errors:
        body["errors"] = [one.told() for one in errors]
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=TYPE)
    response.headers.extend({**(headers or {}), "Cache-Control": "no-store"})
    return response


_PLACES = {"json": "body", "query": "query", "headers": "header", "path": "path"}


def flatten(messages: object) -> list[Wrong]:
    """Return a validator's nested messages, field by field."""
    if not isinstance(messages, Mapping):
        return []
    return [
        Wrong(_PLACES.get(str(location), "body"), name, message)
        for location, inner in messages.items()
        for name, message in _flat(inner, "")
    ]


def _flat(messages: object, path: str) -> list[tuple[str, str]]:
    if isinstance(messages, Mapping):
        inner = messages.items()
        return [pair for name, more in inner for pair in _flat(more, _join(path, str(name)))]
    listed = messages if isinstance(messages, list) else [messages]
    return [(path, str(message).rstrip(".")) for message in listed]


def _join(path: str, name: str) -> str:
    if name == "_schema":
        return path
    escaped = name.replace("~", "~0").replace("/", "~1")[:64]  # RFC 6901
    return f"{path}/{escaped}" if path else escaped
