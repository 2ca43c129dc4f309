"""Errors as problem details (RFC 9457): one clear sentence, the fields that are wrong, no trace."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response

TYPE = "application/problem+json"


class Problem(Exception):
    """A request that can't be answered as it stands.

    Attributes:
        status: HTTP status.
        detail: What is wrong and what to do.
        headers: Headers that go with it.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        """Say what is wrong."""
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, dict(headers or {})


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> Response:
    """Return the answer for an error.

    Args:
        status: HTTP status.
        detail: One sentence for the person who reads the other program's log.
        headers: More headers.
        errors: Pairs of a field's name and what is wrong with it.
    """
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = [{"field": field, "message": message} for field, message in errors]
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type=TYPE)
    response.headers.extend({**(headers or {}), "Cache-Control": "no-store"})
    return response


def flatten(messages: object, path: str = "") -> list[tuple[str, str]]:
    """Return a validator's nested messages as pairs of field and message."""
    if isinstance(messages, Mapping):
        inner = messages.items()
        return [pair for name, more in inner for pair in flatten(more, _join(path, str(name)))]
    listed = messages if isinstance(messages, list) else [messages]
    return [(path, str(message).rstrip(".")) for message in listed]


def _join(path: str, name: str) -> str:
    if name in ("_schema", "json", "query"):
        return path
    return f"{path}.{name}" if path else name
