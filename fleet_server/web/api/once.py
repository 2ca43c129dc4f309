"""``Idempotency-Key``: the same request again gets the same answer, and is done once.

As draft-ietf-httpapi-idempotency-key-header says, with one difference for the better: where the
first request is still at work, the second waits for its answer instead of being refused.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask import request

from fleet_server.store import idempotency
from fleet_server.store.database import writing
from fleet_server.web.api.guard import caller
from fleet_server.web.api.problems import Problem, Wrong
from fleet_server.web.services import services

HEADER = "Idempotency-Key"
LONGEST_KEY = 255


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the answer's body before its schema, status, and where the new thing is."""

    body: dict[str, Any]
    status: int = 200
    location: str | None = None


def once(work: Callable[[], Done]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Do the work of a request in one write transaction, if it was not done before.

    What the request can't do it must refuse by raising: then nothing is kept, the key neither.

    Raises:
        Problem: the key is malformed (400), or was used for another request (422).
    """
    asked = _asked()
    with writing():
        held = None if asked is None else _answered(asked)
        if held is not None:
            return _answer(Done(json.loads(held.body), held.status, held.location))
        done = work()
        if asked is not None:
            kept = idempotency.Answer(done.status, json.dumps(done.body), done.location)
            idempotency.remember(asked, kept, services().clock())
    return _answer(done)


def _answer(done: Done) -> tuple[dict[str, Any], int, dict[str, str]]:
    return done.body, done.status, {"Location": done.location} if done.location else {}


def _answered(asked: idempotency.Request) -> idempotency.Answer | None:
    try:
        return idempotency.answered(asked)
    except idempotency.ReusedError:
        message = "was used for another request; take a new one"
        raise Problem(
            422,
            f"{HEADER}: {message}",
            kind="key-reused",
            errors=[Wrong("header", HEADER, message)],
        ) from None


def _asked() -> idempotency.Request | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isprintable()):
        message = f"must have 1 to {LONGEST_KEY} printable characters"
        raise Problem(400, f"{HEADER}: {message}", errors=[Wrong("header", HEADER, message)])
    body = request.get_json(silent=True) if request.get_data(cache=True) else None
    told = json.dumps([request.method, request.path, body], sort_keys=True)
    return idempotency.Request(caller().id, _digest(key), _digest(told))


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
