"""Answers to requests that carried an ``Idempotency-Key``, so that the same again gets the same.

The look and the answer are in the transaction that does the work: of two requests with one key at
the same time, the second waits for the first and gets its answer.
"""

from dataclasses import dataclass

from fleet_server.store.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class Request:
    """A request, told from others.

    Attributes:
        api_key: row of the API key that asks.
        key_sha256: of its ``Idempotency-Key``.
        request_sha256: of method, path and body.
    """

    api_key: int
    key_sha256: str
    request_sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request was answered; ``body`` is JSON, or nothing."""

    status: int
    body: str
    location: str | None = None


class ReusedError(Exception):
    """The key was used for another request."""


def answered(request: Request) -> Answer | None:
    """Return what a request was answered before, or None. In a write transaction.

    Raises:
        ReusedError: its key was used for another request.
    """
    row = IdempotencyKey.get_or_none(
        IdempotencyKey.api_key == request.api_key, IdempotencyKey.key_sha256 == request.key_sha256
    )
    if row is None:
        return None
    if row.request_sha256 != request.request_sha256:
        raise ReusedError
    return Answer(row.status, row.body, row.location)


def remember(request: Request, answer: Answer, now_ms: int) -> None:
    """Keep an answer until retention erases it (``requests``). In a write transaction."""
    IdempotencyKey.insert(
        api_key=request.api_key,
        key_sha256=request.key_sha256,
        request_sha256=request.request_sha256,
        status=answer.status,
        body=answer.body,
        location=answer.location,
        created_at=now_ms,
    ).execute()
