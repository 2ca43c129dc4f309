"""What the endpoint answers: a visit, or problem details (RFC 9457) with one clear sentence."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from device.core.told import Verdict, Word

RETRY_S = "5"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Attributes:
        status: HTTP status.
        body: JSON, empty for none.
        kind: Its media type.
        headers: More headers.
    """

    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """A request that can't be answered as it stands.

    Attributes:
        status: HTTP status.
        headers: Headers that go with it.
    """

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        """Say what is wrong and what to do."""
        super().__init__(detail)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> Answer:
        """Return it as an answer."""
        body = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": str(self),
        }
        kind = "application/problem+json"
        return Answer(self.status, json.dumps(body).encode(), kind, self.headers)


def answer_of(word: Word, verdict: Verdict | None) -> Answer:
    """Return the answer for a word; None: the terminal could not store it in time.

    Raises:
        Problem: Nothing of the word was stored.
    """
    if verdict is None or verdict.why == "unkept":
        raise Problem(503, "the terminal can't store this now; tell it again", Retry_After=RETRY_S)
    if verdict.why == "unknown":
        raise Problem(
            404, f"ticket: {word.ticket} was not called here; call it first, or give its visit"
        )
    if verdict.why == "conflict":
        raise Problem(409, f"visit: {word.visit} has another ticket; take a new visit id")
    if verdict.why == "off":
        raise Problem(403, "this terminal is set not to hear the local queue system")
    visit = verdict.visit or word.visit or word.fresh
    # Late: it is known and done with, since a newer ticket is being served.
    status = 202 if verdict.why == "late" else 200
    return Answer(status, json.dumps({"visit": visit}).encode())
